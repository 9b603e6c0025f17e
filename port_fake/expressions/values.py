"""What an expression came to, and the JSON that goes into one and comes out of it.

Everything here is data of others: any size, any depth, numbers that JSON does not have.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

DEPTH_LIMIT: Final = 100
"""How many levels a result or a template may have.

Assumed: nobody nests deeper. Far below what Python's own JSON writer can still write.
"""

RESULTS_LIMIT_CHARS: Final = 8 * 1024 * 1024
"""How much JSON the expressions of one template may come to, all together.

Assumed: no real payload comes near it.
"""

LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
CONTAINERS: Final = (dict, list)


def _null(_: str) -> None:
    return None


def _finite(text: str) -> float | None:
    number = float(text)
    # jq writes an infinity as the largest float.
    return number if math.fabs(number) < sys.float_info.max else None


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError


WRITER: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain
)
READER: Final = json.JSONDecoder(parse_float=_finite, parse_constant=_null)


@dataclass(frozen=True, slots=True)
class Value:
    """The JSON *value* of an expression; null and an *error* if it has none."""

    value: Any
    error: str | None = None


class UnusableJsonError(ValueError):
    """The data cannot be written or read as JSON within the limits."""


class Allowance:
    """How much more JSON may be kept. Once it is overdrawn, nothing more fits."""

    __slots__ = ("_left",)

    def __init__(self, limit_chars: int = RESULTS_LIMIT_CHARS) -> None:
        self._left = limit_chars

    @property
    def spent(self) -> bool:
        """Whether it is overdrawn."""
        return self._left < 0

    def take(self, chars: int) -> bool:
        """Take *chars* away and return whether they were still there."""
        self._left -= chars
        return self._left >= 0


def encode(value: Any) -> str:
    """Return *value* as compact JSON on one line; NaN and the infinities become null.

    Raises:
        UnusableJsonError: it is nested too deep, holds itself, or is no JSON at all.
    """
    try:
        try:
            text = WRITER.encode(value)
        except ValueError:
            text = WRITER.encode(READER.decode(json.dumps(value, default=_plain)))
    except RecursionError:
        raise UnusableJsonError("it is nested too deep") from None
    except (TypeError, ValueError):
        raise UnusableJsonError("it is not JSON") from None
    return without_lone_surrogates(text)


def decode(text: str | bytes) -> Any:
    """Return the JSON value that *text* is; a number that no float can hold becomes null.

    Raises:
        UnusableJsonError: it is nested too deep, or is no JSON at all.
    """
    try:
        value = READER.decode(text if isinstance(text, str) else text.decode())
    except RecursionError:
        raise UnusableJsonError("it is nested too deep") from None
    except ValueError:
        raise UnusableJsonError("it is not JSON") from None
    if isinstance(value, CONTAINERS) and _too_deep(value):
        raise UnusableJsonError("it is nested too deep")
    return value


def without_lone_surrogates(text: str) -> str:
    """Return *text* as UTF-8 can write it, and as jq would read it."""
    return text if text.isascii() else LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def result(text: str | bytes, allowance: Allowance) -> Value:
    """Return the result that *text* is, as long as *allowance* has room for it."""
    if not allowance.take(len(text)):
        return Value(None, "all results together are too large")
    try:
        return Value(decode(text))
    except UnusableJsonError as unusable:
        return Value(None, f"the result cannot be used: {unusable}")


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEPTH_LIMIT):
        children = (each.values() if isinstance(each, dict) else each for each in level)
        level = [child for some in children for child in some if isinstance(child, CONTAINERS)]
        if not level:
            return False
    return True
