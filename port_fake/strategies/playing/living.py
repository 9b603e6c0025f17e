"""Steps that make runs and change them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, initialize, multiple, precondition, rule

from port_fake.strategies.playing.expected import ExpectedRun
from port_fake.strategies.playing.judging import must
from port_fake.strategies.playing.stage import ENTITIES, KINDS, SHARED, WHO, Role, Stage

FORM: Final = st.sampled_from([None, "v1", "v2"])
TEXTS: Final = st.sampled_from(["", "done", "é ✓", "two\nlines"])
LABELS: Final = st.sampled_from(["Queued", "Deployed"])
BECAUSE: Final = st.sampled_from([None, "Looks good", ""])
EXTERNAL_IDS: Final = st.sampled_from(["build-1", "build-2"])
LINK: Final = st.sampled_from(["https://ci.example.com/1", "https://ci.example.com/2"])

NOTES: Final = st.fixed_dictionaries(
    {},
    optional={
        "link": LINK | st.lists(LINK, max_size=2),
        "statusLabel": LABELS,
        "summary": TEXTS,
        "externalRunId": EXTERNAL_IDS,
        "message": st.sampled_from([{}, {"run_status": "created"}]),
    },
)
PROPERTIES: Final = st.fixed_dictionaries(
    {}, optional={"version": TEXTS, "replicas": st.integers(0, 3)}
)
PRESSED: Final = st.sampled_from([*KINDS, SHARED])
"""More often what several must approve: it has the longest life."""

VOTES: Final = st.lists(WHO, min_size=1, max_size=3) | WHO.map(lambda who: [who, who])
"""Some vote twice."""

ENDINGS: Final = st.sampled_from(["SUCCESS", "FAILURE"])


WORDS: Final = st.sampled_from(["APPROVE", "DECLINE"])
UPDATE: Final = "update-action-run"
LOG: Final = "add-log-action-run"
LATE: Final = st.one_of(
    st.tuples(st.just(UPDATE), NOTES),
    st.tuples(st.just(UPDATE), st.builds(lambda status: {"status": status}, ENDINGS)),
    st.tuples(
        st.just(LOG),
        st.builds(lambda status: {"message": "x", "terminationStatus": status}, ENDINGS),
    ),
    st.tuples(
        st.just(LOG), st.builds(lambda label: {"message": "x", "statusLabel": label}, LABELS)
    ),
)


def waits(run: ExpectedRun) -> bool:
    """Whether a run waits for approval."""
    return run.status == "WAITING_FOR_APPROVAL"


def is_open(run: ExpectedRun) -> bool:
    """Whether a run has not ended."""
    return not run.has_ended


def is_over(run: ExpectedRun) -> bool:
    """Whether a run has ended."""
    return run.has_ended


def some(holds: Callable[[ExpectedRun], bool]) -> Callable[[Stage], bool]:
    """Return whether a machine has some run for which that holds."""
    return lambda machine: any(map(holds, machine.expected))


WAITING: Final = Stage.runs.filter(waits)
OPEN_RUNS: Final = Stage.runs.filter(is_open)


class Living(Stage):
    """The operations on one run, as anybody may send them at any time, and what must come of it."""

    @initialize(
        target=Stage.runs,
        actions=st.lists(PRESSED, min_size=1, max_size=8),
        who=WHO,
    )
    def begin(self, actions: list[str], who: Role) -> MultipleResults[Any]:
        """Press a few buttons: steps without runs would be wasted."""
        made: list[Any] = [
            self.execute(action, {}, who, ENTITIES[0], on_behalf=False) for action in actions
        ]
        return multiple(*made)

    @rule(
        target=Stage.runs,
        action=PRESSED,
        properties=PROPERTIES,
        who=WHO,
        entity=st.sampled_from(ENTITIES),
        on_behalf=st.booleans(),
    )
    def execute(
        self, action: str, properties: dict[str, Any], who: Role, entity: str, *, on_behalf: bool
    ) -> ExpectedRun:
        """Press a button; *on_behalf*, the organisation presses it for that person."""
        name = "execute-self-service-action"
        person, button = self.person(who), self.buttons[action]
        on_behalf = on_behalf and person.email is not None
        target = None if button.blueprint is None else entity
        answer = self.ask(
            name,
            who=None if on_behalf else person,
            path={"action_identifier": action},
            query={"run_as": person.email} if on_behalf else None,
            body={"properties": properties, **({"entity": target} if target else {})},
        )
        self.judge(name, answer)
        run = ExpectedRun(
            id=answer.body["run"]["id"],
            button=button,
            by=person,
            entity=target,
            properties={"replicas": 1, **properties},
            raw=properties,
            impersonated_by=self.person("organisation").id if on_behalf else None,
            settings=self.port_settings,
        )
        must(self.expected.find(run.id) is None, "{} is the id of two runs", run.id)
        self.expected.add(run)
        self.touched = run
        self.expected.follow(run)
        self.hold(run, answer.body["run"], "v2")
        return run

    @precondition(some(waits))
    @rule(run=WAITING, voters=VOTES, because=BECAUSE, version=FORM)
    def approve(
        self, run: ExpectedRun, voters: list[Role], because: str | None, version: str | None
    ) -> None:
        """Vote for a run, one after the other."""
        for who in voters:
            self._vote(run, who, "APPROVE", because=because, version=version)

    @precondition(some(waits))
    @rule(run=WAITING, who=WHO, because=BECAUSE, version=FORM)
    def decline(
        self, run: ExpectedRun, who: Role, because: str | None, version: str | None
    ) -> None:
        """Vote against a run."""
        self._vote(run, who, "DECLINE", because=because, version=version)

    @precondition(some(waits))
    @rule(run=WAITING, who=WHO, notes=NOTES)
    def withdraw(self, run: ExpectedRun, who: Role, notes: dict[str, Any]) -> None:
        """Take a request back."""
        self._update(run, who, {"status": "FAILURE", **notes}, version=None)

    @precondition(some(is_open))
    @rule(run=OPEN_RUNS, who=WHO, notes=st.lists(NOTES, min_size=1, max_size=3), version=FORM)
    def annotate(
        self, run: ExpectedRun, who: Role, notes: list[dict[str, Any]], version: str | None
    ) -> None:
        """Hang things on a run, one after the other; perhaps nothing at all."""
        for some in notes:
            self._update(run, who, some, version=version)

    @precondition(some(is_open))
    @rule(run=OPEN_RUNS, status=ENDINGS, notes=NOTES, version=FORM)
    def end(
        self, run: ExpectedRun, status: str, notes: dict[str, Any], version: str | None
    ) -> None:
        """End a run as its backend does."""
        self._update(run, "organisation", {"status": status, **notes}, version=version)

    @rule(run=Stage.runs, who=WHO, message=TEXTS, label=st.none() | LABELS, times=st.integers(1, 3))
    def log(self, run: ExpectedRun, who: Role, message: str, label: str | None, times: int) -> None:
        """Write a line, once or a few times; it may label the run."""
        for _ in range(times):
            self._log(run, who, {"message": message, **_labelled(label)})

    @precondition(some(is_open))
    @rule(run=OPEN_RUNS, message=TEXTS, status=ENDINGS, label=st.none() | LABELS)
    def log_and_end(self, run: ExpectedRun, message: str, status: str, label: str | None) -> None:
        """Write a line that ends the run."""
        body = {"message": message, "terminationStatus": status, **_labelled(label)}
        self._log(run, "organisation", body)

    @precondition(some(lambda run: not waits(run)))
    @rule(run=Stage.runs.filter(lambda run: not waits(run)), who=WHO, word=WORDS)
    def vote_late(self, run: ExpectedRun, who: Role, word: str) -> None:
        """Vote on a run that does not wait."""
        self._vote(run, who, word, because=None, version=None)

    @precondition(some(is_over))
    @rule(run=Stage.runs.filter(is_over), who=WHO, change=LATE)
    def change_late(self, run: ExpectedRun, who: Role, change: tuple[str, dict[str, Any]]) -> None:
        """Change a run that has ended."""
        operation, body = change
        step = self._update if operation == UPDATE else self._log
        step(run, who, body)

    def _vote(
        self, run: ExpectedRun, who: Role, word: str, *, because: str | None, version: str | None
    ) -> None:
        person = self.person(who)
        body = {"status": word, **({} if because is None else {"description": because})}
        query = {} if version is None else {"version": version}
        refusals = run.take_vote(person, word, because)
        answer = self.ask("approve-action-run", run, who=person, query=query, body=body)
        if self.judge("approve-action-run", answer, refusals):
            self.hold(run, answer.body["run"], version or "v1")

    def _update(
        self, run: ExpectedRun, who: Role, body: dict[str, Any], *, version: str | None = None
    ) -> None:
        person = self.person(who)
        query = {} if version is None else {"version": version}
        refusals = run.take_update(person, body)
        answer = self.ask(UPDATE, run, who=person, query=query, body=body)
        if self.judge(UPDATE, answer, refusals):
            self.hold(run, answer.body["run"], version or "v1")

    def _log(self, run: ExpectedRun, who: Role, body: dict[str, Any]) -> None:
        person = self.person(who)
        refusals = run.take_line(person, body)
        answer = self.ask(LOG, run, who=person, body=body)
        if self.judge(LOG, answer, refusals):
            line = answer.body["runLog"]
            got = (line["runId"], line["message"], line["createdBy"])
            must(got == (run.id, body["message"], person.id), "another line: {}", line)


def _labelled(label: str | None) -> dict[str, str]:
    return {} if label is None else {"statusLabel": label}
