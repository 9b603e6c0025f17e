"""The commands, as processes of their own."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from port_fake import FakePort
from port_fake.cli import main
from port_fake.contracts.exchanges.lines import read
from port_fake.contracts.stories.telling import shelf
from tests.cli.processes import QUICKLY_S, TIMEOUT_S, command, environment, run

pytestmark = pytest.mark.slow  # most are processes

LISTENING = re.compile(r"port-fake recording on (http://\S+)\n")
SHORT = shelf() / "automations.jsonl"
NOWHERE = "http://127.0.0.1:9"


@contextmanager
def recording(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Record on a free port until the block ends; gives the process and its address."""
    process = subprocess.Popen(
        command("record", *arguments),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            found = LISTENING.fullmatch(process.stdout.readline())
            assert found is not None
            yield process, found[1]
        finally:
            process.kill()


class Told(NamedTuple):
    """What a command has said in this process."""

    code: int | str | None
    stdout: str
    stderr: str


def tell(capsys: pytest.CaptureFixture[str], *arguments: str) -> Told:
    """Run a command in this process, which is faster."""
    code: int | str | None
    try:
        code = main(arguments)
    except SystemExit as ending:
        code = ending.code
    return Told(code, *capsys.readouterr())


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_recording_that_is_ended_has_lost_nothing_and_says_what_it_has(
    port_fake: FakePort, tmp_path: Path, ending: signal.Signals
) -> None:
    out = tmp_path / "out.jsonl"
    login = {"clientId": port_fake.client_id, "clientSecret": port_fake.client_secret}

    with recording("--target", port_fake.base_url, "--out", str(out)) as (process, url):
        token = requests.post(f"{url}/v1/auth/access_token", json=login, timeout=10).json()
        headers = {"Authorization": f"Bearer {token['accessToken']}"}
        requests.get(f"{url}/v1/actions", headers=headers, timeout=10)
        before = out.read_text("utf-8")
        process.send_signal(ending)
        said, complaints = process.communicate(timeout=QUICKLY_S)

    text = out.read_text("utf-8")
    assert (process.returncode, complaints) == (0, "")
    assert said.splitlines()[-1] == (
        f"recorded 2 exchanges in {out}: 1 create-access-token, 1 get-actions"
    )
    assert text == before
    assert [one.operation for one in read(out).exchanges] == ["create-access-token", "get-actions"]
    for secret in (*login.values(), token["accessToken"]):
        assert secret not in text


def test_what_was_recorded_is_replayed_without_a_difference(
    port_fake: FakePort, tmp_path: Path
) -> None:
    out = tmp_path / "out.jsonl"
    port_fake.add_team("payments")
    headers = {"Authorization": port_fake.token()}
    with recording("--target", port_fake.base_url, "--out", str(out)) as (_, url):
        requests.get(f"{url}/v1/teams", headers=headers, timeout=10)
        body = {"name": "platform", "users": []}
        requests.post(f"{url}/v1/teams", json=body, headers=headers, timeout=10)

    done = run("contracts", "replay", str(out), "--level", "info")

    assert (done.returncode, done.stderr) == (0, "")
    assert "2 exchanges compared, 0 error, 0 warning, 0 info" in done.stdout


def test_it_needs_neither_hypothesis_nor_schemathesis() -> None:
    code = (
        "import sys; sys.modules.update(hypothesis=None, schemathesis=None, faker=None);"
        "from port_fake.cli import main;"
        f"sys.exit(main(['contracts', 'replay', {str(SHORT)!r}]))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        env=environment(),
        text=True,
        timeout=TIMEOUT_S,
    )

    assert done.returncode == 0, done.stderr


@pytest.fixture
def altered(tmp_path: Path) -> Path:
    """A recording with a difference of each kind, and a broken line."""
    header, *lines = SHORT.read_text("utf-8").splitlines()
    first, second, third = (json.loads(line) for line in lines[:3])
    first["answer"]["blueprint"]["title"] = "Other"
    del second["answer"]["ok"]
    third["answer"]["surprise"] = 1
    file = tmp_path / "altered.jsonl"
    texts = [header, *map(json.dumps, (first, second, third)), "{broken"]
    file.write_text("\n".join(texts), "utf-8")
    return file


def test_differences_are_told_with_their_places(
    altered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"

    done = tell(capsys, "contracts", "replay", str(altered), "--json", str(report))

    assert done.code == 1
    assert "line 5 is broken" in done.stdout
    assert "1. POST /v1/blueprints (create-blueprint)" in done.stdout
    assert re.search(r"error +\$\.blueprint\.title", done.stdout)
    assert "2 error, 1 warning, 1 info; differences that count from error up" in done.stdout
    found = json.loads(report.read_text("utf-8"))
    assert found["differences"] == {"info": 1, "warning": 1, "error": 2}
    assert {one["path"] for each in found["files"] for one in each["differences"]} == {
        "$.blueprint.title",
        "$.ok",
        "$.surprise",
    }


def test_programs_get_the_report_as_json(altered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = tell(capsys, "contracts", "replay", str(altered), "--format", "json", "--level", "info")

    found = json.loads(done.stdout)
    assert done.code == found["exit_code"] == 1
    assert (found["level"], found["files"][0]["exchanges"]) == ("info", 3)
    assert found["files"][0]["broken"][0]["line"] == 5


def test_the_report_fits_a_narrow_screen(
    altered: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")

    done = tell(capsys, "contracts", "replay", str(altered))

    *lines, _ = done.stdout.splitlines()
    assert [line for line in lines if len(line) > 60] == []


@pytest.mark.parametrize(
    ("level", "key", "expected"),
    [("error", "ok", 0), ("warning", "ok", 1), ("info", "ok", 1), ("warning", None, 0)],
)
def test_the_level_decides_what_counts(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    level: str,
    key: str | None,
    expected: int,
) -> None:
    header, line, *_ = SHORT.read_text("utf-8").splitlines()
    words = json.loads(line)
    if key is None:
        del words["answer"]["ok"]
    else:
        words["answer"]["lost"] = "x"
    file = tmp_path / "x.jsonl"
    file.write_text(f"{header}\n{json.dumps(words)}\n", "utf-8")

    assert tell(capsys, "contracts", "replay", str(file), "--level", level).code == expected


def test_another_fake_is_asked_in_an_organisation_of_its_own(
    port_fake: FakePort, capsys: pytest.CaptureFixture[str]
) -> None:
    done = tell(capsys, "contracts", "replay", str(SHORT), "--target", port_fake.base_url)

    assert done.code == 0
    assert port_fake.requests == []


def test_a_server_that_is_no_fake_is_asked_only_by_who_may_speak_for_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakePort() as port:  # alone, it has no control API
        for name, value in port.env.items():
            monkeypatch.setenv(name, value)
        arguments = ("contracts", "replay", str(SHORT), "--target", port.base_url)
        refused = tell(capsys, *arguments)
        read = tell(capsys, *arguments, "--i-own-this-organisation", "--level=info")
        asked = {(one.method, one.path) for one in port.requests}

    assert refused.code == 2
    assert "--i-own-this-organisation" in refused.stderr
    assert read.code == 1
    assert "the mode is read-only" in read.stdout
    assert {path for method, path in asked if method != "GET"} <= {"/v1/auth/access_token"}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("record",), "--target"),
        (("record", "--target", "nonsense"), "without user and query"),
        (("record", "--target", NOWHERE, "--out", "/nowhere/x"), "cannot write /nowhere/x"),
        (("record", "--target", NOWHERE, "--out", str(SHORT)), "--force overwrites it"),
        (("contracts", "replay"), "FILE"),
        (("contracts", "replay", "/nowhere/x"), "cannot read /nowhere/x"),
        (("contracts", "replay", str(SHORT), "--target", "nonsense"), "is no address"),
        (("contracts", "replay", str(SHORT), "--target", NOWHERE), "cannot be asked"),
        (("contracts", "replay", str(SHORT), "--level", "all"), "--level"),
        (("contracts", "replay", str(SHORT), "--json", "/nowhere/x"), "cannot write /nowhere/x"),
    ],
)
def test_wrong_use_is_one_line_and_ends_with_2(
    arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = tell(capsys, *arguments)

    assert (done.code, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_port_that_is_taken_leaves_no_file(port_fake: FakePort, tmp_path: Path) -> None:
    port = port_fake.base_url.rpartition(":")[2]
    out = tmp_path / "out.jsonl"

    done = run("record", "--target", NOWHERE, "--out", str(out), "--port", port)

    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in done.stderr
    assert not out.exists()
