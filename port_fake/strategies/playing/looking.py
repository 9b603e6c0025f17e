"""Steps that look at runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from port_fake.strategies.playing.expected import ExpectedRun
from port_fake.strategies.playing.judging import must
from port_fake.strategies.playing.living import EXTERNAL_IDS, FORM, some
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

FILTERS: Final = st.lists(
    st.one_of(
        st.builds(lambda value: {"action": value}, st.sampled_from([*KINDS, "machine_nothing"])),
        st.builds(lambda value: {"active": value}, st.booleans()),
        st.builds(lambda value: {"external_run_id": value}, EXTERNAL_IDS | st.just("nothing")),
        st.builds(lambda value: {"blueprint": value}, st.sampled_from([BLUEPRINT, "nothing"])),
        st.builds(lambda value: {"entity": value}, st.sampled_from([*ENTITIES, "nothing"])),
        st.builds(
            lambda value: {"source": value},
            st.sampled_from([["API"], ["UI"], ["AUTOMATION", "API"], ["UI", "AUTOMATION"]]),
        ),
        st.builds(lambda who: {"user_email": who}, WHO),
        st.builds(lambda who: {"user_id": who}, WHO),
    ),
    max_size=2,
)
"""A few only: most runs fit no four of them. People are named by their roles."""

EXCLUDABLE: Final = st.sampled_from(["properties", "status", "createdBy", "link", "nothing"])
SHAPES: Final = st.fixed_dictionaries(
    {},
    optional={
        "limit": st.integers(1, 4),
        "version": st.sampled_from(["v1", "v2"]),
        "exclude": st.lists(EXCLUDABLE, min_size=1, max_size=2, unique=True),
    },
)
LISTS: Final = st.builds(
    lambda filters, shape: {key: value for one in [*filters, shape] for key, value in one.items()},
    FILTERS,
    SHAPES,
)
PAGES: Final = st.fixed_dictionaries(
    {}, optional={"limit": st.integers(1, 3), "offset": st.integers(0, 4)}
)


def has_lines(run: ExpectedRun) -> bool:
    """Whether there is a log to page through."""
    return bool(run.lines)


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

    @rule(queries=st.lists(LISTS, min_size=1, max_size=3))
    def list_runs(self, queries: list[dict[str, Any]]) -> None:
        """List runs: filtered, cut and shaped."""
        for query in queries:
            self.hold_list(self._named(query))

    @precondition(some(has_lines))
    @rule(run=Stage.runs.filter(has_lines), pages=st.lists(PAGES, min_size=1, max_size=3))
    def read_logs(self, run: ExpectedRun, pages: list[dict[str, int]]) -> None:
        """Read pages of a run's log."""
        for page in pages:
            self.hold_lines(run, page)

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
            if "id" in got and "status" in got:
                self.hold(run, got, version, excluded=excluded)

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

    def _named(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Return a query with people by email and id in the place of their roles."""
        named = dict(query)
        if "user_id" in query:
            named["user_id"] = self.person(query["user_id"]).id
        if "user_email" in query:
            # The organisation has no email, so no run is of such a user.
            named["user_email"] = self.person(query["user_email"]).email or "nobody@example.com"
        return named
