"""Catalogs, actions, permissions and whole organisations before the same two judges."""

from __future__ import annotations

from itertools import count
from typing import Any, Final
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from port_fake import FakePort, FakePortServer, MisuseError
from port_fake.strategies import (
    Organisation,
    actions,
    blueprints,
    entities,
    execute_bodies,
    invalid_execute_bodies,
    organisations,
    permissions,
)
from tests.support.client import Client, assert_refused, client_of, compiled, operation_named

OVER_HTTP: Final = settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SIMPLEST: Final = settings(phases=[Phase.generate, Phase.shrink])
NAMES: Final = count()
FRESH: Final = st.builds(lambda: f"name-{next(NAMES)}")
REQUIRING: Final = {
    "identifier": "service",
    "schema": {"properties": {}},
    "relations": {"owner": {"target": "domain", "required": True, "many": False}},
}


def documented(operation: str, body: Any) -> bool:
    """Whether the document allows a body."""
    content = operation_named(operation)["requestBody"]["content"]
    return bool(compiled(content["application/json"]["schema"]).is_valid(body))


def place(*segments: str) -> str:
    """A path, with identifiers as a client must write them."""
    return "/".join(["/v1", *(quote(one, safe="") for one in segments)])


@OVER_HTTP
@given(st.data())
def test_blueprints_and_their_entities_are_accepted(
    port_fake: FakePort, client: Client, data: st.DataObject
) -> None:
    blueprint = data.draw(blueprints(identifiers=FRESH))
    made = client.post("/v1/blueprints", blueprint)
    assert made.status == 201, made
    assert documented("create-blueprint", blueprint)

    entity = data.draw(entities(made.json["blueprint"]))
    answer = client.post(place("blueprints", blueprint["identifier"], "entities"), entity)

    assert answer.status == 201, answer
    assert documented("create-entity", entity)
    assert answer.json["entity"]["properties"] == entity["properties"]
    held = port_fake.world.entities.of(blueprint["identifier"])
    assert [one.key.identifier for one in held] == [entity["identifier"]]


@OVER_HTTP
@given(permissions(users=["ana@example.com"], teams=["team-a"], policies=True))
def test_permissions_are_accepted(
    port_fake: FakePort, client: Client, changes: dict[str, Any]
) -> None:
    action = f"deploy-{next(NAMES)}"
    port_fake.add_action(action)

    answer = client.patch(place("actions", action, "permissions"), changes)

    assert answer.status == 200, answer
    assert documented("update-action-permissions", changes)
    for half, given_lists in changes.items():
        for key in given_lists.keys() - {"policy"}:
            assert answer.json["permissions"][half][key] == given_lists[key]


@OVER_HTTP
@given(actions(identifiers=FRESH, automations=True))
def test_actions_and_automations_are_accepted(client: Client, action: dict[str, Any]) -> None:
    answer = client.post("/v1/actions", action)

    assert answer.status == 201, answer
    assert documented("create-action", action)


@settings(OVER_HTTP, max_examples=12)
@given(organisations(), st.data())
def test_an_organisation_can_be_laid_down_and_worked_in(
    port_fake_server: FakePortServer, organisation: Organisation, data: st.DataObject
) -> None:
    with port_fake_server.organisation() as port:
        organisation.furnish(port)
        client = client_of(port)
        for action in organisation.actions:
            body = data.draw(execute_bodies(action, **organisation.known))
            broken = data.draw(invalid_execute_bodies(action, **organisation.known))

            run = client.post(place("actions", action["identifier"], "runs"), body)
            refusal = client.post(place("actions", action["identifier"], "runs"), broken.body)

            assert run.status == 202, run
            assert_refused(refusal, 422)
        assert len(port.runs()) == len(organisation.actions)
        held = client.get("/v1/users").json["users"]
        assert {one["email"] for one in held} == {one["email"] for one in organisation.users}


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(organisations())
def test_the_parts_of_an_organisation_name_only_what_is_there(organisation: Organisation) -> None:
    emails = {user["email"] for user in organisation.users}
    named = {
        name
        for one in organisation.permissions.values()
        for half in one.values()
        for name in half.get("users", ())
    }
    owners = {team for user in organisation.users for team in user["teams"]}
    targets = {
        relation["target"]
        for one in organisation.blueprints
        for relation in one["relations"].values()
    }

    assert named <= emails
    assert owners <= {*organisation.teams}
    assert targets <= organisation.known["entities"].keys()
    assert organisation.permissions.keys() <= {one["identifier"] for one in organisation.actions}


def test_an_organisation_may_have_all_kinds_of_parts_at_once() -> None:
    def is_full(one: Organisation) -> bool:
        return bool(one.users and one.entities and one.actions and one.permissions)

    found = find(organisations(), is_full, settings=settings(phases=[Phase.generate]))

    assert is_full(found)


def test_laying_an_organisation_down_leaves_it_as_it_was(port_fake: FakePort) -> None:
    organisation = Organisation(actions=(find(actions(), lambda _: True, settings=SIMPLEST),))
    before = repr(organisation)

    organisation.furnish(port_fake)
    port_fake.execute("a")

    assert repr(organisation) == before


def test_a_required_relation_without_known_entities_is_a_mistake_that_says_what_to_pass() -> None:
    with pytest.raises(MisuseError, match=r"relation 'owner'.*targets=\{'domain': "):
        entities(REQUIRING)


def test_a_required_relation_is_drawn() -> None:
    found = find(
        entities(REQUIRING, targets={"domain": ["core"]}), lambda _: True, settings=SIMPLEST
    )

    assert found == {"identifier": "a", "properties": {}, "relations": {"owner": "core"}}


SIMPLE: Final[list[tuple[st.SearchStrategy[Any], Any]]] = [
    (
        blueprints(),
        {
            "identifier": "a",
            "title": "0",
            "schema": {"properties": {}, "required": []},
            "relations": {},
        },
    ),
    (
        actions(blueprints=["service"], automations=True),
        {
            "identifier": "a",
            "trigger": {
                "type": "self-service",
                "operation": "CREATE",
                "userInputs": {"properties": {}, "required": []},
            },
            "invocationMethod": {"type": "WEBHOOK", "url": "https://backend.example.com/"},
        },
    ),
    (permissions(users=["ana@example.com"], policies=True), {}),
    (organisations(), Organisation()),
]


@pytest.mark.parametrize(("things", "simplest"), SIMPLE)
def test_things_shrink_to_what_must_be_there(things: st.SearchStrategy[Any], simplest: Any) -> None:
    assert find(things, lambda _: True, settings=SIMPLEST) == simplest
