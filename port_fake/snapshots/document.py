"""An organisation as a document of plain JSON, and back.

pydantic reads the frozen dataclasses of engine and world as they are declared, in Rust, and says
in which place a value does not fit: a field that is added there needs no code here. Only what is
particular to the document is written down: its head, its tables (the fields of `Contents`), and
that the version of an action is kept once, however many runs were made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, Final, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, from_json, to_json

from port_fake.engine.actions import Action
from port_fake.engine.runs import Run
from port_fake.errors import MisuseError
from port_fake.snapshots.state import Account, State
from port_fake.world.contents import Contents

FORMAT: Final = "port-fake organisation"
VERSION: Final = 1
"""Grows when a document of before can no longer be read as one of now."""

FORMER: Final = "former_actions"
"""Actions that are no more, or are no longer as they were when a run was made of them."""

NEEDED: Final = frozenset(
    one.name for one in fields(Action) if one.default is one.default_factory is MISSING
)
"""What a run's action cannot be read without; the rest is in the action that it stands for."""

STRICT: Final = ConfigDict(extra="forbid", strict=True)
Json = dict[str, Any]


HEAD: Final[Mapping[str, Any]] = {"id": str, "accounts": tuple[Account, ...]}
TABLES: Final[Mapping[str, Any]] = get_type_hints(Contents)


class Encoder:
    """Makes documents, one after the other; what has not changed is not made again."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, bytes]] = {}
        self._used: dict[int, tuple[object, bytes]] = {}

    def encode(self, state: State) -> bytes:
        """Return *state* as JSON: each table on lines of its own, a row a line.

        Raises:
            MisuseError: The organisation holds a value that is no JSON.
        """
        self._known, self._used = self._used, {}
        try:
            parts = {
                "format": to_json(FORMAT),
                "version": to_json(VERSION),
                **{name: self._table(getattr(state, name)) for name in HEAD},
                **self._tables(state.contents),
            }
        except (PydanticSerializationError, UnicodeError) as error:
            raise MisuseError(f"the organisation holds what is no JSON: {error}") from None
        return b"{\n%s\n}\n" % b",\n".join(
            b"%s: %s" % (to_json(name), text) for name, text in parts.items()
        )

    def _tables(self, held: Contents) -> dict[str, bytes]:
        numbers = {id(action): number for number, action in enumerate(held.actions)}
        former: list[Action] = []
        for run in held.runs:
            if id(run.action) not in numbers:
                numbers[id(run.action)] = len(numbers)
                former.append(run.action)
        tables = {name: self._table(getattr(held, name)) for name in TABLES if name != "runs"}
        runs = [
            b'{"action":%d,%s' % (numbers[id(run.action)], self._row(run)[1:]) for run in held.runs
        ]
        return {**tables, FORMER: self._table(tuple(former)), "runs": _list(runs)}

    def _table(self, value: object) -> bytes:
        if isinstance(value, tuple):
            return _list([self._row(one) for one in value])
        if isinstance(value, Mapping):
            rows = [b"%s: %s" % (to_json(key), self._row(one)) for key, one in value.items()]
            return b"{\n%s\n}" % b",\n".join(rows) if rows else b"{}"
        return self._row(value)

    def _row(self, value: object) -> bytes:
        if isinstance(value, tuple):
            return b"[%s]" % b",".join(map(self._row, value))
        known = self._used.get(id(value)) or self._known.get(id(value))
        if known is None or known[0] is not value:
            known = (value, _written(value))
        self._used[id(value)] = known
        return known[1]


def _list(rows: list[bytes]) -> bytes:
    return b"[\n%s\n]" % b",\n".join(rows) if rows else b"[]"


def _written(value: Any) -> bytes:
    if not is_dataclass(value):
        return to_json(value, inf_nan_mode="null")
    kind: Any = type(value)
    left_out = {"action"} if isinstance(value, Run) else None
    return _adapter(kind).dump_json(value, exclude=left_out, warnings=False)


def decode(document: object) -> State:
    """Return the state that *document* holds.

    Raises:
        MisuseError: It is no such document, is damaged, or is of a newer version; the text names
            the place.
    """
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise MisuseError(f"not a snapshot: expected an object with the format {FORMAT!r}")
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise MisuseError(f"version: expected a number from 1 to {VERSION}")
    if version > VERSION:
        raise MisuseError(
            f"version {version} was written by a newer port-fake; this one reads up to {VERSION}"
        )
    expected = ("format", "version", *HEAD, *TABLES, FORMER)
    for name in (*expected, *document):
        if name not in document:
            raise MisuseError(f"{name!r} is missing")
        if name not in expected:
            raise MisuseError(f"{name!r} is unknown")
    head = {name: _read(name, kind, document[name]) for name, kind in HEAD.items()}
    if not head["accounts"] or head["accounts"][0].email is not None:
        raise MisuseError("accounts, item 0: expected the organisation's own, without an email")
    held = {
        name: _read(name, kind, document[name]) for name, kind in TABLES.items() if name != "runs"
    }
    actions = (*held["actions"], *_read(FORMER, tuple[Action, ...], document[FORMER]))
    runs = _runs(document["runs"], [*document["actions"], *document[FORMER]], actions)
    return State(**head, contents=Contents(**held, runs=runs))


def _runs(rows: object, definitions: list[Json], actions: tuple[Action, ...]) -> tuple[Run, ...]:
    if not isinstance(rows, (list, tuple)):
        raise MisuseError("runs: expected a list")
    stand_ins = [{name: one[name] for name in NEEDED} for one in definitions]
    numbers = []
    whole = []
    for place, row in enumerate(rows):
        number = row.get("action") if isinstance(row, Mapping) else None
        if type(number) is not int or not 0 <= number < len(actions):
            raise MisuseError(
                f"runs, item {place}, action: expected the number of one of "
                f"{len(actions)} actions and former actions"
            )
        numbers.append(number)
        whole.append({**row, "action": stand_ins[number]})
    runs: tuple[Run, ...] = _read("runs", tuple[Run, ...], whole)
    return tuple(
        replace(run, action=actions[number]) for run, number in zip(runs, numbers, strict=True)
    )


def _read(name: str, kind: Any, value: object) -> Any:
    # A list around it: pydantic lends its settings to dataclasses inside others only.
    try:
        (read,) = _adapter(tuple[kind]).validate_json(to_json([value]))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = _place((name, *first["loc"][1:]))
        raise MisuseError(f"{place}: {_lower(first['msg'])}") from None
    except (PydanticSerializationError, UnicodeError, ValueError) as error:
        raise MisuseError(f"{name}: holds what is no JSON: {error}") from None
    return read


def _place(steps: Iterable[int | str]) -> str:
    text = ""
    joint = ""
    for step in steps:
        text += f"{', ' if text else ''}item {step}" if isinstance(step, int) else joint + step
        joint = ", " if isinstance(step, int) else "."
    return text


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


@lru_cache(64)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind, config=None if is_dataclass(kind) else STRICT)


def as_value(text: bytes) -> Json:
    """Return a document as plain values."""
    value: Json = from_json(text)
    return value
