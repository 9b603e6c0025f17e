"""``port-fake serve --state``: an organisation that outlives its process."""

from __future__ import annotations

import json
import signal
import stat
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from port_fake.cli import main
from tests.cli.processes import TIMEOUT_S, Served, run, served
from tests.cli.test_serve import log_in

ID: Final = "port-fake-client-id"
SECRET: Final = "port-fake-client-secret"  # noqa: S105 - a fake's, and public


def call(server: Served, token: str, method: str, path: str, body: Any = None) -> Any:
    answer = requests.request(
        method,
        f"{server.url}{path}",
        json=body,
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT_S,
    )
    assert answer.ok, answer.text
    return answer.json()


def create(server: Served, token: str, name: str) -> str:
    """Run the action of the scenario that comes along, and return the id of the run."""
    body = {"properties": {"name": name}}
    path = "/v1/actions/create_microservice/runs"
    run: str = call(server, token, "POST", path, body)["run"]["id"]
    return run


def token_of(server: Served) -> str:
    token: str = log_in(server, ID, SECRET).json()["accessToken"]
    return token


def test_what_was_made_is_there_again_and_so_is_the_token(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with served("--state", str(file)) as server:
        token = token_of(server)
        run_id = create(server, token, "till")
        call(server, token, "POST", f"/v1/actions/runs/{run_id}/logs", {"message": "hello"})
        code, complaints = server.end(signal.SIGTERM)
    with served("--state", str(file), "--scenario", "no such thing") as server:
        runs = call(server, token, "GET", "/v1/actions/runs")["runs"]
        logs = call(server, token, "GET", f"/v1/actions/runs/{run_id}/logs")["runLogs"]
        again = create(server, token, "desk")

    assert (code, complaints) == (0, "")
    assert [one["id"] for one in runs] == [run_id]
    assert [one["message"] for one in logs] == ["hello"]
    assert again != run_id


def test_its_file_is_for_its_owner_and_readable(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with served("--state", str(file)):
        mode, document = stat.S_IMODE(file.stat().st_mode), json.loads(file.read_text("utf-8"))

    assert mode == 0o600
    assert document["accounts"][0] == {
        "email": None, "client_id": ID, "client_secret": SECRET,
    }  # fmt: skip
    assert max(map(len, file.read_text("utf-8").splitlines())) < 2_000, "a row a line"


def test_it_goes_on_with_the_credentials_that_it_had(tmp_path: Path) -> None:
    file = str(tmp_path / "state.json")
    with served("--state", file, "--client-id", "mine", "--client-secret", "ours") as server:
        server.end(signal.SIGTERM)

    with served("--state", file) as server:
        answer = log_in(server, "mine", "ours")

    assert server.greeting[1:3] == ["client id:     mine", "client secret: ours"]
    assert answer.ok


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"format": "port-fake organis', "is damaged, no JSON: EOF while parsing"),
        ("{}", "not a snapshot: expected an object with the format 'port-fake organisation'"),
        (
            '{"format": "port-fake organisation", "version": 2}',
            "version 2 was written by a newer port-fake; this one reads up to 1",
        ),
    ],
)
def test_a_file_that_is_none_is_refused_in_one_line_and_kept(
    tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "state.json"
    file.write_text(text, encoding="utf-8")

    done = run("serve", "--port", "0", "--state", str(file))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"port-fake: {file}")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert file.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--state", "{}"], "port-fake: cannot read {}: Is a directory"),
        (["--state", "{}/a/b.json"], "port-fake: cannot write {}/a/b.json: No such file or direct"),
    ],
)
def test_a_place_that_will_not_do_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    code = main(["serve", "--port", "0", *(one.format(tmp_path) for one in arguments)])

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert said.err.startswith(told.format(tmp_path))
    assert len(said.err.splitlines()) == 1


def test_credentials_that_contradict_the_file_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "state.json")
    with served("--state", file) as server:
        server.end(signal.SIGTERM)

    code = main(["serve", "--state", file, "--client-secret", "another"])

    said = capsys.readouterr()
    assert code == 2
    assert said.err == (
        f"port-fake: the state is of the organisation with the client id {ID!r}, and its secret: "
        "give no other credentials, or another state\n"
    )
