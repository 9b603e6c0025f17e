"""What is true of whatever an organisation holds: lists and the things in them agree."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Need, question
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.resources import RESOURCES, Resource, furnish
from port_fake.contracts.scenes import Scene
from port_fake.contracts.sites import Site
from port_fake.contracts.values import inner, moment, text, thing, things, whole

MANY = 3
"""How many of a list are looked at one by one."""

NAMES = [resource.name for resource in RESOURCES]
UNKNOWN = "nobody-has-this-identifier"


@pytest.fixture
def held(port: Organisation, scene: Scene, site: Site) -> Organisation:
    """An organisation as it is found; one that is empty because it is new is furnished."""
    if Need.SECOND in site.offers:
        furnish(scene, "as-it-is-found")
    return port


def listed(port: Organisation, resource: Resource) -> list[dict[str, Any]]:
    query = {"version": "v2", "limit": 50} if resource.name == "runs" else {}
    return things(port.get(resource.many, query=query), resource.key)


def some(port: Organisation, resource: Resource) -> list[dict[str, Any]]:
    found = listed(port, resource)[:MANY]
    if not found:
        pytest.skip(f"the organisation has no {resource.name}")
    return found


def one(port: Organisation, resource: Resource, identifier: str) -> dict[str, Any]:
    query = {"version": "v2"} if resource.name == "runs" else {}
    path = {resource.parameter: identifier}
    return thing(port.get(resource.one, path=path, query=query), resource.word)


@question("read.list.names-each-once", source="OpenAPI 1.0, the lists")
@pytest.mark.parametrize("resource", RESOURCES, ids=NAMES)
def test_a_list_names_each_thing_once(held: Organisation, resource: Resource) -> None:
    names = [text(item, resource.identity) for item in listed(held, resource)]

    assert len(set(names)) == len(names)


@question("read.list.is-stable", source="OpenAPI 1.0, the lists")
@pytest.mark.parametrize("resource", RESOURCES, ids=NAMES)
def test_a_list_is_the_same_when_it_is_asked_again(held: Organisation, resource: Resource) -> None:
    some(held, resource)

    first, second = listed(held, resource), listed(held, resource)

    assert first == second


@question("read.item.is-as-listed", source="OpenAPI 1.0, the lists and what they list")
@pytest.mark.parametrize("resource", RESOURCES, ids=NAMES)
def test_what_is_listed_is_readable_and_equal(held: Organisation, resource: Resource) -> None:
    for item in some(held, resource):
        found = one(held, resource, text(item, resource.identity))

        assert found.get(resource.identity) == item.get(resource.identity)
        both = item.keys() & found.keys()
        assert {key: found[key] for key in both} == {key: item[key] for key in both}
        assert len(both) >= len(item.keys() | found.keys()) - MANY


@question("read.item.stamps", source="docs: times are ISO 8601, UTC, in milliseconds")
@pytest.mark.parametrize("resource", RESOURCES, ids=NAMES)
def test_nothing_was_changed_before_it_was_made(held: Organisation, resource: Resource) -> None:
    for item in some(held, resource):
        assert moment(item, "createdAt") <= moment(item, "updatedAt")


@question("read.unknown.not-found", source="OpenAPI 1.0, 404")
@pytest.mark.parametrize("resource", RESOURCES, ids=NAMES)
def test_what_nobody_has_is_not_found(port: Organisation, resource: Resource) -> None:
    reply = port.ask(resource.one, path={resource.parameter: UNKNOWN}).refused(404)

    assert reply["error"] == "not_found"


def resource_of(name: str) -> Resource:
    return next(resource for resource in RESOURCES if resource.name == name)


@question("actions.read.definition", source="OpenAPI 1.0, GET /v1/actions")
def test_every_action_has_a_trigger_and_a_method(held: Organisation) -> None:
    for action in some(held, resource_of("actions")):
        assert inner(action, "trigger").get("type") in {"self-service", "automation"}
        assert text(inner(action, "invocationMethod"), "type")
        assert text(action, "id") != text(action, "identifier")


@question("actions.read.filtered-by-name", source="OpenAPI 1.0, GET /v1/actions, action_identifier")
def test_every_action_is_found_by_its_name_alone(held: Organisation) -> None:
    for action in some(held, resource_of("actions")):
        query = {"action_identifier": text(action, "identifier")}

        assert things(held.get("get-actions", query=query), "actions") == [action]


@question("actions.read.permissions", source="clients: Terraform's provider, Port's MCP server")
def test_every_action_has_permissions(held: Organisation) -> None:
    for action in some(held, resource_of("actions")):
        path = {"action_identifier": text(action, "identifier")}

        found = thing(held.get("get-action-permissions", path=path), "permissions")

        for part in ("execute", "approve"):
            for people in ("users", "roles", "teams"):
                listed_people = inner(found, part).get(people)
                if not isinstance(listed_people, list):
                    raise AnswerError(f"{part}.{people} must be a list: {listed_people!r}")


@question("actions.read.own-permissions", source="client: Port's MCP server")
def test_own_permissions_speak_of_actions_that_there_are(held: Organisation) -> None:
    names = {text(action, "identifier") for action in listed(held, resource_of("actions"))}

    found = whole(held.get("get-own-permissions"), "permissions")["permissions"]

    assert isinstance(found, list)
    told = [str(permission).partition(":actions:") for permission in found]
    assert {name for kind, _, name in told if kind.startswith("execute")} <= names
    assert len(set(map(str, found))) == len(found)


@question("blueprints.read.definition", source="OpenAPI 1.0, GET /v1/blueprints")
def test_every_blueprint_has_a_schema(held: Organisation) -> None:
    for blueprint in some(held, resource_of("blueprints")):
        assert isinstance(inner(blueprint, "schema").get("properties"), dict)
        assert isinstance(blueprint.get("relations"), dict)
        assert text(blueprint, "title")


@question("entities.read.agree", source="OpenAPI 1.0, GET entities, entities-count and one of them")
def test_entities_are_counted_listed_and_read_alike(held: Organisation) -> None:
    seen = 0
    for blueprint in some(held, resource_of("blueprints")):
        path = {"blueprint_identifier": text(blueprint, "identifier")}
        count = whole(held.get("count-entities", path=path), "count")["count"]
        if not isinstance(count, int) or count > 200:
            continue
        found = things(held.get("get-entities", path=path), "entities")
        assert len(found) == count
        for entity in found[:MANY]:
            name = {**path, "entity_identifier": text(entity, "identifier")}
            assert thing(held.get("get-entity", path=name), "entity") == entity
            assert entity.get("blueprint") == path["blueprint_identifier"]
            seen += 1
    if not seen:
        pytest.skip("the organisation has no blueprint with few entities")


@question("users.read.shape", source="OpenAPI 1.0, GET /v1/users")
def test_every_user_has_an_email_roles_and_teams(held: Organisation) -> None:
    for user in some(held, resource_of("users")):
        roles = user.get("roles")
        assert "@" in text(user, "email")
        assert isinstance(user.get("teams"), list)
        assert isinstance(roles, list)
        assert all(isinstance(role, dict) and text(role, "name") for role in roles)


@question("teams.read.members", source="OpenAPI 1.0, GET /v1/teams")
def test_every_member_of_a_team_is_a_user(held: Organisation) -> None:
    emails = {text(user, "email") for user in listed(held, resource_of("users"))}

    for team in some(held, resource_of("teams")):
        members = team.get("users")
        assert isinstance(members, list)
        assert {text(member, "email") for member in members if isinstance(member, dict)} <= emails


@question("secrets.read.no-value", source="docs: secrets")
def test_no_secret_shows_its_value(held: Organisation) -> None:
    for secret in some(held, resource_of("secrets")):
        name = text(secret, "secretName")
        assert not {"secretValue", "value"} & secret.keys()
        assert "secretValue" not in one(held, resource_of("secrets"), name)


@question("audit.read.shape", source="OpenAPI 1.0, GET /v1/audit-log")
def test_every_record_tells_what_happened_to_what(held: Organisation) -> None:
    found = things(held.get("get-audit-logs", query={"limit": MANY}), "audits")
    if not found:
        pytest.skip("the audit log is empty")

    assert len(found) <= MANY
    for record in found:
        assert text(record, "action")
        assert text(record, "resourceType")
        assert record.get("status") in {"SUCCESS", "FAILURE"}
        assert moment(inner(record, "trigger"), "at")
