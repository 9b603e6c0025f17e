"""Policies: asked once, when a run is made, and jq is waited for before anything has changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from port_fake.engine.approvals import Policy as Quorum
from port_fake.engine.catalog import EntityKey
from port_fake.engine.effects import AskApprovers
from port_fake.engine.people import ADMIN, Permissions, Rules
from port_fake.engine.states import Event
from port_fake.errors import ForbiddenError, MisuseError
from port_fake.expressions.values import Value
from port_fake.settings import Settings
from port_fake.world.clock import EPOCH, TICK
from port_fake.world.parts import Parts
from port_fake.world.policies import Case, Policy
from port_fake.world.verdicts import Question, UndecidedError, Verdicts
from port_fake.world.world import World
from tests.world.builders import (
    MACHINE,
    NOBODY,
    blueprint,
    invite,
    key,
    make_action,
    snapshot,
    user,
    write,
)

RULES: Final = Rules(policy={"queries": {}, "conditions": []})


@dataclass
class Oracle:
    """Says what it was told to say, and keeps what it was asked."""

    allowed: bool = True
    approvers: tuple[str, ...] = ()
    cases: list[Case] = field(default_factory=list)

    def allows(self, world: Parts, policy: Policy, case: Case) -> bool:
        assert (world.id, policy) == ("org_1", RULES.policy)
        self.cases.append(case)
        return self.allowed

    def names(self, world: Parts, policy: Policy, case: Case) -> list[str]:
        assert (world.id, policy) == ("org_1", RULES.policy)
        self.cases.append(case)
        return list(self.approvers)


def judged(
    oracle: Oracle | None,
    *,
    execute: Rules = NOBODY,
    approve: Rules = NOBODY,
    quorum: Quorum | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> World:
    world = World("org_1", policies=oracle, settings=settings)
    world.blueprints.define(blueprint("service"), MACHINE)
    write(world, "service/api")
    inputs = {"properties": {"size": {"type": "number", "default": 3}}}
    action = make_action(
        "deploy", blueprint="service", needs_entity=True, inputs=inputs, policy=quorum
    )
    world.actions.add(action)
    world.actions.permit("deploy", Permissions(execute=execute, approve=approve), MACHINE)
    return world


def test_an_execute_policy_decides_in_the_place_of_the_lists() -> None:
    oracle = Oracle()
    world = judged(oracle, execute=RULES)
    ana = invite(world, "ana")

    run = world.execute("deploy", {}, ana, entity="api")

    (case,) = oracle.cases
    assert case.action is run.action
    assert case.inputs == {"size": 3}
    assert case.entity is world.entities[EntityKey(blueprint="service", identifier="api")]
    assert case.caller is ana


@pytest.mark.parametrize("role", [ADMIN, "Member"])
def test_who_is_forbidden_by_a_policy_changes_nothing(role: str) -> None:
    world = judged(Oracle(allowed=False), execute=RULES)
    ana = invite(world, "ana", role)
    before = snapshot(world)

    with pytest.raises(ForbiddenError, match="the policy of action 'deploy' does not let user"):
        world.execute("deploy", {}, ana, entity="api")

    assert snapshot(world) == before


def test_policies_bind_the_organisation_itself_only_if_the_settings_say_so() -> None:
    free = judged(Oracle(allowed=False), execute=RULES)
    bound = judged(
        Oracle(allowed=False), execute=RULES, settings=Settings(policies_bind_machines=True)
    )

    free.execute("deploy", {}, MACHINE, entity="api")

    with pytest.raises(ForbiddenError, match="does not let the organisation"):
        bound.execute("deploy", {}, MACHINE, entity="api")


def test_whom_an_approve_policy_names_stays_with_the_run() -> None:
    oracle = Oracle(approvers=("ben@x.io", "gone@x.io", "ana@x.io", "ben@x.io"))
    world = judged(oracle, approve=RULES, quorum=Quorum.ALL)
    ana, ben, eve = invite(world, "ana"), invite(world, "ben"), invite(world, "eve", ADMIN)

    run = world.execute("deploy", {}, MACHINE, entity="api")
    oracle.approvers = ("eve@x.io",)

    assert run.approvers == (ben.id, ana.id)
    assert world.access.electorate(run) == [user(ben), user(ana)]
    with pytest.raises(ForbiddenError, match="is not an approver of run"):
        world.rule(run.id, Event.APPROVE, eve, because=None)
    world.rule(run.id, Event.APPROVE, ana, because=None)
    assert list(world.outbox) == [AskApprovers(run.id)]
    world.people.dismiss("ben@x.io")
    assert world.access.electorate(run) == [user(ana)]


def test_nobody_is_asked_who_approves_a_run_that_needs_no_approval() -> None:
    oracle = Oracle(approvers=("ben@x.io",))
    world = judged(oracle, approve=RULES)

    run = world.execute("deploy", {}, MACHINE, entity="api")

    assert run.approvers is None
    assert oracle.cases == []


def test_a_world_that_cannot_read_policies_says_so() -> None:
    world = judged(None, approve=RULES, quorum=Quorum.ANY)

    with pytest.raises(MisuseError, match="world 'org_1' cannot read policies: make it with"):
        world.execute("deploy", {}, MACHINE, entity="api")


CONTEXT: Final[Mapping[str, Any]] = {"a": [1, 2], "b": "text"}


def test_plain_paths_have_values_at_once() -> None:
    values = Verdicts().of([".b", ".a[0]", ".b.c"], CONTEXT, about="it", at=EPOCH)

    assert [values[one].value for one in (".b", ".a[0]", ".b.c")] == ["text", 1, None]
    assert values[".b.c"].error is not None


def test_what_jq_has_to_be_asked_waits_until_somebody_has_asked() -> None:
    verdicts = Verdicts()

    with pytest.raises(UndecidedError) as undecided:
        verdicts.of([".a | length", ".b", ".a | length"], CONTEXT, about="it", at=EPOCH)
    question = undecided.value.question
    assert (question.programs, question.context) == ((".a | length",), CONTEXT)
    verdicts.learn(question, {".a | length": Value(2)})

    values = verdicts.of([".a | length", ".b"], CONTEXT, about="it", at=EPOCH + TICK)
    assert {name: value.value for name, value in values.items()} == {".a | length": 2, ".b": "text"}


def test_an_answer_is_of_no_use_to_another_question() -> None:
    verdicts = Verdicts()
    question = Question(about="it", programs=(".a | length",), text="{}", at=EPOCH)
    verdicts.learn(question, {".a | length": Value(0)})

    with pytest.raises(UndecidedError):
        verdicts.of([".a | length"], CONTEXT, about="it", at=EPOCH)


def test_time_stands_still_while_a_command_waits() -> None:
    verdicts = Verdicts()
    question = Question(about="it", programs=("now",), text="{}", at=EPOCH)

    verdicts.learn(question, {"now": Value(0)})
    with pytest.raises(UndecidedError) as undecided:
        verdicts.of(["1+1"], {}, about="it", at=EPOCH + TICK)

    assert verdicts.at == EPOCH
    assert undecided.value.question.at == EPOCH


def test_a_context_that_is_no_json_fails_without_asking() -> None:
    values = Verdicts().of(["length"], {"endless": object()}, about="it", at=EPOCH)

    assert values["length"].value is None
    assert values["length"].error is not None


def test_the_key_of_the_entity_is_what_the_case_is_about() -> None:
    oracle = Oracle()
    world = judged(oracle, execute=RULES)
    world.actions.add(make_action("create"))
    world.actions.permit("create", Permissions(execute=RULES), MACHINE)

    world.execute("create", {}, invite(world, "ana"))

    assert oracle.cases[0].entity is None
    assert key("service/api") in {one.key for one in world.entities.of("service")}
