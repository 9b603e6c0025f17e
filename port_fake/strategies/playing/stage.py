"""The stage of a `PortMachine`: its target, its people and actions, and how answers are judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import Any, ClassVar, Final, Literal, TypeAlias, TypeVar, get_args

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine

from port_fake.fake import FakePort
from port_fake.settings import DEFAULT, Settings
from port_fake.strategies.playing.expected import (
    ACCEPTED,
    OPEN,
    Button,
    ExpectedRun,
    Person,
    Refusals,
)
from port_fake.strategies.playing.expected_world import ExpectedWorld
from port_fake.strategies.playing.judging import must
from port_fake.strategies.playing.targets import OPERATIONS, Answer, MemoryTarget, Target

Held = TypeVar("Held")


Role: TypeAlias = Literal["organisation", "admin", "approver", "second approver", "stranger"]
"""Who acts in a step."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
VOTERS: Final[tuple[Role, ...]] = ("approver", "second approver")
BLUEPRINT: Final = "machine_service"
ENTITIES: Final = ("checkout", "billing")
INSTALLATION: Final = "machine-installation"
CLAIMS: Final = 100
"""How many times a thousand runs may be left in the queue by earlier examples."""
INPUTS: Final = {"version": {"type": "string"}, "replicas": {"type": "number", "default": 1}}
WEBHOOK: Final = {"type": "WEBHOOK", "url": "https://backend.example.com/"}
DISPATCH: Final = {
    "type": "INTEGRATION_ACTION",
    "installationId": INSTALLATION,
    "integrationActionType": "dispatch_workflow",
    "integrationActionExecutionProperties": {"org": "o", "repo": "r", "workflow": "w.yml"},
}

PLAIN, GATED, SHARED, RESTART, BUILD, SHIP = KINDS = tuple(
    f"machine_{kind}" for kind in ("plain", "gated", "shared", "restart", "build", "ship")
)
"""Plain; approved by one; approved by all; on an entity; for a queue; for a queue once approved."""

POLICIES: Final[Mapping[str, Literal["ANY", "ALL"]]] = {GATED: "ANY", SHARED: "ALL", SHIP: "ANY"}

WHO: Final = st.sampled_from(ROLES)
"""Shrinks to the organisation."""


