"""Steps that look at runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from port_fake.strategies.playing.expected import ExpectedRun
from port_fake.strategies.playing.judging import must
from port_fake.strategies.playing.living import EXTERNAL_IDS, FORM
from port_fake.strategies.playing.stage import (
    BLUEPRINT,
    ENTITIES,
    KINDS,
    WHO,
    Role,
    Stage,
    runs_of,
)

LIST: Final = "get-all-action-runs"
LOGS: Final = "get-action-s-run-logs"
APPROVERS: Final = "get-action-run-s-approvers"
PAGE: Final = 50

FILTERS: Final = st.fixed_dictionaries(
    {},
    optional={
        "action": st.sampled_from([*KINDS, "machine_nothing"]),
        "active": st.booleans(),
        "external_run_id": EXTERNAL_IDS | st.just("nothing"),
        "blueprint": st.sampled_from([BLUEPRINT, "nothing"]),
        "entity": st.sampled_from([*ENTITIES, "nothing"]),
        "source": st.sampled_from([["API"], ["UI"], ["AUTOMATION", "API"], ["UI", "AUTOMATION"]]),
    },
)
EXCLUDABLE: Final = st.sampled_from(["properties", "status", "createdBy", "link", "nothing"])
SHAPES: Final = st.fixed_dictionaries(
    {},
    optional={
        "limit": st.integers(1, 4),
        "version": st.sampled_from(["v1", "v2"]),
        "exclude": st.lists(EXCLUDABLE, min_size=1, max_size=2, unique=True),
    },
)
TOO_MUCH: Final = (
    (LIST, {"limit": 0}),
    (LIST, {"limit": 1001}),
    (LIST, {"version": "v3"}),
    (LIST, {"source": ["API", "CLI"]}),
)


class Looking(Stage):
    """Reads, lists, pages of logs and approvers, and what they must answer."""

    @rule(run=Stage.runs, who=WHO, version=FORM)
    def read(self, run: ExpectedRun, who: Role, version: str | None) -> None:
        """Read a run."""
        query = {} if version is None else {"version": version}
        name = "get-action-run-s-details"
        answer = self.ask(name, run, who=self.person(who), query=query)
        self.judge(name, answer)
        self.hold(run, answer.body["run"], version or "v1")

    @rule(
        operation=st.sampled_from(["get-action-run-s-details", LOGS, APPROVERS]),
        run_id=st.sampled_from(["r_nothing", "nothing"]),
    )
    def read_in_vain(self, operation: str, run_id: str) -> None:
        """Read something of a run that is not there."""
        answer = self.ask(operation, path={"run_id": run_id})
        self.judge(operation, answer, frozenset({404}))

    @rule(
        filters=FILTERS,
        by=st.none() | st.tuples(st.sampled_from(["user_email", "user_id"]), WHO),
        shape=SHAPES,
    )
    def list_runs(
        self, filters: dict[str, Any], by: tuple[str, Role] | None, shape: dict[str, Any]
    ) -> None:
        """List runs: filtered, perhaps *by* who made them, cut and shaped."""
        person = None if by is None else self.person(by[1])
        creator: dict[str, Any] = {}
        if by is not None and person is not None:
            key = by[0] if person.email is not None else "user_id"
            creator = {key: person.email if key == "user_email" else person.id}
        self.hold_list({**filters, **creator, **shape})

    @rule(too_much=st.sampled_from(TOO_MUCH))
    def list_in_vain(self, too_much: tuple[str, dict[str, Any]]) -> None:
        """Ask for what no list may be asked for."""
        operation, query = too_much
        self.judge(operation, self.ask(operation, query=query), frozenset({422}))

    @rule(
        run=Stage.runs,
        limit=st.none() | st.integers(1, 3) | st.just(PAGE + 1),
        offset=st.none() | st.integers(0, 4),
    )
    def read_logs(self, run: ExpectedRun, limit: int | None, offset: int | None) -> None:
        """Read a page of a run's log."""
        given = {"limit": limit, "offset": offset}
        query = {key: value for key, value in given.items() if value is not None}
        if limit is not None and limit > PAGE:
            self.judge(LOGS, self.ask(LOGS, run, query=query), frozenset({422}))
            return
        self.hold_lines(run, query)

    @rule(run=Stage.runs, pending=st.none() | st.booleans())
    def read_approvers(self, run: ExpectedRun, pending: bool | None) -> None:  # noqa: FBT001 - drawn by name
        """Ask who has voted, and perhaps who has yet to."""
        self.hold_approvers(run, {} if pending is None else {"include_pending_approvers": pending})

    def hold_list(self, query: Mapping[str, Any]) -> None:
        """List runs and hold the answer against what it must be.

        Runs that the machine has not made may follow its own: they are older.

        Raises:
            AssertionError: It is not that.
        """
        version = query.get("version") or "v1"
        answer = self.ask(LIST, query=query)
        self.judge(LIST, answer)
        found = runs_of(answer)
        limit = query.get("limit", self.port_settings.list_limit)
        wanted = self.expected.listed(query)[:limit]
        ids = [run["id"] for run in found]
        strangers = ids[len(wanted) :]
        right = [run.id for run in wanted]
        must(
            ids[: len(wanted)] == right,
            *("the list {} holds {} and must begin with {}", query, ids, right),
        )
        must(len(ids) <= limit, "the list {} holds {} runs", query, len(ids))
        mine = [one for one in strangers if self.expected.find(one) is not None]
        must(not mine, "the list {} must not hold {}", query, mine)
        excluded = set(query.get("exclude", ()))
        for run, got in zip(wanted, found, strict=False):
            must(not excluded & got.keys(), "the list {} shows {}", query, sorted(got))
            if not excluded:
                self.hold(run, got, version)

    def hold_lines(self, run: ExpectedRun, query: Mapping[str, Any]) -> None:
        """Read a page of a run's log and hold it against what it must be.

        Raises:
            AssertionError: It is not that.
        """
        answer = self.ask(LOGS, path={"run_id": run.id}, query=query)
        self.judge(LOGS, answer)
        start = query.get("offset", 0)
        end = start + query.get("limit", self.port_settings.log_limit)
        got = [(line["message"], line["createdBy"]) for line in answer.body["runLogs"]]
        wanted = run.lines[start:end]
        must(
            got == wanted,
            *("the log of {}, {}, reads {} and must read {}", run.id, query, got, wanted),
        )

    def hold_approvers(self, run: ExpectedRun, query: Mapping[str, Any]) -> None:
        """Ask for a run's approvers and hold the answer against what it must be.

        Raises:
            AssertionError: It is not that.
        """
        answer = self.ask(APPROVERS, path={"run_id": run.id}, query=query)
        self.judge(APPROVERS, answer)
        found = answer.body["approvers"]
        voted = [vote.json for vote in run.votes]
        asked = query.get("include_pending_approvers") and run.button.policy is not None
        pending = {(one, "PENDING") for one in run.awaited} if asked else set()
        rest = {(one["userId"], one["state"]) for one in found[len(voted) :]}
        right = found[: len(voted)] == voted and rest == pending
        wanted = [*voted, *sorted(pending)]
        must(right, "the approvers of {}, {}, are {} and must be {}", run.id, query, found, wanted)
