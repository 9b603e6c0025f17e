"""Steps that make runs and change them."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from port_fake.strategies.playing.expected import REFUSED, ExpectedRun
from port_fake.strategies.playing.judging import must
from port_fake.strategies.playing.stage import ENTITIES, KINDS, PLAIN, RESTART, WHO, Role, Stage

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
ENDINGS: Final = st.sampled_from(["SUCCESS", "FAILURE"])

NONSENSE: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("update-action-run", {"status": "IN_PROGRESS"}),
    ("update-action-run", {"statuslabel": "x"}),
    ("update-action-run", {"link": 1}),
    ("approve-action-run", {}),
    ("approve-action-run", {"status": "APPROVED"}),
    ("add-log-action-run", {}),
    ("add-log-action-run", {"message": None}),
    ("add-log-action-run", {"message": "x", "terminationStatus": "DECLINED"}),
)
VAIN: Final[tuple[tuple[str, dict[str, Any], int], ...]] = (
    ("machine_nothing", {"properties": {}}, 404),
    (PLAIN, {}, 422),
    (PLAIN, {"properties": {"version": 1}}, 422),
    (RESTART, {"properties": {}}, 422),
    (RESTART, {"properties": {}, "entity": "nothing"}, 404),
)


class Living(Stage):
    """The operations on one run, as anybody may send them at any time, and what must come of it."""

    @rule(
        target=Stage.runs,
        action=st.sampled_from(KINDS),
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

    @rule(vain=st.sampled_from(VAIN), who=WHO)
    def execute_in_vain(self, vain: tuple[str, dict[str, Any], int], who: Role) -> None:
        """Press a button that is not there, or wrongly."""
        action, body, status = vain
        answer = self.ask(
            "execute-self-service-action",
            who=self.person(who),
            path={"action_identifier": action},
            body=body,
        )
        self.judge("execute-self-service-action", answer, frozenset({status}))

    @rule(run=Stage.runs, who=WHO, because=BECAUSE, version=FORM)
    def approve(
        self, run: ExpectedRun, who: Role, because: str | None, version: str | None
    ) -> None:
        """Vote for a run."""
        self._vote(run, who, "APPROVE", because=because, version=version)

    @rule(run=Stage.runs, who=WHO, because=BECAUSE, version=FORM)
    def decline(
        self, run: ExpectedRun, who: Role, because: str | None, version: str | None
    ) -> None:
        """Vote against a run."""
        self._vote(run, who, "DECLINE", because=because, version=version)

    @rule(run=Stage.runs, who=WHO, notes=NOTES)
    def withdraw(self, run: ExpectedRun, who: Role, notes: dict[str, Any]) -> None:
        """Take a request back; once it is under way, this fails the run."""
        self._update(run, who, {"status": "FAILURE", **notes}, version=None)

    @rule(run=Stage.runs, who=WHO, notes=NOTES, version=FORM)
    def annotate(
        self, run: ExpectedRun, who: Role, notes: dict[str, Any], version: str | None
    ) -> None:
        """Hang something on a run; perhaps nothing at all."""
        self._update(run, who, notes, version=version)

    @rule(run=Stage.runs, status=ENDINGS, notes=NOTES, version=FORM)
    def end(
        self, run: ExpectedRun, status: str, notes: dict[str, Any], version: str | None
    ) -> None:
        """End a run as its backend does."""
        self._update(run, "organisation", {"status": status, **notes}, version=version)

    @rule(run=Stage.runs, who=WHO, message=TEXTS, times=st.integers(1, 3))
    def log(self, run: ExpectedRun, who: Role, message: str, times: int) -> None:
        """Write a line, or the same one some times."""
        for _ in range(times):
            self._log(run, who, {"message": message})

    @rule(run=Stage.runs, message=TEXTS, label=LABELS)
    def log_with_label(self, run: ExpectedRun, message: str, label: str) -> None:
        """Write a line that labels the run."""
        self._log(run, "organisation", {"message": message, "statusLabel": label})

    @rule(run=Stage.runs, message=TEXTS, status=ENDINGS, label=st.none() | LABELS)
    def log_and_end(self, run: ExpectedRun, message: str, status: str, label: str | None) -> None:
        """Write a line that ends the run."""
        body = {"message": message, "terminationStatus": status}
        self._log(run, "organisation", body | ({"statusLabel": label} if label else {}))

    @rule(run=Stage.runs, nonsense=st.sampled_from(NONSENSE))
    def send_nonsense(self, run: ExpectedRun, nonsense: tuple[str, dict[str, Any]]) -> None:
        """Send what is refused whatever the run is like."""
        operation, body = nonsense
        self.judge(operation, self.ask(operation, run, body=body), REFUSED)

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
        self, run: ExpectedRun, who: Role, body: dict[str, Any], *, version: str | None
    ) -> None:
        person = self.person(who)
        query = {} if version is None else {"version": version}
        refusals = run.take_update(person, body)
        answer = self.ask("update-action-run", run, who=person, query=query, body=body)
        if self.judge("update-action-run", answer, refusals):
            self.hold(run, answer.body["run"], version or "v1")

    def _log(self, run: ExpectedRun, who: Role, body: dict[str, Any]) -> None:
        person = self.person(who)
        refusals = run.take_line(person, body)
        answer = self.ask("add-log-action-run", run, who=person, body=body)
        if self.judge("add-log-action-run", answer, refusals):
            line = answer.body["runLog"]
            got = (line["runId"], line["message"], line["createdBy"])
            must(got == (run.id, body["message"], person.id), "another line: {}", line)
