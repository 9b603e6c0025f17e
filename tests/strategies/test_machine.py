"""PortMachine plays on what keeps the rules, and finds what does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from port_fake import FakePort, FakePortServer, MisuseError, Settings
from port_fake.strategies.machine import (
    Answer,
    ExpectedRun,
    HttpTarget,
    MemoryTarget,
    PortMachine,
    ServedTarget,
    Target,
)
from port_fake.world.organisations import Credentials
from tests.strategies.bugs import (
    Plant,
    a_claimed_run_stays_visible,
    a_declined_run_is_invoked,
    lists_begin_with_the_oldest,
)

FEW = settings(
    database=None,
    derandomize=True,
    deadline=None,
    max_examples=15,
    stateful_step_count=30,
    suppress_health_check=list(HealthCheck),
)
FULL = settings(FEW, max_examples=100)
UNSHRUNK = settings(FULL, stateful_step_count=50, phases=[Phase.generate])


def planted(plant: Plant) -> type[PortMachine]:
    """A machine on worlds that have a defect."""

    class Planted(PortMachine):
        def make_target(self) -> Target:
            port = FakePort()
            plant(port)
            return MemoryTarget(port)

    return Planted


def story(machine: type[PortMachine], how: settings) -> str:
    """What a failing machine tells: the program that it shrank to."""
    with pytest.raises(AssertionError) as caught:
        run_state_machine_as_test(machine, settings=how)
    return "\n".join([str(caught.value), *caught.value.__notes__])


# On the fake as it is.


def test_the_world_in_memory_keeps_the_rules() -> None:
    run_state_machine_as_test(PortMachine, settings=FEW)


@pytest.mark.slow
def test_the_world_in_memory_keeps_the_rules_for_long() -> None:
    run_state_machine_as_test(PortMachine, settings=FULL)


class OverHttp(PortMachine):
    """Each example has an organisation of its own on one server."""

    server: FakePortServer

    def make_target(self) -> Target:
        return ServedTarget(self.enter(self.server.organisation(name="machine")))


@pytest.fixture
def over_http(port_fake_server: FakePortServer) -> type[PortMachine]:
    OverHttp.server = port_fake_server
    return OverHttp


def test_the_fake_keeps_the_rules_over_http(over_http: type[PortMachine]) -> None:
    run_state_machine_as_test(over_http, settings=settings(FEW, max_examples=5))


@pytest.mark.slow
def test_the_fake_keeps_the_rules_over_http_for_long(over_http: type[PortMachine]) -> None:
    run_state_machine_as_test(over_http, settings=settings(FULL, max_examples=50))


def test_a_server_that_is_known_by_its_address_alone_will_do(port_fake: FakePort) -> None:
    class Elsewhere(PortMachine):
        """One organisation for all examples, nobody but itself to act, and its own time."""

        def make_target(self) -> Target:
            return HttpTarget(port_fake.base_url, port_fake.credentials)

    run_state_machine_as_test(Elsewhere, settings=settings(FEW, max_examples=4))
    assert len(port_fake.runs()) > 4


def test_people_with_credentials_act_for_themselves(port_fake: FakePort) -> None:
    people = PortMachine.people.values()
    for email in people:
        port_fake.add_user(email, roles=["Admin" if email.startswith("ana") else "Member"])
    users = {email: port_fake.credentials_of(email) for email in people}

    class Elsewhere(PortMachine):
        def make_target(self) -> Target:
            return HttpTarget(port_fake.base_url, port_fake.credentials, users=users)

    run_state_machine_as_test(Elsewhere, settings=settings(FEW, max_examples=4))
    creators = {run.json["createdBy"] for run in port_fake.runs()}
    assert len(creators) > 1


OTHERWISE = Settings(
    active_includes_waiting=True,
    logs_after_the_end=False,
    annotations_while_waiting=False,
    machine_may_approve=False,
    admins_may_always=False,
    visibility_timeout_ms=120_000,
    list_limit=3,
    log_limit=2,
)


def test_what_settings_change_is_expected_to_change() -> None:
    class Otherwise(PortMachine):
        port_settings = OTHERWISE

    run_state_machine_as_test(Otherwise, settings=FEW)


def test_a_world_that_departs_from_the_expected_settings_is_found_out() -> None:
    class Departing(PortMachine):
        def make_target(self) -> Target:
            return MemoryTarget(FakePort(settings=OTHERWISE))

    assert story(Departing, UNSHRUNK)


# On defects; all of them are in test_machine_bugs.py.


@pytest.mark.parametrize("plant", [a_declined_run_is_invoked, a_claimed_run_stays_visible])
def test_a_defect_is_found(plant: Plant) -> None:
    assert story(planted(plant), UNSHRUNK)


def test_a_defect_shrinks_to_a_program_that_can_be_pasted() -> None:
    told = story(
        planted(lists_begin_with_the_oldest), settings(FULL, phases=[Phase.generate, Phase.shrink])
    )

    assert told.count("state.begin(") == 1
    assert "state.begin(actions=['machine_plain', 'machine_plain'], who='organisation')" in told
    assert "must begin with" in told


# With rules of one's own.


def test_a_users_own_rule_takes_part() -> None:
    finished: list[str] = []

    class Bot(PortMachine):
        @rule(run=PortMachine.runs)
        def bot(self, run: ExpectedRun) -> None:
            if run.status == "IN_PROGRESS":
                self.target.perform(
                    "update-action-run", path={"run_id": run.id}, body={"status": "SUCCESS"}
                )
                run.take_update(self.person("organisation"), {"status": "SUCCESS"})
                finished.append(run.id)

    run_state_machine_as_test(Bot, settings=FEW)
    assert finished


def test_a_users_own_rule_that_breaks_the_expectation_is_told() -> None:
    class Bot(PortMachine):
        @rule(run=PortMachine.runs)
        def bot(self, run: ExpectedRun) -> None:
            self.target.perform(
                "update-action-run", path={"run_id": run.id}, body={"statusLabel": "Oops"}
            )

    assert "'Oops'" in story(Bot, settings(FULL, phases=[Phase.generate, Phase.shrink]))


class ByItself(PortMachine):
    """A class of its own: settings of `TestCase` are shared by all who use the class."""


TestByItself = ByItself.TestCase
TestByItself.settings = settings(FEW, max_examples=3)


def test_a_machine_does_not_explain_at_length_why_it_failed() -> None:
    class Mine(PortMachine):
        pass

    for machine in (PortMachine, Mine):
        assert Phase.explain not in machine.TestCase.settings.phases


# The parts.


class Broken(Target):
    """A target that can do no more than it must."""

    def __init__(self, answer: Callable[[], Answer]) -> None:
        self._answer = answer

    def perform(self, operation: str, **_: Any) -> Answer:  # noqa: ARG002 - it answers alike
        return self._answer()


def test_a_target_needs_to_do_one_thing_only() -> None:
    target = Broken(lambda: Answer(200, None))

    assert not target.can_act_as("ana@example.com")
    assert target.invocations() is None
    assert not target.moves_time
    with pytest.raises(MisuseError, match="cannot move time"):
        target.advance(1)


def test_credentials_that_are_not_accepted_are_the_users_mistake(port_fake: FakePort) -> None:
    wrong = Credentials(client_id=port_fake.client_id, client_secret=port_fake.client_id)
    target = HttpTarget(port_fake.base_url, wrong)

    with pytest.raises(MisuseError, match="the organisation"):
        target.perform("get-actions")
    with pytest.raises(MisuseError, match="ana@example"):
        target.perform("get-actions", as_user="ana@example.com")
    target.close()


def test_a_token_that_has_ended_is_renewed(port_fake: FakePort) -> None:
    target = ServedTarget(port_fake)
    before = target.perform("get-actions")

    target.advance(port_fake.world.settings.token_lifetime_s + 1)

    assert before.status == target.perform("get-actions").status == 200
    target.close()
    assert target.perform("get-actions").status == 200
    target.close()


def test_memory_and_http_answer_alike(port_fake: FakePort) -> None:
    port_fake.add_action("deploy")
    over_http = ServedTarget(port_fake)
    in_memory = MemoryTarget(port_fake)
    requests: list[dict[str, Any]] = [
        {"operation": "get-action", "path": {"action_identifier": "deploy"}},
        {"operation": "get-action", "path": {"action_identifier": "no/such"}},
        {"operation": "get-all-action-runs", "query": {"active": True, "source": ["UI", "API"]}},
        {"operation": "get-all-action-runs", "query": {"limit": 0}},
        {
            "operation": "execute-self-service-action",
            "path": {"action_identifier": "deploy"},
            "body": {},
        },
    ]

    for request in requests:
        assert over_http.perform(**request) == in_memory.perform(**request)
    assert over_http.invocations() == in_memory.invocations()
    over_http.close()
