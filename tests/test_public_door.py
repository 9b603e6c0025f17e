"""What ``import port_fake`` promises: few names, spelled out, loaded when they are used."""

import ast
import inspect
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import pytest

import port_fake

MOST: Final = 20
FILE: Final = Path(port_fake.__file__)


def shown_to_checkers() -> dict[str, str]:
    """Return the names that a type checker sees, each with its module."""
    return {
        name.name: str(node.module)
        for node in ast.walk(ast.parse(FILE.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("port_fake.")
        for name in node.names
    }


def test_the_door_is_narrow_and_in_order() -> None:
    names = port_fake.__all__

    assert len(names) <= MOST
    assert names == sorted(set(names))


def test_checkers_and_programs_see_the_same_names() -> None:
    assert shown_to_checkers() == {
        name: f"port_fake.{room}" for name, room in port_fake.ROOMS.items()
    }
    assert sorted(port_fake.ROOMS) == port_fake.__all__
    assert (FILE.parent / "py.typed").is_file()


@pytest.mark.parametrize("name", port_fake.__all__)
def test_every_name_leads_to_something_that_explains_itself(name: str) -> None:
    thing = getattr(port_fake, name)

    assert thing is getattr(import_module(f"port_fake.{port_fake.ROOMS[name]}"), name)
    assert thing.__module__ == f"port_fake.{port_fake.ROOMS[name]}", "not where it is at home"
    assert inspect.getdoc(thing)
    assert not thing.__doc__.startswith(f"{name}("), "that is what dataclass writes by itself"


def test_a_star_brings_the_names_and_nothing_else() -> None:
    held: dict[str, Any] = {}

    exec("from port_fake import *", held)  # noqa: S102 - there is no other way

    assert held.keys() - {"__builtins__"} == set(port_fake.__all__)


def test_a_name_that_does_not_exist_is_an_ordinary_mistake() -> None:
    with pytest.raises(AttributeError, match="module 'port_fake' has no attribute 'FakePrt'"):
        port_fake.FakePrt  # noqa: B018 - that is the mistake
    with pytest.raises(ImportError, match="FakePrt"):
        exec("from port_fake import FakePrt")  # noqa: S102 - that is the mistake


def public_methods(name: str) -> list[Any]:
    """Return what may be called on a public class, and its constructor."""
    thing = getattr(port_fake, name)
    if not inspect.isclass(thing) or issubclass(thing, (Exception, port_fake.State)):
        return []
    functions = inspect.getmembers(thing, inspect.isfunction)
    return [one for key, one in functions if not key.startswith("_") or key == "__init__"]


@pytest.mark.parametrize("name", port_fake.__all__)
def test_past_the_second_argument_everything_goes_by_name(name: str) -> None:
    by_place = {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}
    for method in public_methods(name):
        parameters = list(inspect.signature(method).parameters.values())[1:]

        assert sum(one.kind in by_place for one in parameters) <= 2, method.__qualname__


@pytest.mark.parametrize("name", ["FakePort", "FakePortServer"])
def test_every_method_of_the_handle_explains_itself(name: str) -> None:
    for method in public_methods(name):
        assert inspect.getdoc(method), method.__qualname__


def test_every_error_of_ours_can_be_caught_as_one() -> None:
    assert issubclass(port_fake.MisuseError, port_fake.PortFakeError)
    assert issubclass(port_fake.RefusedError, port_fake.PortFakeError)
    assert not issubclass(port_fake.MisuseError, port_fake.RefusedError)
