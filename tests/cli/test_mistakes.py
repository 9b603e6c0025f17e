"""Mistakes at the command line: one line that says what is wrong, exit code 2, no traceback."""

import json
import re
import socket
from pathlib import Path
from typing import Any, Final

import pytest

from port_fake.cli import main
from tests.cli.processes import run

TOO_LONG: Final = "x" * 5_000


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the one line in which the command says what is wrong with *arguments*."""
    try:
        code = main(arguments)
    except SystemExit as end:  # that is how argparse ends
        code = end.code if isinstance(end.code, int) else -1
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    return only_line(said.err)


def only_line(text: str) -> str:
    """Return *text*, which must be one line."""
    assert text.endswith("\n")
    assert len(text.splitlines()) == 1, f"more than a line:\n{text}"
    return text.strip()


def scenario(folder: Path, file: str, content: object) -> str:
    """Write a scenario of one file and return its folder."""
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / file).write_text(text, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], "required: COMMAND"),
        (["server"], "invalid choice: 'server'"),
        (["serve", "--prot", "1"], "unrecognized arguments: --prot"),
        (["serve", "extra"], "unrecognized arguments: extra"),
        (["serve", "--port"], "--port: expected one argument"),
        (["serve", "--port", "http"], "'http' is not a port number from 0 to 65535"),
        (["serve", "--port", "65536"], "'65536' is not a port number from 0 to 65535"),
        (["serve", "--port", "-1"], "'-1' is not a port number from 0 to 65535"),
        (["serve", "--seed", "lucky"], "argument --seed: invalid int value: 'lucky'"),
        (["openapi", "--yaml"], "unrecognized arguments: --yaml"),
    ],
)
def test_a_mistyped_command_line_is_told_with_the_way_to_help(
    capsys: pytest.CaptureFixture[str], arguments: list[str], expected: str
) -> None:
    line = complaint(capsys, *arguments)

    assert expected in line
    assert line.startswith("port-fake")
    assert line.endswith("--help)")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("GET /v1/actions/runs", "a fault needs an effect"),
        ("status=many", "the fault 'status=many': status is a whole number, not 'many'"),
        ("get-runs status=503", "no operation 'get-runs'; there are: "),
    ],
)
def test_a_fault_that_makes_no_sense_is_told(
    capsys: pytest.CaptureFixture[str], fault: str, expected: str
) -> None:
    assert expected in complaint(capsys, "serve", "--port", "0", "--fault", fault)


def test_a_scenario_that_does_not_exist_is_told_with_those_that_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = complaint(capsys, "serve", "--scenario", "monolith")

    assert line.startswith("port-fake: no scenario 'monolith'")
    assert "microservice" in line


def test_a_scenario_whose_name_is_too_long_for_a_file_is_not_taken_for_an_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = complaint(capsys, "serve", "--scenario", TOO_LONG)

    assert "scenario" in line
    assert "cannot listen" not in line


def test_a_folder_without_a_scenario_is_told_what_it_lacks(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    line = complaint(capsys, "serve", "--scenario", str(tmp_path))

    assert f"{tmp_path} holds no scenario" in line
    assert "actions" in line


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("teams.json", '[\n  {"name": "platform",}\n]', "line 2, column"),
        ("teams.json", "", "line 1, column 1"),
        ("teams.json", "[" * 100_000, "teams.json"),
        ("teams.json", {"name": "platform"}, "teams.json: expected a list"),
        ("teams.json", ["platform"], "teams.json, item 0: expected an object"),
        ("teams.json", [{"name": "ops"}, {"name": 7}], "teams.json, item 1, name: "),
        ("teams.json", [{"name": "ops"}, {"name": "ops"}], "teams.json, item 1: .*'ops'"),
        ("actions.json", [{"identifier": "a"}], "actions.json, item 0: .*trigger"),
        ("entities.json", [{"identifier": "a"}], "item 0: expected a text as 'blueprint'"),
        ("entities.json", [{"blueprint": "b"}], "item 0: .*blueprint.*'b'"),
        ("permissions.json", [{"action": "a"}], "item 0: .*action.*'a'"),
    ],
)
def test_a_broken_scenario_is_told_by_file_place_and_rule(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, file: str, content: Any, expected: str
) -> None:
    line = complaint(capsys, "serve", "--scenario", scenario(tmp_path, file, content))

    assert str(tmp_path / file) in line
    assert re.search(expected, line), line


def test_a_message_of_several_lines_is_told_in_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = scenario(tmp_path, "permissions.json", [{"action": "one\ntwo"}])

    assert "item 0" in complaint(capsys, "serve", "--scenario", folder)


@pytest.mark.parametrize("host", ["203.0.113.7", "a..b", "x" * 64])
def test_a_host_that_is_not_this_machines_is_told(
    capsys: pytest.CaptureFixture[str], host: str
) -> None:
    line = complaint(capsys, "serve", "--port", "0", "--host", host)

    assert line.startswith(f"port-fake: cannot listen on {host} port 0: ")


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        line = complaint(capsys, "serve", "--port", str(port))

    assert line.startswith(f"port-fake: cannot listen on 127.0.0.1 port {port}: ")


def test_a_process_says_no_more_than_that_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        folder = scenario(tmp_path, "teams.json", "{")
        attempts = [
            run("serve", "--port", "many"),
            run("serve", "--port", str(other.getsockname()[1])),
            run("serve", "--scenario", folder),
        ]

    for attempt in attempts:
        assert (attempt.returncode, attempt.stdout) == (2, "")
        assert only_line(attempt.stderr).startswith("port-fake")
