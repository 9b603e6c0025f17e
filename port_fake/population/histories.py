"""What has become of the runs of past weeks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from port_fake.dialects.port.vocabulary import STATUS
from port_fake.engine.states import State
from port_fake.population.actions import GATED, approvers
from port_fake.population.catalog import (
    ACCESS,
    ELSEWHERE,
    LANGUAGES,
    PRODUCTION,
    SYSTEMS,
    Document,
    Person,
    Service,
)
from port_fake.population.chance import Chance
from port_fake.population.reports import Report, report
from port_fake.scenarios.durations import written

OFTEN: Final = {
    "deploy": 34,
    "release": 24,
    "restart": 14,
    "request_access": 10,
    "scale": 9,
    "rollback": 6,
    "create_service": 3,
}
"""How many of a hundred runs are of each action."""

RECENT: Final = timedelta(hours=20)
"""What was requested longer ago has been decided by now."""

UNDER_WAY: Final = timedelta(hours=1)
"""What began longer ago has ended by now."""

REASONS: Final = (
    "memory keeps growing since the last release",
    "latency alarms on the checkout path",
    "error rate above the budget",
    "load test before the campaign",
    "on call asked for it",
    "certificate was renewed",
)
NEEDS: Final = (
    "analysing a customer complaint",
    "quarterly reconciliation",
    "on call for the next two weeks",
    "migration of the reporting tables",
)
OBJECTIONS: Final = ("not before the freeze is over", "please add a reason", "wrong environment")
WORDS: Final = ("looks good", "go ahead", "approved, please watch the dashboards", None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who and what takes part."""

    people: list[Person]
    services: list[Service]


class Histories:
    """Makes up runs, one after the other; versions of a service grow."""

    def __init__(self, chance: Chance, cast: Cast) -> None:
        self._chance = chance
        self._cast = cast
        self._releases: dict[str, int] = {}
        self._builds = chance.number(400, 900)

    def runs(self, count: int, *, within: timedelta) -> Iterator[Document]:
        """Return *count* runs as a scenario names them, oldest first, all begun *within* that."""
        for ago in self._chance.moments(count, within=within):
            yield self._run(self._chance.weighed(OFTEN), ago)

    def _run(self, action: str, ago: timedelta) -> Document:
        service = self._chance.one(self._cast.services)
        who = self._chance.one(self._cast.people)
        inputs = self._inputs(action, service)
        run: Document = {"action": action, "as": who.email, "properties": inputs}
        if action not in {"create_service", "request_access"}:
            run["entity"] = service.name
        spent = timedelta()
        state = State.QUEUED
        if action in GATED:
            state, approvals, spent = self._decided(action, who, ago)
            run["approvals"] = approvals
        if state is State.QUEUED:
            state, worked = self._worked(ago - spent)
            run |= self._reported(report(self._chance, action, state, service.name, inputs), worked)
            spent += worked
        ago = max(ago, spent)
        return {**run, "ago": written(ago), "status": STATUS[state]}

    def _inputs(self, action: str, service: Service) -> dict[str, Any]:
        chance = self._chance
        if action in {"deploy", "release"}:
            places = PRODUCTION if action in GATED else ELSEWHERE
            return {"version": self._version(service), "environment": chance.one(places)}
        if action == "rollback":
            return {"version": self._version(service, step=-1), "reason": chance.one(REASONS)}
        if action == "restart":
            return {"reason": chance.one(REASONS)}
        if action == "scale":
            return {"replicas": chance.number(1, 30)}
        if action == "request_access":
            return {
                "system": chance.one(SYSTEMS),
                "access": chance.one(ACCESS),
                "days": chance.one((1, 7, 14, 30)),
                "reason": chance.one(NEEDS),
            }
        return {"name": f"{service.name}-{chance.digits(3)}", "language": chance.one(LANGUAGES)}

    def _version(self, service: Service, *, step: int = 1) -> str:
        number = max(1, self._releases.get(service.name, self._chance.number(3, 80)) + step)
        self._releases[service.name] = number
        return f"{1 + number // 40}.{number % 40}.{self._chance.number(0, 3)}"

    def _decided(
        self, action: str, who: Person, ago: timedelta
    ) -> tuple[State, list[Document], timedelta]:
        chance = self._chance
        asked = [one for one in approvers(action, self._cast.people) if one is not who]
        voters = asked if action == "request_access" else [chance.one(asked)]
        if ago < RECENT and chance.happens(0.35):
            return State.AWAITING_APPROVAL, [], timedelta()
        if chance.happens(0.01):
            return State.FAILED, [], chance.length(60, 3600)  # taken back before anybody voted
        approvals: list[Document] = []
        spent = timedelta()
        for voter in voters:
            wait = chance.length(30, 4 * 3600)
            spent += wait
            declined = chance.happens(0.08)
            words = chance.one(OBJECTIONS) if declined else chance.one(WORDS)
            approvals.append(
                {
                    "as": voter.email,
                    "status": "DECLINE" if declined else "APPROVE",
                    "after": written(wait),
                    **({} if words is None else {"description": words}),
                }
            )
            if declined:
                return State.DECLINED, approvals, spent
        if len(voters) < len(approvers(action, self._cast.people)) and action == "request_access":
            return State.AWAITING_APPROVAL, approvals, spent  # nobody votes in the asker's place
        return State.QUEUED, approvals, spent

    def _worked(self, left: timedelta) -> tuple[State, timedelta]:
        took = self._chance.length(20, 900)
        if left < UNDER_WAY and self._chance.happens(0.5):
            return State.RUNNING, max(timedelta(), min(took, left))
        return (State.FAILED if self._chance.happens(0.13) else State.SUCCEEDED), took

    def _reported(self, told: Report, worked: timedelta) -> Document:
        self._builds += 1
        run: Document = {
            "logs": told.logs,
            "links": [f"https://ci.example.com/builds/{self._builds}"],
            "took": written(worked),
        }
        if told.summary is not None:
            run["summary"] = told.summary
        if told.label is not None:
            run["label"] = told.label
        return run
