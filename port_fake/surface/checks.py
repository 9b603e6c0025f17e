"""Typed shapes made into checks by pydantic, and what its findings are called on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from port_fake.errors import InvalidError
from port_fake.surface.values import Check

EXPLANATIONS: Final[Mapping[str, Callable[[ErrorDetails], str]]] = {
    "missing": lambda error: f"must have required property '{error['loc'][-1]}'",
    "extra_forbidden": lambda error: f"must NOT have additional property '{error['loc'][-1]}'",
    "dict_type": lambda _: "must be object",
    "list_type": lambda _: "must be array",
    "string_type": lambda _: "must be string",
    "bool_type": lambda _: "must be boolean",
    "int_type": lambda _: "must be integer",
    "float_type": lambda _: "must be number",
    "float_parsing": lambda _: "must be number",
    "finite_number": lambda _: "must be a finite number",
    "literal_error": lambda error: f"must be {error['ctx']['expected']}",
    "greater_than_equal": lambda error: f"must be >= {error['ctx']['ge']:g}",
    "less_than_equal": lambda error: f"must be <= {error['ctx']['le']:g}",
}
"""How each breach reads; the words are those of Port's validator where it is known."""

ABOUT_THE_PARENT: Final = frozenset({"missing", "extra_forbidden"})


def check_of(shape: Any, place: str) -> Check:
    """Return what checks values against *shape*; *place* begins each message.

    The check raises InvalidError, whose message names every breach.
    """
    adapter = TypeAdapter[Any](shape)

    def check(value: Any) -> Any:
        try:
            return adapter.validate_python(value)
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
            reasons = dict.fromkeys(_explain(one, place) for one in details)
            raise InvalidError("; ".join(reasons)) from None

    return check


def _explain(error: ErrorDetails, place: str) -> str:
    location = error["loc"][:-1] if error["type"] in ABOUT_THE_PARENT else error["loc"]
    where = "/".join([place, *(str(part) for part in location)])
    explain = EXPLANATIONS.get(error["type"])
    return f"{where} {explain(error) if explain else error['msg']}"
