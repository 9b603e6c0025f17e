"""A run as ``version=v1`` shows it: the shape of Port's first tutorial."""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from port_fake.dialects.port.vocabulary import STATUS, moment
from port_fake.engine.runs import Run
from port_fake.surface.values import Moment, closed, opened
from port_fake.world.world import World


@opened
class Titled(TypedDict):
    """A thing that a run points at."""

    identifier: str
    title: str | None


@opened
class RunV1(TypedDict):
    """A run."""

    id: str
    status: str
    action: str
    properties: dict[str, Any]
    source: str
    endedAt: Moment | None
    relatedEntityExists: bool
    relatedBlueprintExists: bool
    createdBy: str
    updatedBy: str
    createdAt: Moment
    updatedAt: Moment
    blueprint: NotRequired[Titled]
    entity: NotRequired[Titled]
    link: NotRequired[str | list[str]]
    message: NotRequired[dict[str, Any]]
    statusLabel: NotRequired[str]
    summary: NotRequired[str]
    externalRunId: NotRequired[str]


@closed
class RunEnvelopeV1(TypedDict):
    """An answer that holds a run."""

    ok: Literal[True]
    run: RunV1


@closed
class RunsEnvelopeV1(TypedDict):
    """An answer that holds runs."""

    ok: Literal[True]
    runs: list[RunV1]


def run_v1(world: World, run: Run) -> RunV1:
    """Return *run* in the shape of v1.

    Source: tutorial of 2022, and the documentation's pages on runs of 2022 to 2024.
    Assumed: what was added to runs since (label, summary, external id) is answered once it is
    set; link and message are answered as they were sent.
    """
    blueprint = run.action.blueprint
    kind = world.blueprints.get(blueprint) if blueprint is not None else None
    entity = (
        world.entities.find(blueprint, run.entity)
        if blueprint is not None and run.entity is not None
        else None
    )
    shown: RunV1 = {
        "id": run.id,
        "status": STATUS[run.state],
        "action": run.action.identifier,
        "properties": run.inputs,
        "source": run.source.value,
        "endedAt": moment(run.ended_at) if run.ended_at is not None else None,
        "relatedEntityExists": entity is not None,
        "relatedBlueprintExists": kind is not None,
        "createdBy": run.created_by,
        "updatedBy": run.updated_by,
        "createdAt": moment(run.created_at),
        "updatedAt": moment(run.updated_at),
    }
    if blueprint is not None:
        shown["blueprint"] = {"identifier": blueprint, "title": kind.title if kind else None}
    if run.entity is not None:
        shown["entity"] = {"identifier": run.entity, "title": entity.title if entity else None}
    notes = run.notes
    if notes.link is not None:
        shown["link"] = notes.link
    if notes.message is not None:
        shown["message"] = notes.message
    if notes.label is not None:
        shown["statusLabel"] = notes.label
    if notes.summary is not None:
        shown["summary"] = notes.summary
    if notes.external_id is not None:
        shown["externalRunId"] = notes.external_id
    return shown
