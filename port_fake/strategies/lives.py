"""Lives of runs: what may happen to one, step by step, and the same played on a fake."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from hypothesis import strategies as st

from port_fake.dialects.port.vocabulary import TABLE
from port_fake.engine.states import Event, State, Transitions, step
from port_fake.errors import ConflictError
from port_fake.fake import FakePort
from port_fake.handle.views import RunView
from port_fake.strategies.run_facts import LINKS, TEXTS

PolicyWord: TypeAlias = Literal["ANY", "ALL"]

VOTERS: Final = ("ana@example.com", "ben@example.com", "lea@example.com")
REQUESTER: Final = "sam@example.com"
INSTALLATION: Final = "history"
DISPATCH: Final[Mapping[str, Any]] = {
    "type": "INTEGRATION_ACTION",
    "installationId": INSTALLATION,
    "integrationActionType": "dispatch_workflow",
    "integrationActionExecutionProperties": {"org": "o", "repo": "r", "workflow": "w.yml"},
}
"""An action whose runs wait to be taken: only so does a test decide when a run starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """Somebody approves or declines. *event* is what comes of it: the last vote decides."""

    event: Event
    voter: str
    word: Literal["APPROVE", "DECLINE"]
    because: str | None = None

    def play(self, port: FakePort, run_id: str) -> None:
        """Vote.

        Raises:
            RefusedError: Port would refuse it.
        """
        vote = port.approve if self.word == "APPROVE" else port.decline
        vote(run_id, as_user=self.voter, description=self.because)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The requester takes the request back."""

    event: Event = Event.WITHDRAW

    def play(self, port: FakePort, run_id: str) -> None:
        """Withdraw.

        Raises:
            RefusedError: Port would refuse it.
        """
        path, body = {"run_id": run_id}, {"status": "FAILURE"}
        port.perform("update-action-run", path=path, body=body, as_user=REQUESTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The backend takes the run."""

    event: Event = Event.START

    def play(self, port: FakePort, run_id: str) -> None:
        """Take the run out of its queue.

        Raises:
            RefusedError: Port would refuse it.
        """
        port.perform("acknowledge-runs", body={"runId": run_id})


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """The backend reports: notes, and with a status the end."""

    event: Event
    body: Mapping[str, Any] = field(default_factory=dict)

    def play(self, port: FakePort, run_id: str) -> None:
        """Report.

        Raises:
            RefusedError: Port would refuse it.
        """
        port.perform("update-action-run", path={"run_id": run_id}, body=dict(self.body))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The backend writes to the log; with a termination status that is the end."""

    event: Event
    body: Mapping[str, Any] = field(default_factory=dict)

    def play(self, port: FakePort, run_id: str) -> None:
        """Write the line.

        Raises:
            RefusedError: Port would refuse it.
        """
        port.perform("add-log-action-run", path={"run_id": run_id}, body=dict(self.body))


Step: TypeAlias = Vote | Withdrawal | Start | Update | Line


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The life of one run. *policy* says whose approval it needs: None for nobody's.

    *voters* are all who may approve, *states* where the run stands at first and after each step.
    """

    policy: PolicyWord | None
    voters: tuple[str, ...]
    steps: tuple[Step, ...]
    states: tuple[State, ...]

    @property
    def state(self) -> State:
        """Where the run stands at the end."""
        return self.states[-1]

    def play(
        self, port: FakePort, *, watch: Callable[[Step | None, RunView], None] | None = None
    ) -> RunView:
        """Play the life of a new run on *port* and return the run as it then stands.

        What it needs is added unless it is there: an action, its approvers, the requester.
        *watch* sees the run once it is made (step None) and after each step.

        Raises:
            RefusedError: The fake refuses a step; by its table it must not.
        """
        run = port.execute(self._button(port), as_user=REQUESTER)
        if watch is not None:
            watch(None, run)
        for one in self.steps:
            one.play(port, run.id)
            if watch is not None:
                watch(one, port.run(run))
        return port.run(run)

    def _button(self, port: FakePort) -> str:
        name = f"history_{self.policy or 'free'}_{len(self.voters)}".lower()
        for email in (REQUESTER, *self.voters):
            if email not in port.world.people.users:
                port.add_user(email)
        try:
            port.add_action(
                name,
                approval=self.policy or False,
                approvers=self.voters or None,
                invokes=DISPATCH,
            )
        except ConflictError:
            return name  # an earlier history has made it
        return name


