"""Rules of the house that no tool keeps: sizes, names, words in their rooms, reasons given."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import port_fake as package
from port_fake import _resources
from port_fake.dialects.port.dialect import PORT
from port_fake.surface.operation import Operation

PACKAGE: Final = Path(package.__file__).resolve().parent
TESTS: Final = Path(__file__).resolve().parent
SOURCES: Final = sorted(file for file in PACKAGE.rglob("*.py") if "_bundled" not in file.parts)
OURS: Final = sorted(TESTS.rglob("*.py"))

NO_CONCEPTS: Final = frozenset({"base", "common", "helper", "helpers", "manager", "misc", "utils"})
WIRE_WORDS: Final = re.compile(r"\b(IN_PROGRESS|WAITING_FOR_APPROVAL|runId|clientSecret)\b")
THEIR_ROOMS: Final = frozenset({"contracts", "dialects", "handle", "strategies"})
DATA: Final = frozenset({"contracts", "fixtures"})

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def lines_of(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def in_package(file: Path) -> str:
    return str(file.relative_to(PACKAGE))


def words_of(path: Path) -> set[str]:
    return {word for part in path.with_suffix("").parts for word in part.split("_")}


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def public_things(node: Documented, place: str) -> Iterator[tuple[str, Documented]]:
    """What a reader may use: modules, classes, functions and methods without an underscore."""
    yield place, node
    for child in node.body:
        if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if child.name.startswith("_"):
                continue
            if isinstance(child, ast.ClassDef):
                yield from public_things(child, f"{place}:{child.name}")
            else:
                yield f"{place}:{child.name}", child


PUBLIC_THINGS: Final = dict(
    pair for file in SOURCES for pair in public_things(tree_of(file), in_package(file))
)


def test_no_file_of_the_package_has_more_than_300_lines() -> None:
    too_long = {in_package(file): size for file in SOURCES if (size := lines_of(file)) > 300}

    assert too_long == {}, "find the second concept in each, and give it a room"


def test_no_file_of_tests_has_more_than_400_lines() -> None:
    too_long = {file.name: size for file in OURS if (size := lines_of(file)) > 400}

    assert too_long == {}, "split by what is told, not by size"


def test_every_room_is_named_after_a_concept() -> None:
    rooms = [file.relative_to(PACKAGE) for file in SOURCES]
    rooms += [file.relative_to(TESTS) for file in OURS]

    assert [room for room in rooms if words_of(room) & NO_CONCEPTS] == [], "find the name first"


def test_everything_public_says_what_it_does() -> None:
    silent = [place for place, node in PUBLIC_THINGS.items() if not ast.get_docstring(node)]

    assert silent == []


def test_every_docstring_opens_with_one_sentence() -> None:
    openings = {
        place: (ast.get_docstring(node) or "").partition("\n")[0]
        for place, node in PUBLIC_THINGS.items()
    }

    assert [place for place, opening in openings.items() if not opening.endswith(".")] == []


def test_words_of_the_wire_stay_where_the_wire_is_spoken() -> None:
    below = [file for file in SOURCES if len(file.relative_to(PACKAGE).parts) > 1]
    strangers = [file for file in below if file.relative_to(PACKAGE).parts[0] not in THEIR_ROOMS]

    heard = {
        in_package(file): sorted(set(words))
        for file in strangers
        if (words := WIRE_WORDS.findall(file.read_text(encoding="utf-8")))
    }

    assert strangers
    assert heard == {}, "ask the dialect's vocabulary instead"


@pytest.mark.parametrize("operation", PORT.operations, ids=lambda operation: operation.name)
def test_every_operation_says_where_it_is_known_from(operation: Operation) -> None:
    text = operation.handler.__doc__ or ""

    assert re.search(r"^\s*Source: \S", text, re.MULTILINE), operation.handler.__qualname__


def test_every_operation_has_a_name_and_a_route_of_its_own() -> None:
    names = [operation.name for operation in PORT.operations]
    routes = [re.sub(r"{\w+}", "{}", operation.route) for operation in PORT.operations]

    assert len(set(names)) == len(names)
    assert len(set(routes)) == len(routes)


def test_only_one_room_knows_where_data_lies() -> None:
    others = [file for file in SOURCES if file.name != "_resources.py"]
    nodes = [node for file in others for node in ast.walk(tree_of(file))]
    calls = [node for node in nodes if isinstance(node, ast.Call)]

    asked = [
        argument
        for call in calls
        if getattr(call.func, "id", "") == "directory"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]
    places = {one.value for one in asked}
    asked += [  # a command may be called like a folder
        argument
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "add_parser"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]
    texts = [one for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    named = [one for one in texts if str(one.value).partition("/")[0] in DATA]

    assert places <= DATA
    assert [one.value for one in named if one not in asked] == []


@pytest.mark.parametrize("name", sorted(DATA))
def test_data_is_found_wherever_the_package_lies(name: str) -> None:
    assert any(_resources.directory(name).iterdir())


@pytest.mark.parametrize("name", sorted(DATA))
def test_the_source_tree_goes_before_what_an_old_install_has_left(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tmp_path / "port_fake"
    (tree / "_bundled" / name).mkdir(parents=True)
    (tmp_path / name).mkdir()
    monkeypatch.setattr(_resources, "PACKAGE", tree)

    assert _resources.directory(name) == tree / "_bundled" / name, "somebody else's folder"
    (tmp_path / "pyproject.toml").touch()
    assert _resources.directory(name) == tmp_path / name
