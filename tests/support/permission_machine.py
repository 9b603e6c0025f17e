"""Several people and one organisation, played at random beside the rules written out in plain.

Whatever is asked, the fake and the rulebook give the same verdict, and after every step everybody
sees the same runs, in the same order, with the same approvers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from port_fake import FakePort
from port_fake.dialects.port.dialect import PORT
from port_fake.errors import RefusedError
from tests.support.rulebook import (
    MAY_EXECUTE,
    OK,
    WHO_APPROVES,
    Lists,
    Person,
    Request,
    Rulebook,
    Service,
    Who,
)
from tests.support.two_teams import (
    ANA,
    AT_FIRST,
    BEN,
    BUTTONS,
    MODERATOR,
    PEOPLE,
    SERVICES,
    document,
    draft,
    furnish,
)

STRANGER: Final = "nobody@example.com"
WHO: Final = st.sampled_from([None, *PEOPLE])
ACTION: Final = st.sampled_from(sorted(BUTTONS))
NTH: Final = st.integers(0, 7)
ENDING: Final = st.sampled_from([None, "SUCCESS", "FAILURE"])
APPROVAL: Final = st.sampled_from([None, "ANY", "ALL"])
TEAMS: Final = st.lists(st.sampled_from(["red", "blue"]), unique=True)
ROLES: Final = st.sampled_from([["Member"], ["Admin"], [MODERATOR], ["Member", MODERATOR]])
EMAILS: Final = st.lists(st.sampled_from(list(PEOPLE)), unique=True, max_size=3)
INPUTS: Final = st.fixed_dictionaries(
    {},
    optional={
        "fine": st.booleans(),
        "judges": EMAILS,
        "service": st.sampled_from([*SERVICES, STRANGER]),
    },
)
LISTS: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "users": EMAILS,
    "roles": st.lists(st.sampled_from(["Admin", "Member", MODERATOR]), unique=True, max_size=1),
    "teams": TEAMS,
    "policy": st.booleans(),
}
RUN_READERS: Final = (
    "get-action-run-s-details",
    "get-action-s-run-logs",
    "get-action-run-s-approvers",
)
FIELDS: Final = {"policy": "has_policy", "ownedByTeam": "owned"}


Step: TypeAlias = tuple[str, dict[str, Any]]
Method = TypeVar("Method", bound=Callable[..., None])

STEPS: Final[list[st.SearchStrategy[Step]]] = []
"""All that may be done, each as likely as any other.