class Stage(RuleBasedStateMachine):
    """What every rule works with.

    Override `make_target` to play elsewhere, `people` for users who exist there, and
    `port_settings` where the target departs from the defaults.
    """

    port_settings: ClassVar[Settings] = DEFAULT
    """How the target behaves where Port's behaviour is unknown."""

    people: ClassVar[Mapping[Role, str]] = {
        "admin": "ana.admin@example.com",
        "approver": "ben.builder@example.com",
        "second approver": "lea.lead@example.com",
        "stranger": "sam.stranger@example.com",
    }
    """The emails of users; who is missing, or cannot be acted as, is played by the organisation."""

    runs = Bundle("runs")
    """Every run that was made, as an `ExpectedRun`."""

    def __init__(self) -> None:
        super().__init__()
        self._exits = ExitStack()
        self.target = self.make_target()
        self.expected = ExpectedWorld(self.port_settings)
        self.buttons: dict[str, Button] = {}
        self.cast: dict[Role, Person] = {}
        self.touched: ExpectedRun | None = None
        self._furnish()

    def __init_subclass__(cls, **named: Any) -> None:
        """Leave out how Hypothesis explains failures: it takes minutes before Python 3.12."""
        super().__init_subclass__(**named)
        usual = cls.TestCase.settings
        phases = [phase for phase in usual.phases if phase is not Phase.explain]
        cls.TestCase.settings = settings(usual, phases=phases)

    def make_target(self) -> Target:
        """Return the target of one example: by default, a new world in memory."""
        return MemoryTarget(FakePort(settings=self.port_settings))

    def enter(self, context: AbstractContextManager[Held]) -> Held:
        """Enter a context that ends with the example."""
        return self._exits.enter_context(context)

    def teardown(self) -> None:
        """Take what is left out of the queue, and let go of the target."""
        try:
            for run in self.expected:
                if run.place == "waiting":
                    self.ask("acknowledge-runs", body={"runIds": [run.id]})
        finally:
            self.target.close()
            self._exits.close()

    # -- asking and judging

    def person(self, role: Role) -> Person:
        """Return who plays a role."""
        return self.cast.get(role, self.cast["organisation"])

    def ask(
        self,
        operation: str,
        run: ExpectedRun | None = None,
        *,
        who: Person | None = None,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
    ) -> Answer:
        """Carry out an operation, on a run if one is given; touched runs are examined after."""
        if run is not None:
            self.touched = run
            if "{run_id}" in OPERATIONS[operation].path:
                path = {"run_id": run.id}
        email = None if who is None else who.email
        return self.target.perform(operation, path=path, query=query, body=body, as_user=email)

    def judge(self, operation: str, answer: Answer, refusals: Refusals = ACCEPTED) -> bool:
        """Hold an answer against the rules; return whether it was accepted, as it had to be.

        Raises:
            AssertionError: It was accepted and must not be, or the other way round.
        """
        wanted = refusals or {OPERATIONS[operation].success}
        said = "refused with" if refusals else "accepted with"
        statuses = " or ".join(map(str, sorted(wanted)))
        must(
            answer.status in wanted,
            "{} was answered {} and must be {} {}: {}",
            *(operation, answer.status, said, statuses, answer.body),
        )
        is_ok = isinstance(answer.body, dict) and answer.body.get("ok")
        must(is_ok is not bool(refusals), "{}: wrong 'ok' in {}", operation, answer)
        if self.touched is not None:
            self.expected.follow(self.touched)
        return not refusals

    def hold(
        self, run: ExpectedRun, got: Any, version: str, *, excluded: Collection[str] = ()
    ) -> None:
        """Hold a run that was answered against what it must be by now.

        Raises:
            AssertionError: It is not that; or it has ended, and is not what it was since.
        """
        wrong = run.differences(got, version, excluded=excluded)
        must(not wrong, "run {}, {}: {}", run.id, version, wrong)
        if version != "v2":
            return
        last = {key: value for key, value in (run.last or {}).items() if key not in excluded}
        if last.get("status", "IN_PROGRESS") not in OPEN:
            same = all(got.get(key) == value for key, value in last.items())
            must(same, "run {} was over as {} and is {}", run.id, last, got)
        for stamp in last.keys() & {"createdAt", "updatedAt"}:
            before, after = last[stamp], got.get(stamp, "")
            stays = before == after or (stamp == "updatedAt" and before < after)
            must(stays, "run {}: {} was {} and is {}", run.id, stamp, before, after)
        if not excluded:
            run.last = got

    # -- furnishing

    def _furnish(self) -> None:
        for role, email in self.people.items():
            if self.target.can_act_as(email):
                self.cast[role] = self._user(email, is_admin=role == "admin")
        self._made(
            "create-blueprint",
            "replace-blueprint",
            {"identifier": BLUEPRINT},
            body={"identifier": BLUEPRINT, "title": BLUEPRINT, "schema": {"properties": {}}},
        )
        for entity in ENTITIES:
            self.target.perform(
                "create-entity",
                path={"blueprint_identifier": BLUEPRINT},
                query={"upsert": True},
                body={"identifier": entity},
            )
        for identifier in KINDS:
            self.buttons[identifier] = self._button(identifier)
        self._drain()

    def _user(self, email: str, *, is_admin: bool) -> Person:
        found = self.target.perform("get-user", path={"user_email": email})
        if found.body is None or not found.body.get("ok"):
            roles = ["Admin" if is_admin else "Member"]
            invitee = {"email": email, "roles": roles}
            self.target.perform("invite-user", body={"invitee": invitee})
            found = self.target.perform("get-user", path={"user_email": email})
        self.judge("get-user", found)
        user = found.body["user"]
        admin = any(role["name"] == "Admin" for role in user["roles"])
        return Person(email=email, id=user["id"], is_admin=admin)

    def _button(self, identifier: str) -> Button:
        voters = [self.cast[role] for role in VOTERS if role in self.cast]
        policy = POLICIES.get(identifier)
        on_entity = identifier == RESTART
        queued = identifier in {BUILD, SHIP}
        trigger: dict[str, Any] = {
            "type": "self-service",
            "operation": "DAY-2" if on_entity else "CREATE",
            "userInputs": {"properties": INPUTS, "required": []},
        }
        if on_entity:
            trigger["blueprintIdentifier"] = BLUEPRINT
        body = {
            "identifier": identifier,
            "trigger": trigger,
            "invocationMethod": DISPATCH if queued else WEBHOOK,
            **({"requiredApproval": {"type": policy}} if policy else {}),
        }
        path = {"action_identifier": identifier}
        action = self._made("create-action", "replace-action", path, body=body)["action"]
        machine = Person(email=None, id=action["updatedBy"], is_admin=False)
        self.cast.setdefault("organisation", machine)
        if policy:
            named = {"users": [one.email for one in voters], "roles": [], "teams": []}
            body = {"approve": named}
            answer = self.target.perform("update-action-permissions", path=path, body=body)
            self.judge("update-action-permissions", answer)
        return Button(
            identifier=identifier,
            policy=policy,
            approvers=frozenset(one.id for one in voters),
            blueprint=BLUEPRINT if on_entity else None,
            installation=INSTALLATION if queued else None,
        )

    def _made(self, create: str, replace: str, path: Mapping[str, str], *, body: Any) -> Any:
        answer = self.target.perform(create, body=body)
        if answer.status == 409:  # noqa: PLR2004 - taken, by an earlier example
            answer = self.target.perform(replace, path=path, body=body)
            self.judge(replace, answer)
        else:
            self.judge(create, answer)
        return answer.body

    def _drain(self) -> None:
        claim = {"installationId": INSTALLATION, "limit": 1000}
        for _ in range(CLAIMS):
            left = self.ask("claim-pending-runs", body=claim).body["runs"]
            if not left:
                return
            self.ask("acknowledge-runs", body={"runIds": [run["id"] for run in left]})
        raise AssertionError(f"the queue of {INSTALLATION} hands out what was acknowledged")


def runs_of(answer: Answer) -> Sequence[dict[str, Any]]:
    """Return the runs of an answer that lists some."""
    found: list[dict[str, Any]] = answer.body["runs"]
    return found
