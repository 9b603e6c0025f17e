"""What ``port_fake.strategies`` promises: names that are loaded when they are used."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Final

import pytest

from port_fake import strategies

FILE: Final = Path(str(strategies.__file__))
ROOMS: Final = {module.name for module in iter_modules([str(FILE.parent)])}


def test_the_names_are_in_order_and_checkers_see_the_same_ones() -> None:
    shown = {
        name.name: str(node.module).removeprefix("port_fake.strategies.")
        for node in ast.walk(ast.parse(FILE.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("port_fake.")
        for name in node.names
    }

    assert strategies.__all__ == sorted(strategies.ROOMS)
    assert shown == strategies.ROOMS


def test_no_room_has_the_name_of_a_strategy() -> None:
    assert ROOMS & set(strategies.__all__) == set(), "an imported room would stand in its place"


@pytest.mark.parametrize("name", strategies.__all__)
def test_every_name_leads_to_something_that_explains_itself(name: str) -> None:
    thing = getattr(strategies, name)

    assert thing is getattr(import_module(f"port_fake.strategies.{strategies.ROOMS[name]}"), name)
    assert inspect.getdoc(thing)


@pytest.mark.parametrize("name", [name for name in strategies.__all__ if name.islower()])
def test_every_strategy_says_how_it_shrinks_and_takes_one_argument_by_place(name: str) -> None:
    strategy = getattr(strategies, name)

    assert "Shrinks to" in str(inspect.getdoc(strategy))
    by_place = [
        one
        for one in inspect.signature(strategy).parameters.values()
        if one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    assert len(by_place) <= 1


def test_a_name_that_does_not_exist_is_an_ordinary_mistake() -> None:
    with pytest.raises(AttributeError, match=r"'port_fake\.strategies' has no attribute 'actoins'"):
        strategies.actoins  # noqa: B018 - that is the mistake


@pytest.mark.parametrize("statement", ["import port_fake", "import port_fake.strategies"])
def test_hypothesis_is_not_loaded_before_a_strategy_is(statement: str) -> None:
    script = f"{statement}; import sys; print('hypothesis' in sys.modules)"

    done = subprocess.run(  # noqa: S603 - a program of our own
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60
    )

    assert done.stdout.strip() == "False"
