"""The kinds of values that shapes are made of, where plain types do not say enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final, TypeAlias

import jsonschema_rs
from pydantic import BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from port_fake.errors import InvalidError

CLOSED = ConfigDict(extra="forbid", strict=True)
"""For bodies: no other keys, and no value is turned into another type."""

OPEN = ConfigDict(extra="allow", strict=True)


def _flag(value: object) -> object:
    # A query speaks JSON's words for booleans, and no others.
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


Flag: TypeAlias = Annotated[bool, Field(strict=True), BeforeValidator(_flag)]
"""A boolean in a query: exactly ``true`` or ``false``."""

Number: TypeAlias = Annotated[float, Field(allow_inf_nan=False)]

Moment: TypeAlias = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A time in ISO 8601, UTC, milliseconds and ``Z``."""


@dataclass(frozen=True, slots=True)
class Documented:
    """What the document says of a query parameter beyond its type.

    *required* is for parameters that Port's document calls required and gives a default: the
    document repeats that, and the fake fills in the default as Port does.
    """

    default: Any = None
    required: bool = False

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Add the default to the schema."""
        schema = handler(core)
        return schema if self.default is None else {**schema, "default": self.default}


DOCUMENT: Final = "x-document"
"""The key under which a generated schema holds a `Document` until its schema is put there."""


class Document:
    """A value that is described and checked by a JSON Schema instead of by types.

    For documents too intricate for types; the value reaches the handler as it was sent.
    *shown* is the schema that the API's document gives, where the fake accepts more than that.
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        components: Mapping[str, Any],
        *,
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        self._schema = schema
        self._components = components
        self.shown = schema if shown is None else shown

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        root = {**self._schema, "components": {"schemas": dict(self._components)}}
        return jsonschema_rs.Draft202012Validator(root, validate_formats=True, mask="the value")

    def check(self, value: Any) -> Any:
        """Return *value*.

        Raises:
            InvalidError: It does not match; the message names the place and the rule.
        """
        for error in self._validator.iter_errors(value):
            where = "/".join(["body", *(str(part) for part in error.instance_path)])
            raise InvalidError(f"{where}: {error.message}")
        return value

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        """Check with the JSON Schema alone."""
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, _core: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Leave a place for the schema: pydantic refuses references that it did not make."""
        return {DOCUMENT: self}
