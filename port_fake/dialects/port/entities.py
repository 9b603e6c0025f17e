"""Entities: one at a time."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.definitions.entities import (
    ENTITY,
    ENTITY_CHANGES,
    ENTITY_REPLACEMENT,
    STORED_ENTITY,
)
from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.dialects.port.wire import OK, Ok, entity_json
from port_fake.engine.catalog import EntityKey
from port_fake.errors import Fault
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.values import Described, Document, Flag, Number, RequiredOnPaper, closed
from port_fake.world.entities import Write
from port_fake.world.world import World

TAG: Final = "Entities"
CONFLICTS: Final = frozenset({Fault.CONFLICT})
ONE: Final = "/v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}"
IDS: Final = ("blueprint_identifier", "entity_identifier")
ALWAYS: Final = frozenset({"identifier", "blueprint", "properties", "relations"})

NewEntity: TypeAlias = Annotated[dict[str, Any], Document(ENTITY, COMPONENTS)]
Replacement: TypeAlias = Annotated[dict[str, Any], Document(ENTITY_REPLACEMENT, COMPONENTS)]
Changes: TypeAlias = Annotated[dict[str, Any], Document(ENTITY_CHANGES, COMPONENTS)]
Stored: TypeAlias = Annotated[dict[str, Any], Document(STORED_ENTITY, COMPONENTS)]
OffByDefault: TypeAlias = Annotated[Flag, Described(default=False)]
OffByDefaultRequired: TypeAlias = Annotated[Flag, RequiredOnPaper(default=False)]


class CreateQuery(TypedDict, total=False):
    """How to treat an entity that exists, related ones that do not, and which run does it."""

    upsert: OffByDefaultRequired
    validation_only: OffByDefault
    create_missing_related_entities: OffByDefault
    merge: OffByDefault
    run_id: str


class ChangeQuery(TypedDict, total=False):
    """How to treat related entities that do not exist, and which run does it."""

    create_missing_related_entities: OffByDefault
    run_id: str


class ReadQuery(TypedDict, total=False):
    """Which keys to answer.

    The fake computes no calculated, mirror or aggregation properties, so the parameters about
    them change nothing.
    """

    exclude_calculated_properties: OffByDefault
    include: list[str]
    exclude: list[str]
    attach_title_to_relation: OffByDefault
    attach_identifier_to_title_mirror_properties: OffByDefault
    allow_partial_results: OffByDefault


class DeleteQuery(TypedDict, total=False):
    """Whether entities that require this one go with it, and which run does it."""

    delete_dependents: OffByDefaultRequired
    run_id: str


@closed
class EntityEnvelope(TypedDict):
    """An answer that holds an entity."""

    ok: Literal[True]
    entity: Stored


@closed
class EntitiesEnvelope(TypedDict):
    """An answer that holds entities."""

    ok: Literal[True]
    entities: list[Stored]


@closed
class CountEnvelope(TypedDict):
    """An answer that holds a number of entities."""

    ok: Literal[True]
    count: Number


def how_to_write(query: CreateQuery) -> Write:
    """Return what ``upsert`` and ``merge`` ask for.

    Source: OpenAPI 1.0: upsert replaces, with merge it patches; docs: without upsert, 409.
    """
    if not query.get("upsert", False):
        return Write.CREATE
    return Write.UPSERT_AND_MERGE if query.get("merge", False) else Write.UPSERT


def create_entity(world: World, call: Call[CreateQuery, NewEntity]) -> EntityEnvelope:
    """Store an entity; without an identifier it gets one.

    Raises: NotFoundError, ConflictError, InvalidError.
    Source: OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/entities.
    """
    query = call.query
    written = world.write_entity(
        call.path["blueprint_identifier"],
        call.body,
        call.caller,
        how=how_to_write(query),
        run_id=query.get("run_id"),
        make_related=query.get("create_missing_related_entities", False),
        only_check=query.get("validation_only", False),
    )
    return {"ok": True, "entity": entity_json(written.entity)}


def list_entities(world: World, call: Call[ReadQuery, Nothing]) -> EntitiesEnvelope:
    """Answer with the entities of a blueprint, oldest first.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/blueprints/{blueprint_identifier}/entities.
    """
    entities = world.census.of(call.path["blueprint_identifier"])
    return {"ok": True, "entities": [chosen(entity_json(one), call.query) for one in entities]}


def get_entity(world: World, call: Call[ReadQuery, Nothing]) -> EntityEnvelope:
    """Answer with an entity.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}.
    """
    entity = world.census[_key(call.path)]
    return {"ok": True, "entity": chosen(entity_json(entity), call.query)}


def replace_entity(world: World, call: Call[ChangeQuery, Replacement]) -> EntityEnvelope:
    """Put other values in the place of an entity's.

    Raises: NotFoundError, InvalidError.
    Source: OpenAPI 1.0, PUT /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}.
    Assumed: an entity that does not exist is not made; the identifier stays.
    """
    return _changed(world, call, Write.REPLACE)


def change_entity(world: World, call: Call[ChangeQuery, Changes]) -> EntityEnvelope:
    """Change the values of an entity that are given.

    Raises: NotFoundError, InvalidError.
    Source: OpenAPI 1.0, PATCH /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}.
    Assumed: the identifier stays.
    """
    return _changed(world, call, Write.MERGE)


def delete_entity(world: World, call: Call[DeleteQuery, Nothing]) -> Ok:
    """Remove an entity, and on request what requires it.

    Raises: NotFoundError, ConflictError, InvalidError.
    Source: OpenAPI 1.0,
    DELETE /v1/blueprints/{blueprint_identifier}/entities/{entity_identifier}.
    """
    world.delete_entity(
        _key(call.path),
        caller=call.caller,
        run_id=call.query.get("run_id"),
        dependents=call.query.get("delete_dependents", False),
    )
    return OK


def count_entities(world: World, call: Call[Nothing, Nothing]) -> CountEnvelope:
    """Answer with how many entities a blueprint has.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/blueprints/{blueprint_identifier}/entities-count.
    """
    return {"ok": True, "count": len(world.census.of(call.path["blueprint_identifier"]))}


def _key(path: Mapping[str, str]) -> EntityKey:
    return EntityKey(blueprint=path["blueprint_identifier"], identifier=path["entity_identifier"])


def _changed(world: World, call: Call[ChangeQuery, Any], how: Write) -> EntityEnvelope:
    written = world.write_entity(
        call.path["blueprint_identifier"],
        {**call.body, "identifier": call.path["entity_identifier"]},
        call.caller,
        how=how,
        run_id=call.query.get("run_id"),
        make_related=call.query.get("create_missing_related_entities", False),
    )
    return {"ok": True, "entity": entity_json(written.entity)}


def chosen(entity: dict[str, Any], query: ReadQuery) -> dict[str, Any]:
    """Return the keys and properties that the query asks for.

    Assumed: names are keys of the entity, with or without ``$``, or its properties, and the keys
    of `ALWAYS` are there in any case.
    """
    include = {name.removeprefix("$") for name in query.get("include", ())}
    exclude = {name.removeprefix("$") for name in query.get("exclude", ())}
    if not include and not exclude:
        return entity

    def wanted(name: str) -> bool:
        return (not include or name in include) and name not in exclude

    properties = {
        name: value
        for name, value in entity["properties"].items()
        if "properties" not in exclude and ("properties" in include or wanted(name))
    }
    shown = {key: value for key, value in entity.items() if key in ALWAYS or wanted(key)}
    return {**shown, "properties": properties}


OPERATIONS: Final = (
    Operation(
        name="create-entity",
        tag=TAG,
        route="POST /v1/blueprints/{blueprint_identifier}/entities",
        handler=create_entity,
        success=201,
        nonempty=IDS,
        body_required=False,
        refuses=CONFLICTS,
    ),
    Operation(
        name="get-entities",
        tag=TAG,
        route="GET /v1/blueprints/{blueprint_identifier}/entities",
        handler=list_entities,
        scopes=("read:entities",),
        nonempty=IDS,
    ),
    Operation(
        name="get-entity",
        tag=TAG,
        route=f"GET {ONE}",
        handler=get_entity,
        scopes=("read:entities",),
        nonempty=IDS,
    ),
    Operation(
        name="replace-entity",
        tag=TAG,
        route=f"PUT {ONE}",
        handler=replace_entity,
        nonempty=IDS,
        body_required=False,
    ),
    Operation(
        name="change-entity",
        tag=TAG,
        route=f"PATCH {ONE}",
        handler=change_entity,
        nonempty=IDS,
        body_required=False,
    ),
    Operation(
        name="delete-entity",
        tag=TAG,
        route=f"DELETE {ONE}",
        handler=delete_entity,
        nonempty=IDS,
        refuses=CONFLICTS,
    ),
    Operation(
        name="count-entities",
        tag=TAG,
        route="GET /v1/blueprints/{blueprint_identifier}/entities-count",
        handler=count_entities,
        nonempty=IDS,
    ),
)
