"""From the raw parts of a request to values of the shapes that an operation names."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cached_property, partial
from math import isfinite
from typing import Any, Final, get_args, get_origin, get_type_hints

from pydantic_core import from_json

from port_fake.errors import InvalidError, MalformedError
from port_fake.surface.operation import Nothing, Operation
from port_fake.surface.values import Check, Document

HUGE_NUMBER: Final = re.compile(rb"[0-9][eE]\+?[0-9]{3}|[0-9]{309}")
"""Only text like this can become an infinite float."""


class Binding:
    """The compiled shapes of one operation; compiled when first needed."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation

    @cached_property
    def _query(self) -> tuple[dict[str, Any], Check]:
        shape = self._operation.shapes.query
        return get_type_hints(shape, include_extras=True), _check_of(shape, "query")

    @cached_property
    def _body(self) -> Check | None:
        shape = self._operation.shapes.body
        return None if shape is Nothing else _check_of(shape, "body")

    def query(self, pairs: Collection[tuple[str, str]]) -> Any:
        """Return the query as its shape.

        Unknown keys are ignored, as real clients send some; an empty text means: not given;
        lists may repeat the key, end it in ``[]``, or separate by commas.

        Raises:
            InvalidError: A value is of the wrong kind, or a single value is given twice.
        """
        raw: dict[str, Any] = {}
        if not pairs:
            return raw
        hints, check = self._query
        for key, value in pairs:
            name = key.removesuffix("[]")
            hint = hints.get(name)
            if hint is None:
                continue
            if _is_list(hint):
                raw.setdefault(name, []).extend(value.split(","))
            elif name in raw:
                raise InvalidError(f"query/{name} must be given once")
            elif value or hint is not str:
                raw[name] = value
        return check(raw) if raw else raw

    def body(self, data: bytes) -> Any:
        """Return the body as its shape; an operation that reads none ignores it.

        Raises:
            MalformedError: The bytes are not JSON.
            InvalidError: The value does not match the shape, or there is none and must be.
        """
        if self._body is None:
            return {}
        return self._body(parse(data)) if data else self.value(None)

    def value(self, value: Any) -> Any:
        """Return a body that is parsed already as its shape; None means: there is none.

        Raises:
            InvalidError: The value does not match the shape, or there is none and must be.
        """
        if self._body is None or (value is None and not self._operation.body_required):
            return {}
        return self._body(value)


def _check_of(shape: Any, place: str) -> Check:
    for one in get_args(shape)[1:]:
        if isinstance(one, Document):
            return partial(one.check, place=place)
    # Waits for the first shape that needs pydantic, so that a server starts without it.
    from port_fake.surface.checks import check_of

    return check_of(shape, place)


def parse(data: bytes) -> Any:
    """Return the JSON value in *data*.

    Raises:
        MalformedError: It is none, or holds NaN, infinities or bytes that are not UTF-8.
    """
    try:
        value = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise MalformedError(f"the body is not valid JSON: {error}") from None
    if HUGE_NUMBER.search(data) and not _is_finite(value):
        raise MalformedError("the body is not valid JSON: a number is out of range")
    return value


def _is_list(hint: Any) -> bool:
    if get_origin(hint) is list:
        return True
    arguments = get_args(hint)
    return bool(arguments) and get_origin(arguments[0]) is list


def _is_finite(value: Any) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, dict):
        return all(_is_finite(one) for one in value.values())
    return not isinstance(value, list) or all(_is_finite(one) for one in value)
