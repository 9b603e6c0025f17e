"""What the run operations read and answer, but for the run itself."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired, Required

from pydantic import Field, with_config
from typing_extensions import TypedDict

from port_fake.dialects.port.vocabulary import Ending, RulingWord, Version
from port_fake.surface.values import CLOSED, OPEN, Documented, Flag, Moment, Number


class VersionQuery(TypedDict, total=False):
    """Which shape of a run to answer.

    Assumed: v1 when the parameter is left out, as in the documentation's own examples.
    """

    version: Version


class ExecuteQuery(TypedDict, total=False):
    """On whose behalf to execute."""

    run_as: Annotated[str, Field(json_schema_extra={"format": "email"})]


@with_config(CLOSED)
class ExecuteBody(TypedDict):
    """The inputs, and the entity to act on."""

    properties: dict[str, Any]
    entity: NotRequired[str]


class ListQuery(TypedDict, total=False):
    """Filters, combined with AND."""

    entity: str
    blueprint: str
    active: Flag
    user_email: str
    user_id: str
    limit: Annotated[Number, Field(ge=1, le=1000)]
    exclude: list[str]
    external_run_id: str
    version: Version
    action: str
    source: list[Literal["UI", "API", "AUTOMATION"]]


@with_config(CLOSED)
class UpdateBody(TypedDict, total=False):
    """What a backend may report."""

    status: Ending
    statusLabel: str
    link: str | list[str]
    message: dict[str, Any]
    summary: str
    externalRunId: str


@with_config(CLOSED)
class ApprovalBody(TypedDict):
    """A ruling."""

    status: RulingWord
    description: NotRequired[str]


@with_config(CLOSED)
class LogBody(TypedDict, total=False):
    """A line for the log; with *terminationStatus* it ends the run."""

    message: Required[str]
    terminationStatus: Ending
    statusLabel: str


class LogsQuery(TypedDict, total=False):
    """Which part of the log."""

    limit: Annotated[Number, Field(ge=1, le=50)]
    offset: Number


class ApproversQuery(TypedDict, total=False):
    """Whether to list those who have yet to vote."""

    include_pending_approvers: Annotated[Flag, Documented(default=False, required=True)]


@with_config(OPEN)
class RunLog(TypedDict):
    """A line of a log."""

    id: str
    runId: str
    message: str
    createdBy: str
    createdAt: Moment


@with_config(CLOSED)
class RunLogEnvelope(TypedDict):
    """An answer that holds a line."""

    ok: Literal[True]
    runLog: RunLog


@with_config(CLOSED)
class RunLogsEnvelope(TypedDict):
    """An answer that holds lines."""

    ok: Literal[True]
    runLogs: list[RunLog]


@with_config(OPEN)
class ApproverJson(TypedDict):
    """An approver and where he or she stands."""

    userId: str
    state: str
    description: NotRequired[Annotated[str, Field(json_schema_extra={"nullable": True})]]


@with_config(CLOSED)
class ApproversEnvelope(TypedDict):
    """An answer that holds approvers."""

    ok: Literal[True]
    approvers: list[ApproverJson]
