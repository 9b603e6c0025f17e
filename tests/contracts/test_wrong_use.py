"""The command, used wrongly: one clear line, and exit code 2. What else is wrong: `test_sites`."""

from __future__ import annotations

import pytest

from port_fake.delivery.receiver import ScriptedAnswer
from tests.support.foreign import asking, told
from tests.support.recording import Seen, recording

pytestmark = pytest.mark.slow  # every one is a process

KEYS = {"PORT_CLIENT_ID": "me", "PORT_CLIENT_SECRET": "pa55word-of-mine"}


def strange(seen: Seen) -> ScriptedAnswer:
    """Answer as a server does that knows nobody."""
    return ScriptedAnswer.of(401 if seen.method == "POST" else 404, body=seen.body)


@pytest.mark.parametrize(
    ("arguments", "variables", "own", "words"),
    [
        ([], {}, True, "set PORT_CLIENT_ID and PORT_CLIENT_SECRET"),
        ([], KEYS, False, "--i-own-this-organisation"),
        (["--properties", "{"], KEYS, True, "not JSON"),
        ([], KEYS, True, "the credentials are refused"),
    ],
)
def test_wrong_use_is_told_in_one_line(
    arguments: list[str], variables: dict[str, str], *, own: bool, words: str
) -> None:
    with recording(strange) as server:
        given = {"PORT_CLIENT_ID": "", "PORT_CLIENT_SECRET": "", **variables}
        process = asking(server.url, *arguments, variables=given, own=own)
        code, output, complaints = told(process)

        assert (code, output) == (2, "")
        assert words in complaints
        assert len(complaints.strip().splitlines()) == 1
        assert "pa55word" not in complaints
        assert all(one.is_read_only for one in server.seen)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("http://me:pa55word@localhost", "must not hold credentials"),
    ],
)
def test_an_address_that_cannot_be_asked_is_told_in_one_line(target: str, words: str) -> None:
    code, output, complaints = told(asking(target, variables=KEYS))

    assert (code, output) == (2, "")
    assert words in complaints
    assert len(complaints.strip().splitlines()) == 1
    assert "pa55word" not in complaints
