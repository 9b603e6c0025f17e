"""From the raw parts of a request to values of the shapes that an operation names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from math import isfinite
from typing import Any, Final, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

from port_fake.errors import InvalidError, MalformedError
from port_fake.surface.operation import Nothing, Operation

HUGE_NUMBER: Final = re.compile(rb"[0-9][eE]\+?[0-9]{3}|[0-9]{309}")
"""Only text like this can become an infinite float."""

EXPLANATIONS: Final[Mapping[str, Callable[[ErrorDetails], str]]] = {
    "missing": lambda error: f"must have required property '{error['loc'][-1]}'",
    "extra_forbidden": lambda error: f"must NOT have additional property '{error['loc'][-1]}'",
    "dict_type": lambda _: "must be object",
    "list_type": lambda _: "must be array",
    "string_type": lambda _: "must be string",
    "bool_type": lambda _: "must be boolean",
    "float_type": lambda _: "must be number",
    "float_parsing": lambda _: "must be number",
    "finite_number": lambda _: "must be a finite number",
    "literal_error": lambda error: f"must be {error['ctx']['expected']}",
    "greater_than_equal": lambda error: f"must be >= {error['ctx']['ge']:g}",
    "less_than_equal": lambda error: f"must be <= {error['ctx']['le']:g}",
}
"""How each breach reads; the words are those of Port's validator where it is known."""

ABOUT_THE_PARENT: Final = frozenset({"missing", "extra_forbidden"})


class Binding:
    """The compiled shapes of one operation; compiled when first needed."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation

    @cached_property
    def _query(self) -> tuple[dict[str, Any], TypeAdapter[Any]]:
        shape = self._operation.shapes.query
        return get_type_hints(shape, include_extras=True), TypeAdapter(shape)

    @cached_property
    def _body(self) -> TypeAdapter[Any] | None:
        shape = self._operation.shapes.body
        return None if shape is Nothing else TypeAdapter(shape)

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
        hints, adapter = self._query
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
        return _validated(adapter, raw, "query") if raw else raw

    def body(self, data: bytes) -> Any:
        """Return the body as its shape; an operation that reads none ignores it.

        Raises:
            MalformedError: The bytes are not JSON.
            InvalidError: The value does not match the shape, or there is none and must be.
        """
        if self._body is None:
            return {}
        return _validated(self._body, parse(data), "body") if data else self.value(None)

    def value(self, value: Any) -> Any:
        """Return a body that is parsed already as its shape; None means: there is none.

        Raises:
            InvalidError: The value does not match the shape, or there is none and must be.
        """
        if self._body is None or (value is None and not self._operation.body_required):
            return {}
        return _validated(self._body, value, "body")


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


def _validated(adapter: TypeAdapter[Any], value: Any, place: str) -> Any:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        reasons = dict.fromkeys(_explain(one, place) for one in details)
        raise InvalidError("; ".join(reasons)) from None


def _explain(error: ErrorDetails, place: str) -> str:
    location = error["loc"][:-1] if error["type"] in ABOUT_THE_PARENT else error["loc"]
    where = "/".join([place, *(str(part) for part in location)])
    explain = EXPLANATIONS.get(error["type"])
    return f"{where} {explain(error) if explain else error['msg']}"


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
