"""What backends write: log lines, a summary and a label for each action and outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from port_fake.engine.states import State
from port_fake.population.chance import Chance

LINES: Final[Mapping[str, tuple[str, ...]]] = {
    "create_service": (
        "creating the repository {name}",
        "pushing the {language} template",
        "registering {name} with the pipeline",
    ),
    "deploy": (
        "checking out {commit}",
        "building image {service}:{version}",
        "rolling out to {environment}",
    ),
    "rollback": ("finding image {service}:{version}", "rolling out the earlier image"),
    "restart": ("draining connections of {service}", "restarting, one pod at a time"),
    "scale": ("setting {service} to {replicas} replicas",),
    "request_access": ("granting {access} on {system}", "access ends in {days} days"),
}
OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "create_service": ("{name} is ready", "Created"),
    "deploy": ("{service} {version} is live in {environment}", "Deployed"),
    "rollback": ("{service} is back at {version}", "Rolled back"),
    "restart": ("{service} was restarted", "Restarted"),
    "scale": ("{service} runs {replicas} replicas", "Scaled"),
    "request_access": ("{access} on {system} for {days} days", "Granted"),
}
FAILURES: Final[Mapping[str, str]] = {
    "readiness probe failed: status code 503": "Not ready",
    "image could not be pulled: unauthorized": "No image",
    "2 of 314 tests failed": "Tests failed",
    "timed out after 900 s": "Timed out",
    "quota of CPUs exceeded": "No quota",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a backend wrote by the time that its run stands where it stands."""

    logs: list[str]
    summary: str | None = None
    label: str | None = None


def report(
    chance: Chance, action: str, state: State, service: str, inputs: Mapping[str, Any]
) -> Report:
    """Return what the backend of *action* wrote on its way to *state*."""
    kind = "deploy" if action == "release" else action
    words = {**inputs, "service": service, "commit": chance.digits(7)}
    lines = [line.format_map(words) for line in LINES[kind]]
    if state is State.SUCCEEDED:
        summary, label = OUTCOMES[kind]
        return Report(logs=[*lines, "done"], summary=summary.format_map(words), label=label)
    begun = lines[: chance.number(1, len(lines))]
    if state is State.FAILED:
        reason = chance.one(list(FAILURES))
        return Report(logs=[*begun, f"error: {reason}"], summary=reason, label=FAILURES[reason])
    return Report(logs=begun)
