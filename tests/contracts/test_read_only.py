"""A run at somebody's own organisation: what leaves the process, and what it lets be seen."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from port_fake import FakePort
from port_fake.contracts.proxy import Answered, Asked, Forward, Headers
from tests.cli.processes import environment
from tests.support.foreign import asking, credentials_of, foreign, told
from tests.support.furniture import add_actions, add_catalog, add_people
from tests.support.recording import Seen

pytestmark = pytest.mark.slow  # asks all questions

PLANTED = {
    "GITHUB_TOKEN": "ghp_PlantedForTheReports0123456789",
    "PORT_TOKEN": 'planted"with\\quotes/and+more&0123',
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "DATABASE_PASSWORD": "correct horse battery staple",
}
LISTENING_IN = """
import sys


def heard(event, arguments):
    if event == "socket.connect":
        with open({log!r}, "a") as log:
            print(*arguments[1], file=log)


sys.addaudithook(heard)
"""
FILES = ("html", "junit", "json")


@dataclass
class Run:
    """A run that has ended: what came, what was let out, and the secrets there were."""

    seen: list[Seen]
    code: int
    shown: dict[str, str]
    called: set[str]
    address: str
    secrets: dict[str, str]
    port: FakePort


def echoing(secrets: dict[str, str], headers: Headers) -> bytes:
    """Return an error that says all that it knows, in every way that servers have."""
    shown = [value for name, value in headers if name.lower() == "authorization"]
    known = [*shown, *secrets.values()]
    pair = f"{secrets['PORT_CLIENT_ID']}:{secrets['PORT_CLIENT_SECRET']}"
    said = {
        "ok": False,
        "error": "unexpected",
        "message": " ".join(known),
        "addresses": [quote(one, safe="") for one in known],
        "basic": "Basic " + b64encode(pair.encode()).decode(),
        "quoted": json.dumps(known),
        "page": f"<p>{secrets['PORT_TOKEN'].replace('&', '&amp;')}</p>",
    }
    return json.dumps(said).encode()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The command, asking all it may of an organisation that echoes whatever it is told."""
    folder = tmp_path_factory.mktemp("reports")
    log = folder / "connections"
    (folder / "sitecustomize.py").write_text(LISTENING_IN.format(log=str(log)))
    path = os.pathsep.join([str(folder), environment()["PYTHONPATH"]])
    seen: list[Seen] = []
    with FakePort() as port:
        add_people(port)
        add_catalog(port)
        add_actions(port)
        port.execute("restart", {"reason": "slow"}, entity="checkout")
        secrets = {**credentials_of(port), **PLANTED}

        async def between(asked: Asked, forward: Forward) -> Answered:
            seen.append(Seen(asked.method, asked.target, asked.headers, asked.body))
            answered = await forward(asked)
            if asked.method == "GET" and len(seen) % 2:
                return Answered(500, answered.headers, echoing(secrets, asked.headers))
            if asked.method == "POST":
                secrets[f"token-{len(seen)}"] = json.loads(answered.body)["accessToken"]
            return answered

        with foreign(port, between) as target:
            target_url = target.base_url
            files = [f"--{kind}={folder / kind}" for kind in FILES]
            files += ["--max-time", "25"]  # enough for all, on a machine that does nothing else
            variables = {**secrets, "PYTHONPATH": path}
            code, output, complaints = told(asking(target.base_url, *files, variables=variables))
        shown = {kind: (folder / kind).read_text(encoding="utf-8") for kind in FILES}
        shown |= {"output": output, "complaints": complaints}
        del secrets["PORT_CLIENT_ID"]
        called = set(log.read_text().splitlines())
        address = target_url.removeprefix("http://").replace(":", " ")
        yield Run(seen, code, shown, called, address, secrets, port)


def test_nothing_but_get_and_the_log_in_arrived(run: Run) -> None:
    assert run.seen
    assert [one for one in run.seen if not one.is_read_only] == []
    assert {one.method for one in run.seen} == {"GET", "POST"}


def test_no_header_made_a_request_another_one(run: Run) -> None:
    names = {name.lower() for one in run.seen for name, _ in one.headers}

    assert names <= {
        *("accept", "accept-encoding", "accept-language", "authorization", "content-type"),
        *("if-modified-since", "if-none-match", "origin", "user-agent"),
        "x-schemathesis-testcaseid",
    }


def test_nobody_else_was_called(run: Run) -> None:
    assert run.called == {run.address}


def test_the_organisation_is_as_it_was(run: Run) -> None:
    (left,) = run.port.runs()

    assert (left.status, left.label) == ("IN_PROGRESS", None)
    assert [one.method for one in run.port.requests if one.method not in {"GET", "POST"}] == []


def test_questions_were_asked_and_failed_with_evidence(run: Run) -> None:
    questions = json.loads(run.shown["json"])["questions"]
    failed = [one for one in questions if one["verdict"] == "failed"]

    assert run.code == 1, run.shown["output"] + run.shown["complaints"]
    assert failed
    assert any("***" in exchange["got"] for one in failed for exchange in one["evidence"])
    assert [one["name"] for one in questions if one["verdict"] == "broken"] == []


@pytest.mark.parametrize("place", [*FILES, "output", "complaints"])
def test_no_secret_is_in_anything_that_was_let_out(run: Run, place: str) -> None:
    text = run.shown[place]

    for name, secret in run.secrets.items():
        forms = {
            secret,
            json.dumps(secret)[1:-1],
            quote(secret, safe=""),
            secret[:24],
            secret[-24:],
        }
        assert [name for form in forms if form in text] == []
    pair = b64encode(f"{run.port.client_id}:{run.port.client_secret}".encode()).decode()
    assert pair[60:100] not in text
    assert "eyJ" not in text


def test_the_reports_are_whole_for_all_that_is_covered(run: Run) -> None:
    assert run.shown["html"].rstrip().endswith("</html>")
    assert run.shown["junit"].rstrip().endswith("</testsuites>")
    assert run.shown["complaints"] == ""
