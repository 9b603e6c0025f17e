"""What the catalog holds: blueprints, and the entities made after them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

Related: TypeAlias = str | list[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """Who made a thing and who changed it last, and when."""

    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """An edge that a blueprint lets its entities have."""

    target: str
    many: bool
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """A kind of entity. *definition* is the document as it was sent.

    *timers* name the properties that hold the time of something to come.
    """

    identifier: str
    title: str | None
    icon: str | None
    definition: Mapping[str, Any]
    properties: Mapping[str, Any]
    required: tuple[str, ...]
    relations: Mapping[str, Relation]
    timers: tuple[str, ...] = ()
    stamps: Stamps


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityKey:
    """An entity, named: identifiers are unique within a blueprint only."""

    blueprint: str
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing in the catalog."""

    key: EntityKey
    title: str | None
    icon: str | None
    team: tuple[str, ...]
    properties: dict[str, Any]
    relations: dict[str, Related]
    stamps: Stamps
