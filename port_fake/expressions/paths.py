"""Plain paths, `.a.b["c"][0]?` and the like: what most expressions are, and jq need not be asked.

Anything that is more than a path is not for here, however simple it looks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from port_fake.expressions.values import (
    Allowance,
    UnusableJsonError,
    Value,
    encode,
    result,
    without_lone_surrogates,
)

# A dot and a name, a dot and a string, or brackets around a string or a whole number. jq lets
# white space stand almost everywhere; a path with any in odd places is left to jq.
STRING: Final = r'"(?:[^"\\]|\\["\\/bfnrt])*+"'
STEP: Final = re.compile(
    rf"(?:\.(?P<name>[A-Za-z_][A-Za-z0-9_]*)|\.(?P<string>{STRING})"
    rf"|(?P<dot>\.?)\[\s*(?:(?P<key>{STRING})|(?P<index>-?(?:0|[1-9][0-9]{{0,8}})))\s*\])"
    r"(?P<optional>\??)"
)
REMEMBERED_PATHS: Final = 1024
LONGEST_PATH_CHARS: Final = 1000


@dataclass(frozen=True, slots=True)
class Step:
    """One step into a value: a key or an index; an *optional* one may find the wrong type."""

    key: str | int
    optional: bool = False


class WrongTypeError(Exception):
    """What was found cannot be stepped into like that."""


def plain_path(expression: str) -> tuple[Step, ...] | None:
    """Return the steps of *expression*, or nothing if it is more than a plain path."""
    return _steps(expression) if len(expression) <= LONGEST_PATH_CHARS else None


def follow(steps: Sequence[Step], context: Any, allowance: Allowance) -> Value:
    """Return a copy of what lies at the end of *steps* in *context*, just as jq would."""
    found = context
    try:
        for step in steps:
            try:
                found = _within(found, step.key)
            except WrongTypeError:
                if step.optional:
                    return Value(None)
                raise
    except WrongTypeError as wrong:
        return Value(None, str(wrong))
    return _copied(found, allowance)


@lru_cache(maxsize=REMEMBERED_PATHS)
def _steps(expression: str) -> tuple[Step, ...] | None:
    text = expression.strip(" \t\r\n")
    if text == ".":
        return ()
    steps: list[Step] = []
    position = 0
    while position < len(text):
        found = STEP.match(text, position)
        if found is None or not (position or text.startswith(".")):
            return None
        steps.append(Step(_key(found), optional=bool(found["optional"])))
        position = found.end()
    return tuple(steps) or None


def _key(found: re.Match[str]) -> str | int:
    if found["name"] is not None:
        return found["name"]
    if found["index"] is not None:
        return int(found["index"])
    return str(json.loads(found["string"] or found["key"], strict=False))


def _within(value: Any, key: str | int) -> Any:
    if value is None:
        return None
    if isinstance(key, str) and isinstance(value, Mapping):
        return value.get(key)
    if isinstance(key, int) and isinstance(value, (list, tuple)):
        return value[key] if -len(value) <= key < len(value) else None
    named = json.dumps(key, ensure_ascii=False) if isinstance(key, str) else "a number"
    raise WrongTypeError(f"cannot index {_type(value)} with {named}")


def _type(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case str():
            return "string"
        case list() | tuple():
            return "array"
        case Mapping():
            return "object"
    return "number"


def _copied(value: Any, allowance: Allowance) -> Value:
    if value is None or isinstance(value, bool):
        return Value(value)
    if allowance.spent:
        return Value(None, "all results together are too large")
    if isinstance(value, str) and allowance.take(len(value)):
        return Value(without_lone_surrogates(value))
    try:
        return result(encode(value), allowance)
    except UnusableJsonError as unusable:
        return Value(None, f"the result cannot be used: {unusable}")
