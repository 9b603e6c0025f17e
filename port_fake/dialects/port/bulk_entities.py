"""Entities: many at a time, as Ocean's integrations write and delete them."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.definitions.entities import ENTITY
from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.dialects.port.entities import (
    CONFLICTS,
    IDS,
    TAG,
    CreateQuery,
    DeleteQuery,
    how_to_write,
)
from port_fake.dialects.port.refusals import STATUSES, WORDS
from port_fake.dialects.port.wire import OK, Ok
from port_fake.engine.catalog import EntityKey
from port_fake.errors import RefusedError
from port_fake.surface.operation import Call, Nothing, Operation, Reply
from port_fake.surface.schema import array, text
from port_fake.surface.schema import closed as schema_closed
from port_fake.surface.values import Document, Flag, Number, closed, opened
from port_fake.world.world import World

BULK: Final = schema_closed({"entities": array(ENTITY, minItems=1, maxItems=20)}, ["entities"])
DOOMED: Final = schema_closed({"entities": array(text(), minItems=1, maxItems=100)}, ["entities"])
BulkBody: TypeAlias = Annotated[dict[str, Any], Document(BULK, COMPONENTS)]
DoomedBody: TypeAlias = Annotated[dict[str, Any], Document(DOOMED)]


class DeleteAllQuery(TypedDict, total=False):
    """Which run does it, and whether the blueprint goes as well."""

    run_id: str
    delete_blueprint: Flag


@opened
class BulkResult(TypedDict):
    """One entity that was written; *index* is its place in the request."""

    created: bool
    identifier: str
    index: Number
    additionalData: NotRequired[dict[str, Any]]


@opened
class BulkError(TypedDict):
    """One entity that was refused."""

    identifier: str
    index: Number
    statusCode: Number
    error: str
    message: str


@closed
class BulkEnvelope(TypedDict):
    """What became of each entity of a bulk."""

    ok: bool
    entities: list[BulkResult]
    errors: list[BulkError]


@closed
class BulkDeletedEnvelope(TypedDict):
    """An answer that holds the identifiers of deleted entities."""

    ok: Literal[True]
    deletedEntities: list[str]


def write_entities(world: World, call: Call[CreateQuery, BulkBody]) -> BulkEnvelope | Reply:
    """Store up to twenty entities, each for itself: 200 when all went well, else 207.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/entities/bulk.
    Assumed: ``ok`` is false as soon as one was refused.
    """
    blueprint = world.blueprints[call.path["blueprint_identifier"]].identifier
    written: list[BulkResult] = []
    errors: list[BulkError] = []
    for index, draft in enumerate(call.body["entities"]):
        try:
            written.append(_write(world, call, blueprint, index, draft))
        except RefusedError as error:
            identifier = draft.get("identifier")
            errors.append(
                {
                    "identifier": identifier if isinstance(identifier, str) else "",
                    "index": index,
                    "statusCode": STATUSES[error.fault],
                    "error": WORDS[error.fault],
                    "message": str(error),
                }
            )
    envelope: BulkEnvelope = {"ok": not errors, "entities": written, "errors": errors}
    return Reply(207, envelope) if errors else envelope


def delete_entities(world: World, call: Call[DeleteQuery, DoomedBody]) -> BulkDeletedEnvelope:
    """Delete the entities that exist of those named, and answer with their identifiers.

    Raises: NotFoundError, ConflictError, InvalidError.
    Source: OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/bulk/entities/delete.
    Assumed: entities that do not exist are passed over; if one cannot go, none goes.
    """
    blueprint = world.blueprints[call.path["blueprint_identifier"]].identifier
    known = [
        identifier
        for identifier in dict.fromkeys(call.body["entities"])
        if world.entities.find(blueprint, identifier) is not None
    ]
    world.delete_entity(
        *(EntityKey(blueprint=blueprint, identifier=identifier) for identifier in known),
        caller=call.caller,
        run_id=call.query.get("run_id"),
        dependents=call.query.get("delete_dependents", False),
    )
    return {"ok": True, "deletedEntities": known}


def delete_all_entities(world: World, call: Call[DeleteAllQuery, Nothing]) -> Ok:
    """Delete every entity of a blueprint with what requires it, on request the blueprint too.

    Raises: NotFoundError, InvalidError.
    Source: OpenAPI 1.0, DELETE /v1/blueprints/{blueprint_identifier}/all-entities.
    Assumed: it is done when the answer comes, without a migration to wait for.
    """
    blueprint = call.path["blueprint_identifier"]
    keys = [entity.key for entity in world.entities.of(blueprint)]
    run_id = call.query.get("run_id")
    world.delete_entity(*keys, caller=call.caller, run_id=run_id, dependents=True)
    if call.query.get("delete_blueprint", False):
        world.remove_blueprint(blueprint, call.caller, with_actions=False)
    return OK


def _write(
    world: World,
    call: Call[CreateQuery, Any],
    blueprint: str,
    index: int,
    draft: Mapping[str, Any],
) -> BulkResult:
    query = call.query
    written = world.write_entity(
        blueprint,
        draft,
        call.caller,
        how=how_to_write(query),
        run_id=query.get("run_id"),
        make_related=query.get("create_missing_related_entities", False),
        only_check=query.get("validation_only", False),
    )
    return {
        "created": written.created,
        "identifier": written.entity.key.identifier,
        "index": index,
    }


OPERATIONS: Final = (
    Operation(
        name="write-entities",
        tag=TAG,
        route="POST /v1/blueprints/{blueprint_identifier}/entities/bulk",
        handler=write_entities,
        other_answers={207: BulkEnvelope},
        nonempty=IDS,
    ),
    Operation(
        name="delete-entities",
        tag=TAG,
        route="POST /v1/blueprints/{blueprint_identifier}/bulk/entities/delete",
        handler=delete_entities,
        nonempty=IDS,
        refuses=CONFLICTS,
    ),
    Operation(
        name="delete-all-entities",
        tag=TAG,
        route="DELETE /v1/blueprints/{blueprint_identifier}/all-entities",
        handler=delete_all_entities,
        nonempty=IDS,
    ),
)
