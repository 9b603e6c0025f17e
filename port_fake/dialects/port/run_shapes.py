"""What the run operations read and answer, but for the run itself."""

from typing import Annotated, Any, Literal, NotRequired, Required

from typing_extensions import TypedDict

from port_fake.dialects.port.vocabulary import Ending, RulingWord, Version
from port_fake.surface.values import (
    Bounded,
    Described,
    Flag,
    Moment,
    Number,
    RequiredOnPaper,
    closed,
    opened,
)


class VersionQuery(TypedDict, total=False):
    """Which shape of a run to answer.

    Assumed: v1 when the parameter is left out, as in the documentation's own examples.
    """

    version: Version


class ExecuteQuery(TypedDict, total=False):
    """On whose behalf to execute."""

    run_as: Annotated[str, Described(format="email")]


@closed
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
    limit: Annotated[float, Bounded(1, 1000)]
    exclude: list[str]
    external_run_id: str
    version: Version
    action: str
    source: list[Literal["UI", "API", "AUTOMATION"]]


@closed
class UpdateBody(TypedDict, total=False):
    """What a backend may report."""

    status: Ending
    statusLabel: str
    link: str | list[str]
    message: dict[str, Any]
    summary: str
    externalRunId: str


@closed
class ApprovalBody(TypedDict):
    """A ruling."""

    status: RulingWord
    description: NotRequired[str]


@closed
class LogBody(TypedDict, total=False):
    """A line for the log; with *terminationStatus* it ends the run."""

    message: Required[str]
    terminationStatus: Ending
    statusLabel: str


class LogsQuery(TypedDict, total=False):
    """Which part of the log."""

    limit: Annotated[float, Bounded(1, 50)]
    offset: Number


class ApproversQuery(TypedDict, total=False):
    """Whether to list those who have yet to vote."""

    include_pending_approvers: Annotated[Flag, RequiredOnPaper(default=False)]


@opened
class RunLog(TypedDict):
    """A line of a log."""

    id: str
    runId: str
    message: str
    createdBy: str
    createdAt: Moment


@closed
class RunLogEnvelope(TypedDict):
    """An answer that holds a line."""

    ok: Literal[True]
    runLog: RunLog


@closed
class RunLogsEnvelope(TypedDict):
    """An answer that holds lines."""

    ok: Literal[True]
    runLogs: list[RunLog]


@opened
class ApproverJson(TypedDict):
    """An approver and where he or she stands."""

    userId: str
    state: str
    description: NotRequired[Annotated[str, Described(nullable=True)]]


@closed
class ApproversEnvelope(TypedDict):
    """An answer that holds approvers."""

    ok: Literal[True]
    approvers: list[ApproverJson]
