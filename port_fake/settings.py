"""One named setting for each thing about the real service that nobody outside it knows.

Hand a changed copy to `FakePort`, the marker or `port-fake serve`: ``Settings(list_limit=50)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the fake behaves where Port's behaviour is unknown or contradictory."""

    list_limit: int = 1000
    """How many runs a list answers when no ``limit`` is given.

    Assumed: the maximum of the parameter; the default is documented nowhere.
    """

    log_limit: int = 50
    """How many log lines a page has when no ``limit`` is given.

    Assumed: the maximum of the parameter; the default is documented nowhere.
    """

    audit_limit: int = 1000
    """How many records the audit log answers when no ``limit`` is given.

    Assumed: as a list of runs; the default is documented nowhere.
    """

    active_includes_waiting: bool = False
    """Whether ``active=true`` lists runs that wait for approval.

    Assumed: no; the parameter's text speaks of running runs only.
    """

    logs_after_the_end: bool = True
    """Whether a finished run takes plain log lines.

    Assumed: yes; Port's agent posts a closing line after it has reported the final status.
    """

    annotations_while_waiting: bool = True
    """Whether links, labels and summaries may be set on a run that waits for approval.

    Assumed: yes; only changes of status are documented for a waiting run.
    """

    machine_may_approve: bool = True
    """Whether organisation credentials count as an approver.

    Source: docs, automatic approval: an automation approves through the API, with no user.
    Assumed: under ALL such a vote counts as one more voter and replaces nobody.
    """

    admins_may_always: bool = True
    """Whether an Admin may execute and approve where no list of the action names them.

    Source: docs, roles: Admins may do anything.
    Assumed: that holds for lists of users, roles and teams; a policy binds Admins as well.
    """

    policies_bind_machines: bool = False
    """Whether a policy decides about calls with the organisation's own credentials as well.

    Assumed: no; a policy asks about the user who executes, and there is none.
    """

    automation_limit: int = 200
    """How many automation runs one request from outside may set off before the rest is cut.

    Assumed: Port's own limit is unknown.
    """

    people_must_exist: bool = False
    """Whether user and team inputs must name users and teams of the organisation.

    Assumed: no; only the shape of such an input is documented.
    """

    unknown_inputs_refused: bool = True
    """Whether an execute call may carry inputs that the action does not define.

    Assumed: it may not.
    """

    unknown_properties_refused: bool = False
    """Whether an entity may carry properties that its blueprint does not define.

    Assumed: it may; refusing would break callers that the real service may well accept.
    """

    relations_must_exist: bool = True
    """Whether the entities that an entity relates to must exist.

    Source: Ocean: a missing related entity is a 404 with the error ``not_found``.
    """

    rate_limit: int = 1000
    """How many requests a period allows, as the rate-limit headers tell it.

    Assumed: the real numbers are unpublished.
    """

    rate_limit_enforced: bool = False
    """Whether requests over the limit are answered 429 until the period ends.

    The period is one of the organisation's clock, so ``advance`` ends it.
    Assumed: not; tests that make many requests are not about that.
    """

    rate_limit_period_s: int = 300
    """The length of a rate-limit period in seconds.

    Assumed: the real numbers are unpublished.
    """

    rate_limit_reset: Literal["epoch", "delta"] = "epoch"
    """What ``x-ratelimit-reset`` counts: UTC epoch seconds, or seconds until the reset.

    Source: docs, rate limits: epoch seconds. Terraform's provider reads seconds until the reset.
    """

    allow_hosts: frozenset[str] = frozenset()
    """Hosts beside those of this machine that webhooks may be sent to. A rule of the fake's own."""

    webhook_timeout_s: float = 30
    """How long a webhook may take to answer, in seconds; there is one attempt.

    Source: Port's agent, for itself.
    Assumed: Port's own sender does the same.
    """

    failed_calls_fail_runs: bool = True
    """Whether a run fails when its asynchronous webhook answers no 2xx or cannot be reached.

    Source: Port's agent, for itself.
    Assumed: Port's own sender does the same.
    """

    null_in_text: str = "null"
    """What null becomes between other text of a template.

    Assumed: the word; Port's engine is not among the sources.
    """

    chain_limit: int = 20
    """How many calls of the fake to itself may lead to one another before the chain is cut.

    Assumed: Port's own limit is unknown.
    """

    visibility_timeout_ms: int = 60_000
    """How long a claimed run stays hidden when the claimer names no time, in milliseconds.

    Source: Ocean's default.
    Assumed: it is the server's as well.
    """

    kafka: bool = False
    """Whether messages for Kafka go to a broker, which the server then runs.

    Without one they are kept in the ledger. A rule of the fake's own.
    """

    token_lifetime_s: int = 10_800
    """How long an access token is valid, in seconds.

    Source: docs, API authentication: three hours.
    """

    token_is_reused: bool = True
    """Whether asking again before expiry answers the same token, with the time that it has left.

    Source: docs, API authentication: one live token for each pair of credentials.
    Assumed: ``expiresIn`` then tells the remaining seconds.
    """


DEFAULT = Settings()
