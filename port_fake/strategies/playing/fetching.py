"""Steps of those who fetch runs from a queue, one at a time and several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from port_fake.strategies.playing.expected import ExpectedRun
from port_fake.strategies.playing.judging import must
from port_fake.strategies.playing.stage import BUILD, INSTALLATION, PLAIN, SHIP, Stage, runs_of
from port_fake.strategies.playing.targets import Answer

CLAIM: Final = "claim-pending-runs"
ACK: Final = "acknowledge-runs"
MINUTE_S: Final = 60
TAKEN: Final = 409

VISIBILITY_S: Final = st.sampled_from([None, MINUTE_S, 2 * MINUTE_S, 10 * MINUTE_S])
"""Whole minutes, so that the time which steps take makes no difference."""

MINUTES: Final = st.sampled_from([0, 1, 2, 10])
RARELY: Final = st.sampled_from([False, False, False, True])
EXCLUDE: Final = st.lists(st.sampled_from([BUILD, SHIP, PLAIN]), max_size=2, unique=True)


class Fetching(Stage):
    """Claims, acknowledgements and time, and what must come of them."""

    @rule(
        after=MINUTES,
        elsewhere=RARELY,
        limit=st.integers(1, 3),
        visibility_s=VISIBILITY_S,
        exclude=EXCLUDE,
    )
    def claim(
        self,
        after: int,
        limit: int,
        visibility_s: int | None,
        exclude: list[str],
        *,
        elsewhere: bool,
    ) -> None:
        """Claim runs *after* some minutes, from the queue of the actions or from one of nobody."""
        self.wait(after)
        installation = "machine-nobody" if elsewhere else INSTALLATION
        answer = self._claim(installation, limit, visibility_s, exclude)
        wanted = self.expected.claimable(installation, exclude)[:limit]
        self._hold_claimed([answer], wanted, limit, visibility_s)

    @rule(
        after=MINUTES,
        claimers=st.integers(2, 4),
        limit=st.integers(1, 2),
        visibility_s=VISIBILITY_S,
    )
    def claim_at_once(
        self, after: int, claimers: int, limit: int, visibility_s: int | None
    ) -> None:
        """Let several claim at the same time: nobody gets what another one got."""
        self.wait(after)
        answers = _at_once(claimers, lambda: self._claim(INSTALLATION, limit, visibility_s, []))
        wanted = self.expected.claimable(INSTALLATION)[: claimers * limit]
        self._hold_claimed(answers, wanted, limit, visibility_s)

    @rule(run=Stage.runs, alone=st.booleans())
    def acknowledge(self, run: ExpectedRun, *, alone: bool) -> None:
        """Take a run out of the queue, as an integration (*alone*) or an agent does."""
        self._hold_acknowledged(run, [self._acknowledge(run, alone=alone)])

    @rule(run=Stage.runs, claimers=st.integers(2, 3), alone=st.booleans())
    def acknowledge_at_once(self, run: ExpectedRun, claimers: int, *, alone: bool) -> None:
        """Let several take the same run out of the queue: one of them succeeds."""
        answers = _at_once(claimers, lambda: self._acknowledge(run, alone=alone))
        self._hold_acknowledged(run, answers)

    def wait(self, minutes: int) -> None:
        """Let time pass, where the target can."""
        if minutes and self.target.moves_time:
            self.target.advance(minutes * MINUTE_S)
            self.expected.now_s += minutes * MINUTE_S

    def _claim(
        self, installation: str, limit: int, visibility_s: int | None, exclude: Sequence[str]
    ) -> Answer:
        body: dict[str, Any] = {"installationId": installation, "limit": limit}
        if visibility_s is not None:
            body["visibilityTimeoutMs"] = visibility_s * 1000
        if exclude:
            body["exclude"] = list(exclude)
        return self.ask(CLAIM, body=body)

    def _hold_claimed(
        self,
        answers: Sequence[Answer],
        wanted: Sequence[ExpectedRun],
        limit: int,
        visibility_s: int | None,
    ) -> None:
        for answer in answers:
            self.judge(CLAIM, answer)
        batches = [runs_of(answer) for answer in answers]
        sizes = [len(batch) for batch in batches]
        must(max(sizes) <= limit, "a claim of {} runs got {}", limit, max(sizes))
        found = [run["id"] for batch in batches for run in batch]
        ids = [run.id for run in wanted]
        if len(batches) == 1:
            must(found == ids, "the claim got {} and must get {}", found, ids)
        must(sorted(found) == sorted(ids), "the claims got {} and must get {}", found, ids)
        order = {run_id: place for place, run_id in enumerate(ids)}
        by_id = {run["id"]: run for batch in batches for run in batch}
        for batch in batches:
            places = [order[run["id"]] for run in batch]
            must(places == sorted(places), "a claim got {}, not the oldest first", batch)
        for run in wanted:
            self.expected.hide(run, visibility_s)
            self.hold(run, by_id[run.id], "v2")
            must(bool(by_id[run.id].get("claimedUntil")), "run {} is claimed for ever", run.id)

    def _acknowledge(self, run: ExpectedRun, *, alone: bool) -> Answer:
        return self.ask(ACK, run, body={"runId": run.id} if alone else {"runIds": [run.id]})

    def _hold_acknowledged(self, run: ExpectedRun, answers: Sequence[Answer]) -> None:
        taken = 0
        for answer in answers:
            refused = answer.status == TAKEN
            self.judge(ACK, answer, frozenset({TAKEN}) if refused else frozenset())
            taken += 0 if refused else answer.body["ackedCount"]
        # A run that ended in the queue may have left it since, or may yet be acknowledged.
        possible = {1} if not run.has_ended else {0, 1}
        wanted = possible if run.place == "waiting" else {0}
        must(taken in wanted, "{} was acknowledged {} times, not {}", run.id, taken, wanted)
        if taken:
            run.place = "gone"


def _at_once(count: int, ask: Callable[[], Answer]) -> list[Answer]:
    barrier = Barrier(count)

    def one(_: int) -> Answer:
        barrier.wait()
        return ask()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))
