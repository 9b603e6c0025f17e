"""``port-fake contracts drift`` as somebody uses it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from port_fake.cli import main
from port_fake.dialects.port.dialect import PORT
from port_fake.surface.document import document
from tests.cli.processes import run

Json = Any
RUNS: Final = "/v1/actions/runs"


@pytest.fixture
def spec(tmp_path: Path) -> Callable[[Callable[[Json], object]], str]:
    """Write the fake's own document, changed."""

    def write(change: Callable[[Json], object] = lambda _: None) -> str:
        raw = json.loads(json.dumps(document(PORT)))
        change(raw)
        file = tmp_path / "spec.json"
        file.write_text(json.dumps(raw))
        return str(file)

    return write


def test_its_own_document_does_not_differ(tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(run("openapi").stdout)

    ended = run("contracts", "drift", "--spec", str(file), "--fail-on", "cosmetic")

    assert (ended.returncode, ended.stderr) == (0, "")
    assert "no difference that counts" in ended.stdout


LIGHT: Final = ("breaking", "additive", "cosmetic")


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda raw: raw["paths"][RUNS]["get"].pop("security"), (0, 1, 1)),
        (lambda raw: raw["paths"][RUNS].pop("get"), (1, 1, 1)),
        (lambda raw: raw["paths"][RUNS]["get"].update(deprecated=True), (0, 0, 1)),
        (lambda raw: raw["paths"][RUNS].update(verb={}), (1, 1, 1)),
        (lambda raw: raw.update(paths={}), (3, 3, 3)),
        (lambda raw: raw.update(swagger=raw.pop("openapi")), (3, 3, 3)),
    ],
    ids=["additive", "breaking", "cosmetic", "unclear", "no operations", "older"],
)
def test_the_exit_code_tells_how_much_differs(
    spec: Any, capsys: pytest.CaptureFixture[str], change: Any, codes: tuple[int, ...]
) -> None:
    where = spec(change)

    ended = tuple(
        main(["contracts", "drift", "--spec", where, "--fail-on", light]) for light in LIGHT
    )

    assert ended == codes
    assert f"(exit {codes[0]})" in capsys.readouterr().out


@pytest.mark.parametrize("width", [40, 80, 140])
def test_the_report_keeps_to_the_width_and_names_what_differs(
    spec: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    where = spec(
        lambda raw: raw["paths"][RUNS]["get"]["parameters"].append(
            {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}
        )
    )

    code = main(["contracts", "drift", "--spec", where])

    said = capsys.readouterr().out
    assert code == 1
    assert f"  GET {RUNS}\n    query parameter q" in said
    assert "BREAKING (1)" in said
    assert [line for line in said.splitlines() if len(line) > width and " /" not in line] == []


def test_many_new_operations_are_told_by_tag_and_not_one_by_one(
    spec: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(raw: Json) -> None:
        for number in range(300):
            operation = {"tags": [f"Tag {number % 3}"], "responses": {}}
            raw["paths"][f"/v1/new/{number}"] = {"get": operation}

    code = main(["contracts", "drift", "--spec", spec(change)])

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert "ADDITIVE (300): 300 operations that the fake does not have, by tag" in lines
    assert "  Tag 0 (100)" in lines
    assert len(lines) < 30


def test_one_cause_in_many_operations_is_one_row(
    spec: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(raw: Json) -> None:
        for item in raw["paths"].values():
            for operation in item.values():
                operation["responses"]["429"] = {"description": "slower"}

    main(["contracts", "drift", "--spec", spec(change)])

    said = capsys.readouterr().out
    assert said.count("answer 429") == 1
    assert f"{len(PORT.operations)} operations" in said


def test_json_has_everything_and_may_go_to_a_file(
    spec: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    where = spec(lambda raw: raw["paths"][RUNS].pop("get"))
    file = tmp_path / "report.json"

    code = main(["contracts", "drift", "--spec", where, "--format", "json", "--json", str(file)])

    printed = json.loads(capsys.readouterr().out)
    assert json.loads(file.read_text()) == printed
    assert printed["exit_code"] == code == 1
    assert printed["counts"]["breaking"] == len(printed["findings"]) == 1
    assert printed["findings"][0]["operation"] == f"GET {RUNS}"
    assert printed["findings"][0]["class"] == "breaking"


def test_a_broken_line_is_shown_with_its_number(tmp_path: Path) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text("openapi: 3.1.0\n info: x\npaths: {}\n")

    ended = run("contracts", "drift", "--spec", str(file))

    assert ended.returncode == 3
    assert "line 2" in ended.stdout
    assert ended.stderr == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["contracts"],
        ["contracts", "drift"],
        ["contracts", "drift", "--spec", "x", "--fail-on", "never"],
        ["contracts", "drift", "--spec", "x", "--json", "/nowhere/at/all.json"],
    ],
)
def test_wrong_use_is_told_in_one_line(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(arguments)
    except SystemExit as end:
        code = int(end.code or 0)

    assert code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_would_command_a_terminal_is_not_printed(
    spec: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def change(raw: Json) -> None:
        raw["info"]["title"] = "\x1b[2J"
        raw["paths"]["/v1/\x1b[31m"] = {"get": {"tags": ["\x07"], "responses": {}}}
        raw["paths"][RUNS]["get"]["responses"]["\x1b"] = {"description": "x"}

    main(["contracts", "drift", "--spec", spec(change)])

    assert "\x1b" not in capsys.readouterr().out