def histories(
    *, table: Transitions = TABLE, max_steps: int = 8, max_voters: int = 3
) -> st.SearchStrategy[History]:
    """Draw lives that *table* allows: from the button to wherever at most *max_steps* lead.

    A life may stop anywhere, also before its run has ended. Give a narrowed table
    (`port_fake.engine.states.narrow`) for lives without some event. Under ``ALL`` a vote that
    others must follow leaves the run waiting, so its event is `Event.ANNOTATE`.

    Never filters: each step is drawn from those that the table lists. Shrinks to fewer steps,
    no approval, fewer voters, and within a step to the event that `Event` declares first.
    """
    return _histories(table, max_steps, max(1, min(max_voters, len(VOTERS))))


@st.composite
def _histories(draw: st.DrawFn, table: Transitions, max_steps: int, max_voters: int) -> History:
    policy: PolicyWord | None = draw(st.sampled_from([None, "ANY", "ALL"]))
    voters = VOTERS[: draw(st.integers(1, max_voters))] if policy else ()
    states = [State.AWAITING_APPROVAL if policy else State.QUEUED]
    steps: list[Step] = []
    # Not a list of steps: what may come next depends on what came.
    for _ in range(draw(st.integers(0, max_steps))):
        voted = {one.voter for one in steps if isinstance(one, Vote)}
        awaited = tuple(voter for voter in voters if voter not in voted)
        known = table[states[-1]]
        exits = [event for event in PLAYABLE if event in known]
        if _leaves_waiting(policy, awaited) and Event.ANNOTATE not in known:
            exits = [event for event in exits if event is not Event.APPROVE]
        if not exits:
            break
        event = draw(st.sampled_from(exits))
        one = draw(PLAYABLE[event](policy, tuple(awaited)))
        steps.append(one)
        states.append(step(states[-1], one.event, table))
    return History(policy=policy, voters=voters, steps=tuple(steps), states=tuple(states))


Maker: TypeAlias = Callable[[PolicyWord | None, tuple[str, ...]], st.SearchStrategy[Step]]


@st.composite
def _approvals(draw: st.DrawFn, policy: PolicyWord | None, awaited: tuple[str, ...]) -> Vote:
    return Vote(
        event=Event.ANNOTATE if _leaves_waiting(policy, awaited) else Event.APPROVE,
        voter=draw(st.sampled_from(awaited)),
        word="APPROVE",
        because=draw(BECAUSE),
    )


@st.composite
def _refusals(draw: st.DrawFn, _: PolicyWord | None, awaited: tuple[str, ...]) -> Vote:
    voter, because = draw(st.sampled_from(awaited)), draw(BECAUSE)
    return Vote(event=Event.DECLINE, voter=voter, word="DECLINE", because=because)


def _leaves_waiting(policy: PolicyWord | None, awaited: tuple[str, ...]) -> bool:
    """Whether an approval is followed by the wait for another one."""
    return policy == "ALL" and len(awaited) > 1


def _always(steps: st.SearchStrategy[Step]) -> Maker:
    return lambda _policy, _awaited: steps


def _endings(event: Event, status: str) -> Maker:
    said = NOTES.map(lambda notes: Update(event=event, body={"status": status, **notes}))
    written = LINES.map(lambda line: Line(event=event, body={**line, "terminationStatus": status}))
    return _always(st.one_of(said, written))


BECAUSE: Final = st.none() | TEXTS
NOTES: Final[st.SearchStrategy[dict[str, Any]]] = st.fixed_dictionaries(
    {},
    optional={
        "link": LINKS | st.lists(LINKS, max_size=2),
        "statusLabel": TEXTS,
        "summary": TEXTS,
        "externalRunId": TEXTS,
    },
)
LINES: Final[st.SearchStrategy[dict[str, Any]]] = st.fixed_dictionaries(
    {"message": TEXTS}, optional={"statusLabel": TEXTS}
)
PLAYABLE: Final[Mapping[Event, Maker]] = {
    Event.APPROVE: _approvals,
    Event.DECLINE: _refusals,
    Event.WITHDRAW: _always(st.just(Withdrawal())),
    Event.START: _always(st.just(Start())),
    Event.ANNOTATE: _always(
        st.one_of(
            NOTES.map(lambda notes: Update(event=Event.ANNOTATE, body=notes)),
            LINES.map(lambda line: Line(event=Event.ANNOTATE, body=line)),
        )
    ),
    Event.SUCCEED: _endings(Event.SUCCEED, "SUCCESS"),
    Event.FAIL: _endings(Event.FAIL, "FAILURE"),
}
"""Every event that Port lets happen; nothing cancels a run."""