Not as rules of Hypothesis: it switches many of those off in each example, and most of a short game
would be one and the same step.
"""


def step(**drawn: st.SearchStrategy[Any]) -> Callable[[Method], Method]:
    """Let a method be a step, with arguments drawn like these."""

    def keep(method: Method) -> Method:
        STEPS.append(st.tuples(st.just(method.__name__), st.fixed_dictionaries(drawn)))
        return method

    return keep


class Organisation(RuleBasedStateMachine):
    """The fake and the rulebook, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.port = FakePort()
        self.book = Rulebook(PEOPLE, BUTTONS, SERVICES)
        furnish(self.port)
        self.ids = {email: self.port.caller(email).id for email in PEOPLE}
        self.names: dict[str, Who] = {user_id: email for email, user_id in self.ids.items()}
        self.names[self.port.client_id] = None
        self.focus: Request
        for action, who in AT_FIRST.items():
            self.execute(who, action, {"judges": [BEN, ANA]}, entity="cart")

    # What people do.

    @step(who=WHO, action=ACTION, inputs=INPUTS, entity=st.sampled_from(sorted(SERVICES)))
    def press(self, who: Who, action: str, inputs: dict[str, Any], entity: str) -> None:
        """Execute with nothing wrong but, perhaps, who asks."""
        self.execute(who, action, inputs, entity=entity)

    @step(
        who=WHO,
        action=ACTION,
        inputs=st.builds(dict, INPUTS, surprise=st.just(1)) | INPUTS,
        entity=st.sampled_from([*SERVICES, None, STRANGER]),
        run_as=st.sampled_from([None, STRANGER, *PEOPLE]),
    )
    def press_oddly(
        self, who: Who, action: str, inputs: dict[str, Any], entity: str | None, run_as: str | None
    ) -> None:
        self.execute(who, action, inputs, entity=entity, run_as=run_as)

    @step(who=WHO, nth=NTH, word=st.sampled_from(["APPROVE", "APPROVE", "DECLINE"]))
    def vote(self, who: Who, nth: int, word: str) -> None:
        self.rule_on(self.look_at(nth, self.book.waiting()), who, word)

    @step(nth=NTH, word=st.sampled_from(["APPROVE", "DECLINE"]))
    def vote_again(self, nth: int, word: str) -> None:
        run = self.look_at(nth, [one for one in self.book.waiting() if one.votes])
        who = run.votes[0][0] if run.votes else None

        self.rule_on(run, who, word)

    @step(who=WHO, nth=NTH, word=st.sampled_from(["APPROVE", "DECLINE"]))
    def vote_too_late(self, who: Who, nth: int, word: str) -> None:
        self.rule_on(self.look_at(nth), who, word)

    @step(who=WHO, nth=NTH)
    def withdraw(self, who: Who, nth: int) -> None:
        self.report(self.look_at(nth, self.book.waiting()), who, "FAILURE")

    @step(who=WHO, nth=NTH, status=ENDING)
    def update(self, who: Who, nth: int, status: str | None) -> None:
        self.report(self.look_at(nth), who, status)

    @step(who=WHO, nth=NTH, ending=ENDING, labels=st.booleans())
    def log(self, who: Who, nth: int, *, ending: str | None, labels: bool) -> None:
        run = self.look_at(nth)
        wanted = self.book.log(who, run, ending, labels=labels)
        given = {
            "message": "x",
            "terminationStatus": ending,
            "statusLabel": "L" if labels else None,
        }
        body = {key: value for key, value in given.items() if value is not None}

        self.same(wanted, "add-log-action-run", who, {"run_id": run.id}, body)

    @step(who=WHO, nth=NTH)
    def read(self, who: Who, nth: int) -> None:
        run = self.look_at(nth)
        wanted = OK if self.book.sees(who, run) else 404

        for operation in RUN_READERS:
            self.same(wanted, operation, who, {"run_id": run.id})
        answer = self.same(OK, "get-audit-logs", who, query={"run_id": run.id, "limit": 1})
        told = bool(answer["audits"])
        assert told == (wanted == OK), f"the audit log tells {who} of {run.id}: {told}"

    @step(who=WHO)
    def read_the_whole_audit_log(self, who: Who) -> None:
        is_admin = who is None or "Admin" in self.book.people[who].roles

        self.same(OK if is_admin else 403, "get-audit-logs", who, query={"limit": 1})

    @step(who=WHO)
    def look_at_the_buttons(self, who: Who) -> None:
        answer = self.same(OK, "get-own-permissions", who)

        assert answer["permissions"] == self.book.may_execute(who), who

    # What changes the rules.

    @step(
        who=WHO,
        action=ACTION,
        execute=st.fixed_dictionaries({}, optional={**LISTS, "ownedByTeam": st.booleans()}),
        approve=st.fixed_dictionaries({}, optional=LISTS),
    )
    def permit(
        self, who: Who, action: str, execute: dict[str, Any], approve: dict[str, Any]
    ) -> None:
        button = self.book.buttons[action]
        wanted = self.book.change(
            action,
            execute=changed(button.execute, execute),
            approve=changed(button.approve, approve),
        )
        body = {
            "execute": with_policy(execute, MAY_EXECUTE),
            "approve": with_policy(approve, WHO_APPROVES),
        }

        self.same(wanted, "update-action-permissions", who, {"action_identifier": action}, body)

    @step(email=st.sampled_from(list(PEOPLE)), roles=ROLES, teams=TEAMS)
    def reassign(self, email: str, roles: list[str], teams: list[str]) -> None:
        self.book.people[email] = Person(roles=roles, teams=teams)

        self.same(OK, "change-user", None, {"user_email": email}, {"roles": roles, "teams": teams})

    @step(who=WHO, action=ACTION, is_open=st.booleans(), approval=APPROVAL)
    def redefine(self, who: Who, action: str, *, is_open: bool, approval: str | None) -> None:
        wanted = self.book.change(action, is_open=is_open, approval=approval)
        button = replace(self.book.buttons[action], is_open=is_open, approval=approval)

        self.same(
            wanted, "replace-action", who, {"action_identifier": action}, document(action, button)
        )

    @step(action=ACTION)
    def remove(self, action: str) -> None:
        wanted = self.book.remove(action)

        self.same(wanted, "delete-action", None, {"action_identifier": action})

    @step(action=ACTION)
    def restore(self, action: str) -> None:
        wanted = self.book.restore(action)
        body = document(action, self.book.buttons[action])

        self.same(wanted, "create-action", None, {}, body)

    @step(action=ACTION)
    def renew(self, action: str) -> None:
        self.remove(action)
        self.restore(action)

    @step(name=st.sampled_from(sorted(SERVICES)), teams=TEAMS, is_open=st.booleans(), judges=EMAILS)
    def hand_over(self, name: str, *, teams: list[str], is_open: bool, judges: list[str]) -> None:
        service = Service(teams=teams, is_open=is_open, judges=judges)
        self.book.services[name] = service
        path = {"blueprint_identifier": "service", "entity_identifier": name}

        self.same(OK, "change-entity", None, path, draft(service))

    @rule(taken=st.one_of(STEPS))
    def take(self, taken: Step) -> None:
        """Do one of all that."""
        name, drawn = taken
        getattr(self, name)(**drawn)

    # What everybody sees after every step.

    @invariant()
    def everybody_sees_the_same_runs(self) -> None:
        for who in (None, *PEOPLE):
            answer = self.same(OK, "get-all-action-runs", who, query={"version": "v2"})

            seen = [(run["id"], run["status"]) for run in answer["runs"]]
            wanted = [(run.id, run.status) for run in self.book.visible(who)]
            assert seen == wanted, f"{who} is shown {seen}, and should see {wanted}"

    @invariant()
    def every_run_asks_the_same_people(self) -> None:
        for run in self.book.runs:
            answer = self.same(
                OK,
                "get-action-run-s-approvers",
                None,
                {"run_id": run.id},
                query={"include_pending_approvers": True},
            )

            asked = [(self.names[one["userId"]], one["state"]) for one in answer["approvers"]]
            wanted = self.book.approvers(run)
            assert asked == wanted, f"{run.id} asks {asked}, and should ask {wanted}"

    @invariant()
    def what_is_hidden_is_hidden_everywhere(self) -> None:
        run = self.focus
        for who in (None, *PEOPLE):
            wanted = OK if self.book.sees(who, run) else 404

            self.same(wanted, RUN_READERS[0], who, {"run_id": run.id})

    # How.

    def ask(
        self,
        operation: str,
        who: Who,
        path: Mapping[str, str] | None = None,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
    ) -> tuple[int, Any]:
        """Return the status of a refusal, or `OK` and the answer."""
        try:
            return OK, self.port.perform(operation, path=path, query=query, body=body, as_user=who)
        except RefusedError as refusal:
            return PORT.refuse(refusal).status, None

    def same(self, wanted: int, operation: str, who: Who, *asked: Any, **also: Any) -> Any:
        """Ask, and hold the verdict against the one that is *wanted*."""
        got, answer = self.ask(operation, who, *asked, **also)
        assert got == wanted, f"{operation} by {who}: {got}, and the rules say {wanted}"
        return answer

    def execute(
        self,
        who: Who,
        action: str,
        inputs: dict[str, Any],
        *,
        entity: str | None = None,
        run_as: str | None = None,
    ) -> None:
        wanted = self.book.execute(who, action, inputs, entity=entity, run_as=run_as)
        body = {"properties": inputs, **({} if entity is None else {"entity": entity})}
        query = {} if run_as is None else {"run_as": run_as}

        answer = self.same(
            wanted, "execute-self-service-action", who, {"action_identifier": action}, body, query
        )

        if answer is not None:
            run_id = answer["run"]["id"]
            self.focus = self.book.executed(run_id, action, inputs, by=run_as or who)

    def rule_on(self, run: Request, who: Who, word: str) -> None:
        wanted = self.book.vote(who, run, word)

        self.same(wanted, "approve-action-run", who, {"run_id": run.id}, {"status": word})

    def report(self, run: Request, who: Who, status: str | None) -> None:
        wanted = self.book.update(who, run, status)
        body = {"summary": "seen"} if status is None else {"status": status}

        self.same(wanted, "update-action-run", who, {"run_id": run.id}, body)

    def look_at(self, nth: int, among: Sequence[Request] = ()) -> Request:
        """Return one of *among*, or of all runs if there are none, counted from the newest."""
        runs = among or self.book.runs
        self.focus = runs[-1 - nth % len(runs)]
        return self.focus


def changed(lists: Lists, given: Mapping[str, Any]) -> Lists:
    """Return *lists* with what is given written over them."""
    return replace(lists, **{FIELDS.get(key, key): value for key, value in given.items()})


def with_policy(given: Mapping[str, Any], policy: Mapping[str, Any]) -> dict[str, Any]:
    """Return *given* with a policy, or with null, in the place of yes or no."""
    if "policy" not in given:
        return dict(given)
    return {**given, "policy": policy if given["policy"] else None}
