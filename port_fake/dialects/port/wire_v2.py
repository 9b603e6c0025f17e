"""A run as ``version=v2`` shows it: the shape of Port's OpenAPI document."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, NotRequired, cast

from typing_extensions import TypedDict

from port_fake.dialects.port.vocabulary import STATUS, VERDICTS, moment
from port_fake.dialects.port.wire import entity_json
from port_fake.engine.approvals import Ballot
from port_fake.engine.catalog import Entity
from port_fake.engine.runs import Run
from port_fake.surface.values import Described, Moment, closed, opened
from port_fake.world.world import World


@opened
class Reference(TypedDict):
    """A thing that a run points at; *deleted* once it no longer exists."""

    identifier: str
    title: NotRequired[str | None]
    icon: NotRequired[str | None]
    deleted: NotRequired[bool]


@opened
class RequiredApproval(TypedDict):
    """How many approvers an action asks for."""

    type: Literal["ALL", "ANY"]


@opened
class Approval(TypedDict, total=False):
    """The ruling that decided a run."""

    description: str
    userId: str | None
    state: str


@opened
class PayloadHeaders(TypedDict, total=False):
    """Headers that the default template of Port's UI sets."""

    RUN_ID: str


@opened
class PortContext(TypedDict, total=False):
    """What the default template of Port's UI adds to a body."""

    runId: str


@opened
class PayloadBody(TypedDict, total=False):
    """A body made by the default template of Port's UI."""

    port_context: PortContext


@opened
class Payload(TypedDict, total=False):
    """The invocation as it was rendered for the run."""

    type: str
    url: Annotated[str, Described(format="uri")]
    agent: bool
    synchronized: bool
    method: str
    headers: PayloadHeaders
    body: PayloadBody


@opened
class RunV2(TypedDict):
    """A run."""

    id: str
    action: Reference
    properties: dict[str, Any]
    requiredApproval: bool | RequiredApproval
    source: str | dict[str, Any]
    status: str
    blueprint: NotRequired[Reference]
    entity: NotRequired[Reference]
    rawProperties: NotRequired[dict[str, Any]]
    endedAt: NotRequired[Moment]
    statusLabel: NotRequired[str | None]
    link: NotRequired[list[str] | str]
    summary: NotRequired[str]
    externalRunId: NotRequired[str]
    approval: NotRequired[Approval | None]
    payload: NotRequired[Payload | None]
    response: NotRequired[str | list[Any] | dict[str, Any]]
    pendingExecution: NotRequired[bool]
    claimedUntil: NotRequired[Moment]
    installationId: NotRequired[str]
    createdBy: NotRequired[str]
    impersonatedBy: NotRequired[str]
    updatedBy: NotRequired[str]
    createdAt: NotRequired[Moment]
    updatedAt: NotRequired[Moment]


@closed
class RunEnvelope(TypedDict):
    """An answer that holds a run."""

    ok: Literal[True]
    run: RunV2


@closed
class RunsEnvelope(TypedDict):
    """An answer that holds runs."""

    ok: Literal[True]
    runs: list[RunV2]


def run_v2(world: World, run: Run) -> RunV2:
    """Return *run* in the shape of v2.

    Source: OpenAPI 1.0, the run of every run operation; guides, entity inputs as objects.
    Assumed: a link given as text is answered as a list of one; ``rawProperties`` is the map as
    it was submitted; ``externalRunId`` is answered though the document does not list it.
    """
    action = run.action
    notes = run.notes
    shown: RunV2 = {
        "id": run.id,
        "status": STATUS[run.state],
        "action": _action(world, run),
        "properties": properties_json(run),
        "rawProperties": run.submitted,
        "source": run.source.value,
        "link": [notes.link] if isinstance(notes.link, str) else notes.link or [],
        "requiredApproval": action.definition.get("requiredApproval", False),
        "createdBy": run.created_by,
        "updatedBy": run.updated_by,
        "createdAt": moment(run.created_at),
        "updatedAt": moment(run.updated_at),
    }
    if action.blueprint is not None:
        shown["blueprint"] = _blueprint(world, action.blueprint)
        if run.entity is not None:
            shown["entity"] = _entity(world, action.blueprint, run.entity)
    if run.installation is not None:
        shown["installationId"] = run.installation
        shown["pendingExecution"] = run.is_queued and not run.has_ended
    if run.verdict is not None:
        shown["approval"] = _approval(run.verdict)
    once_set = {
        "endedAt": None if run.ended_at is None else moment(run.ended_at),
        "claimedUntil": None if run.claimed_until is None else moment(run.claimed_until),
        "impersonatedBy": run.impersonated_by,
        "statusLabel": notes.label,
        "summary": notes.summary,
        "externalRunId": notes.external_id,
        "payload": world.runs.payloads.get(run.id),
        "response": run.response,
    }
    given = {key: value for key, value in once_set.items() if value is not None}
    return cast("RunV2", {**shown, **given})


def _action(world: World, run: Run) -> Reference:
    reference: Reference = {
        "identifier": run.action.identifier,
        "title": run.action.title,
        "icon": run.action.icon,
    }
    current = world.actions.get(run.action.identifier)
    if current is None or current.id != run.action.id:
        reference["deleted"] = True
    return reference


def _blueprint(world: World, identifier: str) -> Reference:
    blueprint = world.blueprints.get(identifier)
    if blueprint is None:
        return {"identifier": identifier, "title": None, "icon": None, "deleted": True}
    return {"identifier": identifier, "title": blueprint.title, "icon": blueprint.icon}


def _entity(world: World, blueprint: str, identifier: str) -> Reference:
    entity = world.entities.find(blueprint, identifier)
    if entity is None:
        return {"identifier": identifier, "title": None, "icon": None, "deleted": True}
    return {"identifier": identifier, "title": entity.title, "icon": entity.icon}


def _approval(ballot: Ballot) -> Approval:
    approval: Approval = {"userId": ballot.voter, "state": VERDICTS[ballot.ruling]}
    if ballot.because is not None:
        approval["description"] = ballot.because
    return approval


def properties_json(run: Run) -> dict[str, Any]:
    """Return the inputs of a run, with entities in the place of their identifiers."""
    return inputs_json(run.inputs, run.linked)


def inputs_json(
    inputs: Mapping[str, Any], linked: Mapping[str, Entity | list[Entity]]
) -> dict[str, Any]:
    """Return inputs with the *linked* entities in the place of their identifiers."""
    if not linked:
        return dict(inputs)
    return {**inputs, **{name: _linked(found) for name, found in linked.items()}}


def _linked(found: Entity | list[Entity]) -> Any:
    if isinstance(found, list):
        return [entity_json(entity) for entity in found]
    return entity_json(found)
