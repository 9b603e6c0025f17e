"""Blueprints: the kinds of entities."""

from typing import Annotated, Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.definitions.blueprints import (
    BLUEPRINT,
    BLUEPRINT_CHANGES,
    BLUEPRINT_REPLACEMENT,
    STORED_BLUEPRINT,
    STORED_BLUEPRINT_IN_LIST,
)
from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.dialects.port.wire import OK, Ok, blueprint_json
from port_fake.errors import Fault
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.values import Described, Document, Flag, closed
from port_fake.world.world import World

TAG: Final = "Blueprints"
CONFLICTS: Final = frozenset({Fault.CONFLICT})
OBSOLETE: Final = frozenset({"formulaProperties"})
"""Keys of older tutorials that are accepted and forgotten."""

NewBlueprint: TypeAlias = Annotated[dict[str, Any], Document(BLUEPRINT, COMPONENTS)]
Replacement: TypeAlias = Annotated[dict[str, Any], Document(BLUEPRINT_REPLACEMENT, COMPONENTS)]
Changes: TypeAlias = Annotated[dict[str, Any], Document(BLUEPRINT_CHANGES, COMPONENTS)]
Stored: TypeAlias = Annotated[dict[str, Any], Document(STORED_BLUEPRINT, COMPONENTS)]
Listed: TypeAlias = Annotated[dict[str, Any], Document(STORED_BLUEPRINT_IN_LIST, COMPONENTS)]


COMPLETE: Final = Document(BLUEPRINT_REPLACEMENT, COMPONENTS)


class CreateQuery(TypedDict, total=False):
    """Whether Port's user interface gets a page for the blueprint; the fake has none."""

    create_catalog_page: Annotated[Flag, Described(default=True)]


class DeleteQuery(TypedDict, total=False):
    """Whether the actions of the blueprint go with it."""

    delete_actions: Flag


@closed
class BlueprintEnvelope(TypedDict):
    """An answer that holds a blueprint."""

    ok: Literal[True]
    blueprint: Stored


@closed
class BlueprintsEnvelope(TypedDict):
    """An answer that holds blueprints."""

    ok: Literal[True]
    blueprints: list[Listed]


def create_blueprint(world: World, call: Call[CreateQuery, NewBlueprint]) -> BlueprintEnvelope:
    """Store a new blueprint.

    Raises: ConflictError, InvalidError.
    Source: OpenAPI 1.0, POST /v1/blueprints.
    """
    blueprint = world.blueprints.define(_current(call.body), call.caller)
    return {"ok": True, "blueprint": blueprint_json(blueprint)}


def list_blueprints(world: World, call: Call[Nothing, Nothing]) -> BlueprintsEnvelope:  # noqa: ARG001
    """Answer with all blueprints, oldest first.

    Source: OpenAPI 1.0, GET /v1/blueprints.
    """
    return {"ok": True, "blueprints": [blueprint_json(one) for one in world.blueprints]}


def get_blueprint(world: World, call: Call[Nothing, Nothing]) -> BlueprintEnvelope:
    """Answer with a blueprint.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/blueprints/{identifier}.
    """
    return {"ok": True, "blueprint": blueprint_json(world.blueprints[call.path["identifier"]])}


def replace_blueprint(world: World, call: Call[Nothing, Replacement]) -> BlueprintEnvelope:
    """Put another definition in the place of a blueprint's.

    Raises: NotFoundError, InvalidError.
    Source: OpenAPI 1.0, PUT /v1/blueprints/{identifier}.
    Assumed: the identifier in the path stays, whatever the body says.
    """
    blueprint = world.blueprints.redefine(call.path["identifier"], _current(call.body), call.caller)
    return {"ok": True, "blueprint": blueprint_json(blueprint)}


def change_blueprint(world: World, call: Call[Nothing, Changes]) -> BlueprintEnvelope:
    """Change the keys of a blueprint that are given.

    Raises: NotFoundError, InvalidError.
    Source: OpenAPI 1.0, PATCH /v1/blueprints/{identifier}.
    Assumed: a given key replaces the old value whole, and what comes of it must be complete: the
    document lets a change leave out the type of a property, which no stored blueprint may lack.
    """
    identifier = call.path["identifier"]
    definition = {**world.blueprints[identifier].definition, **_current(call.body)}
    COMPLETE.check(definition)
    blueprint = world.blueprints.redefine(identifier, definition, call.caller)
    return {"ok": True, "blueprint": blueprint_json(blueprint)}


def delete_blueprint(world: World, call: Call[DeleteQuery, Nothing]) -> Ok:
    """Remove a blueprint that has no entities, and on request its actions.

    Raises: NotFoundError, ConflictError.
    Source: OpenAPI 1.0, DELETE /v1/blueprints/{identifier}.
    Assumed: a blueprint with entities is kept, as a conflict.
    """
    world.remove_blueprint(
        call.path["identifier"],
        call.caller,
        with_actions=call.query.get("delete_actions", False),
    )
    return OK


def _current(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in OBSOLETE}


OPERATIONS: Final = (
    Operation(
        name="create-blueprint",
        tag=TAG,
        route="POST /v1/blueprints",
        handler=create_blueprint,
        success=201,
        scopes=("create:blueprints",),
        refuses=CONFLICTS,
    ),
    Operation(
        name="get-blueprints",
        tag=TAG,
        route="GET /v1/blueprints",
        handler=list_blueprints,
        scopes=("read:blueprints",),
    ),
    Operation(
        name="get-blueprint",
        tag=TAG,
        route="GET /v1/blueprints/{identifier}",
        handler=get_blueprint,
        scopes=("read:blueprints",),
    ),
    Operation(
        name="replace-blueprint",
        tag=TAG,
        route="PUT /v1/blueprints/{identifier}",
        handler=replace_blueprint,
        scopes=("update:blueprints",),
    ),
    Operation(
        name="change-blueprint",
        tag=TAG,
        route="PATCH /v1/blueprints/{identifier}",
        handler=change_blueprint,
        scopes=("update:blueprints",),
        body_required=False,
    ),
    Operation(
        name="delete-blueprint",
        tag=TAG,
        route="DELETE /v1/blueprints/{identifier}",
        handler=delete_blueprint,
        refuses=CONFLICTS,
    ),
)
