"""The kinds of values that shapes are made of, where plain types do not say enough.

Shapes are typed dictionaries, checked and described by pydantic. Nothing here imports it: a
server that starts should not wait for what its first request may not need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias, TypeVar

import jsonschema_rs

from port_fake.errors import InvalidError

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema

Shape = TypeVar("Shape", bound=type)


def closed(shape: Shape) -> Shape:
    """Let a shape have no other keys, and turn no value into another type."""
    return _configured(shape, extra="forbid")


def opened(shape: Shape) -> Shape:
    """Let a shape have other keys, and turn no value into another type."""
    return _configured(shape, extra="allow")


def _configured(shape: Shape, **config: str) -> Shape:
    # What pydantic.with_config does.
    shape.__pydantic_config__ = {**config, "strict": True}  # type: ignore[attr-defined]
    return shape


class Described:
    """Keywords that a schema has beyond those of its type."""

    def __init__(self, **keywords: Any) -> None:
        self._keywords = keywords

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Add the keywords."""
        return {**handler(core), **self._keywords}


class RequiredOnPaper(Described):
    """Marks a query parameter that Port's document calls required and gives a default.

    Source: OpenAPI 1.0, ``include_pending_approvers``, ``upsert``, ``delete_dependents``. Our
    document repeats it, and a request without the parameter gets the default, as from Port.
    """


class _Flag:
    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(
            _word, core_schema.bool_schema(strict=True)
        )


def _word(value: object) -> object:
    # A query speaks JSON's words for booleans, and no others.
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


class Bounded:
    """A number from a query, between bounds."""

    def __init__(self, low: float | None = None, high: float | None = None) -> None:
        self._low = low
        self._high = high

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        """Check the bounds, and refuse what is no finite number."""
        from pydantic_core import core_schema

        return core_schema.no_info_before_validator_function(
            _figures,
            core_schema.float_schema(ge=self._low, le=self._high, allow_inf_nan=False),
        )


def _figures(value: object) -> object:
    # Python alone reads 1_000 as a thousand.
    return None if isinstance(value, str) and "_" in value else value


Flag: TypeAlias = Annotated[bool, _Flag()]
"""A boolean in a query: exactly ``true`` or ``false``."""

Number: TypeAlias = Annotated[float, Bounded()]

Moment: TypeAlias = Annotated[str, Described(format="date-time")]
"""A time in ISO 8601, UTC, milliseconds and ``Z``."""

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
        components: Mapping[str, Any] | None = None,
        *,
        shown: Mapping[str, Any] | None = None,
    ) -> None:
        self._schema = schema
        self._components = components or {}
        self.shown = schema if shown is None else shown

    @cached_property
    def _validator(self) -> jsonschema_rs.Draft202012Validator:
        root = {**self._schema, "components": {"schemas": dict(self._components)}}
        return jsonschema_rs.Draft202012Validator(root, validate_formats=True, mask="the value")

    def check(self, value: Any, place: str = "body") -> Any:
        """Return *value*.

        Raises:
            InvalidError: It does not match; the message names the place and the rule.
        """
        for error in self._validator.iter_errors(value):
            telling = _telling(error)
            where = "/".join([place, *(str(part) for part in telling.instance_path)])
            raise InvalidError(f"{where}: {telling.message}")
        return value

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        """Check with the JSON Schema alone."""
        from pydantic_core import PydanticCustomError, core_schema

        def check(value: Any) -> Any:
            for error in self._validator.iter_errors(value):
                raise PydanticCustomError("document", "{reason}", {"reason": error.message})
            return value

        return core_schema.no_info_plain_validator_function(check)

    def __get_pydantic_json_schema__(
        self, _core: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Leave a place for the schema: pydantic refuses references that it did not make."""
        return {DOCUMENT: self}


def _telling(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Return the error that helps most: inside of the alternative that was probably meant.

    That is the one with the fewest errors among those whose ``type`` is the value's.
    """
    branches = [branch for branch in getattr(error.kind, "context", ()) if branch]
    meant = [branch for branch in branches if not any(map(_is_about_type, branch))]
    return _telling(min(meant, key=len)[0]) if meant else error


def _is_about_type(error: jsonschema_rs.ValidationError) -> bool:
    return error.instance_path[-1:] == ["type"]


Check: TypeAlias = Callable[[Any], Any]
"""Returns a value as its shape, or raises."""
