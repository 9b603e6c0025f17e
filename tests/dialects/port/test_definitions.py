"""What each of Port's documents accepts and refuses."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import jsonschema_rs
import pytest

from port_fake.dialects.port.definitions import (
    actions,
    blueprints,
    entities,
    organisation,
    people,
    permissions,
    search,
    triggers,
)
from port_fake.surface.schema import Schema, ref

MODULES: Final = (
    actions,
    blueprints,
    entities,
    organisation,
    people,
    permissions,
    search,
    triggers,
)
EVERY_SCHEMA: Final[dict[str, Schema]] = dict(search.COMPONENTS) | {
    name: value
    for module in MODULES
    for name, value in vars(module).items()
    if name.isupper() and name[0] != "_" and isinstance(value, dict) and name != "COMPONENTS"
}
URL: Final = "https://example.com"
METHODS: Final[dict[str, dict[str, Any]]] = {
    "KAFKA": {"payload": {"key": "value"}},
    "WEBHOOK": {"url": URL, "agent": "{{ .inputs.agent }}", "headers": {"a": "b"}, "body": []},
    "GITHUB": {"org": "o", "repo": "r", "workflow": "w.yml", "reportWorkflowStatus": True},
    "INTEGRATION_ACTION": {
        "installationId": "github",
        "integrationActionType": "dispatch_workflow",
        "integrationActionExecutionProperties": {"org": "o"},
    },
    "GITLAB": {"projectName": "p", "groupName": "g", "pipelineVariables": {"a": 1}},
    "AZURE_DEVOPS": {"webhook": "w", "org": "o", "payload": []},
    "UPSERT_ENTITY": {"blueprintIdentifier": "b", "mapping": {"relations": {"a": ["b"]}}},
}
RULE: Final = {"property": "$team", "operator": "=", "value": "platform"}
INNER: Final = {"combinator": "or", "rules": [RULE, {"combinator": "or", "rules": []}]}
NESTED: Final = {"combinator": "and", "rules": [RULE, INNER]}
BLUEPRINT: Final = {"identifier": "b", "title": "B", "schema": {"properties": {}}}


def check(schema: Schema, good: Iterable[object], bad: Iterable[object]) -> None:
    """The schema accepts all the good documents and none of the bad ones."""
    whole = {**schema, "components": {"schemas": dict(search.COMPONENTS)}}
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    assert [document for document in good if not validator.is_valid(document)] == []
    assert [document for document in bad if validator.is_valid(document)] == []


def action(**changes: object) -> dict[str, object]:
    method = {"type": "KAFKA"}
    return {"identifier": "a", "trigger": button(), "invocationMethod": method, **changes}


def button(**changes: object) -> dict[str, object]:
    form: dict[str, object] = {"properties": {}}
    return {"type": "self-service", "operation": "CREATE", "userInputs": form, **changes}


def without(key: str, document: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in document.items() if name != key}


def rules(*members: object) -> dict[str, object]:
    return {"combinator": "and", "rules": members}


@pytest.mark.parametrize("name", EVERY_SCHEMA)
def test_every_schema_is_sound_and_all_its_references_lead_somewhere(name: str) -> None:
    assert jsonschema_rs.meta.is_valid(EVERY_SCHEMA[name])
    check(EVERY_SCHEMA[name], [], [])


def test_closed_bodies_take_no_other_keys_and_open_ones_do() -> None:
    check(actions.ACTION, [action()], [action(surprise=1)])
    check(blueprints.BLUEPRINT, [{**BLUEPRINT, "surprise": 1}], [])
    check(entities.ENTITY, [{"surprise": 1}, {"properties": {"a b": 1}}], [])
    check(entities.ENTITY_CHANGES, [{}], [{"surprise": 1}, {"properties": {"a b": 1}}])
    check(people.USER_CHANGES, [{"teams": []}], [{"surprise": 1}, {"roles": []}])
    check(people.NEW_TEAM, [{"name": "The A team", "surprise": 1}], [])


def test_an_identifier_is_made_of_letters_of_any_script_and_not_of_dots_alone() -> None:
    good = ["deploy", "déployer", "部署", "...", "a:b+c@d_e.f-1"]
    bad = [".", "..", "", "a b", "a#b", 7]
    check(actions.ACTION["properties"]["identifier"], [*good, "a=b"], [*bad, "a/b"])
    check(entities.ENTITY["properties"]["identifier"], [*good, "a/b\\c=d", "é" * 1000], bad)
    check(entities.ENTITY_CHANGES["properties"]["identifier"], good, [*bad, "é" * 1001])
    check(blueprints.BLUEPRINT["properties"]["identifier"], [*good, "a/b\\c"], [*bad, "a=b"])


@pytest.mark.parametrize("name", METHODS)
def test_an_action_may_invoke_each_of_the_seven_methods(name: str) -> None:
    method = {"type": name, **METHODS[name]}
    closed = [action(invocationMethod={**method, "surprise": 1})]
    for schema in (actions.ACTION, actions.ACCEPTED_ACTION):
        check(schema, [action(invocationMethod=method)], closed)
    bare = [{"type": name}]
    check(actions.INVOCATION_METHOD, *((bare, []) if name == "KAFKA" else ([], bare)))


def test_methods_of_the_guides_are_accepted_but_not_documented() -> None:
    slack = action(invocationMethod={**METHODS["WEBHOOK"], "type": "SLACK"})
    jenkins = action(invocationMethod={"type": "JENKINS", "url": URL, "agent": True, "body": {}})
    azure = action(invocationMethod={**METHODS["AZURE_DEVOPS"], "type": "AZURE-DEVOPS"})
    post = action(invocationMethod={"type": "JENKINS", "url": URL, "method": "POST"})
    check(actions.ACCEPTED_ACTION, [slack, jenkins], [azure, post])
    check(actions.ACTION, [], [slack, jenkins])


def test_an_action_says_who_approves_and_who_is_told() -> None:
    hook = {"type": "webhook", "url": URL, "format": "slack"}
    check(actions.REQUIRED_APPROVAL, [True, {"type": "ALL"}], ["ANY", {}, {"type": "SOME"}])
    refused = [{}, {"type": "webhook"}, {**hook, "type": "email"}, {**hook, "url": "nowhere"}]
    check(actions.APPROVAL_NOTIFICATION, [hook, {"type": "email"}], refused)


def test_inputs_come_plain_ordered_or_in_steps() -> None:
    plain = {"properties": {"a": {"type": "string", "encryption": "aes256-gcm"}}}
    ordered = {**plain, "required": [], "order": []}
    computed = {**plain, "required": {"jqQuery": "[]"}, "titles": {"a": {"title": "A"}}}
    stepped = {**plain, "steps": [{"title": "First", "order": ["a"], "visible": False}]}
    broken = [{}, {"format": "date-time"}, {"type": "string", "jqQuery": "."}]
    named = [{"properties": {"a": each}} for each in broken]
    refused = [{}, {**ordered, "steps": []}, {"properties": {"a.b": {"type": "string"}}}, *named]
    check(triggers.USER_INPUTS, [plain, ordered, computed, stepped], refused)


def test_a_condition_needs_the_blueprint_it_is_about_and_an_existing_entity() -> None:
    condition = {"type": "SEARCH", **NESTED}
    lonely = button(operation="DAY-2", condition=condition)
    related = {**lonely, "blueprintIdentifier": "b"}
    refused = [lonely, {**related, "operation": "CREATE"}, {**related, "condition": NESTED}]
    check(triggers.TRIGGER, [related, {**related, "operation": "DELETE"}], refused)


def test_a_button_has_a_short_text_without_blanks_around_it() -> None:
    label = triggers.TRIGGER["oneOf"][1]["properties"]["actionCardButtonText"]
    check(label, ["Go", "x" * 15], ["G", " Go", "Go ", "x" * 16])


def test_an_automation_waits_for_one_event_of_an_entity_a_timer_or_a_run() -> None:
    entity = {"type": "ENTITY_CREATED", "blueprintIdentifier": "b"}
    timer = {**entity, "type": "TIMER_PROPERTY_EXPIRED", "propertyIdentifier": "p"}
    run = {"type": "ANY_RUN_CHANGE", "actionIdentifier": "a"}
    broken = [{"type": "RUN_CREATED"}, {**run, **entity}, {**entity, "type": timer["type"]}]
    condition = {"type": "JQ", "expressions": [".diff"]}
    triggered = [
        [{"type": "automation", "event": e} for e in s] for s in ([entity, timer, run], broken)
    ]
    check(triggers.TRIGGER, *triggered)
    check(
        triggers.TRIGGER,
        [{**triggered[0][0], "condition": condition}],
        [{**triggered[0][0], "condition": {"type": "SEARCH", **NESTED}}],
    )


@pytest.mark.parametrize("name", ["SearchQuery", "DatasetQuery", "EntitySearchQuery"])
def test_the_three_big_languages_share_their_rules(name: str) -> None:
    caller = {"property": "email", "context": "user"}
    good: list[dict[str, Any]] = [
        {"property": caller, "operator": "!=", "value": None},
        {"property": "at", "operator": "<", "value": "2026-01-01T00:00:00Z"},
        {"property": "at", "operator": "between", "value": {"preset": "last12Months"}},
        {"property": "note", "operator": "isEmpty"},
        {"property": "timer", "operator": "isExpired"},
        {"operator": "relatedTo", "blueprint": "b", "value": ["e"], "direction": "upstream"},
        {"operator": "contains", "propertySchema": {"type": "string"}, "value": "x"},
        {"property": {"path": ["a", {"maxHops": 15}]}, "operator": "matchAny", "value": caller},
    ]
    bad: list[dict[str, Any]] = [
        *({**rule, "surprise": 1} for rule in good),
        {"property": "a", "operator": "~", "value": "x"},
        {"property": "at", "operator": "<", "value": "yesterday"},
        {"property": "at", "operator": "between", "value": {"preset": "lastYear"}},
        {"property": {"path": [{"maxHops": 16}]}, "operator": "matchAny", "value": "x"},
    ]
    check(ref(name), [rules(rules(rule)) for rule in good], [rules(rules(rule)) for rule in bad])


def test_each_language_has_something_of_its_own() -> None:
    computed = rules({**RULE, "value": {"jqQuery": ".user.email"}})
    related = rules({"relation": "team", "operator": "isEmpty", "targetProperty": "$title"})
    scored = rules({"scorecard": "health", "operator": "in", "value": ["Gold"]})
    check(ref("SearchQuery"), [], [computed, related, scored])
    check(ref("DatasetQuery"), [computed], [related, scored])
    check(ref("EntitySearchQuery"), [related, scored], [computed])


@pytest.mark.parametrize("name", sorted(search.COMPONENTS.keys() - {"JqQuery"}))
def test_groups_of_rules_lie_inside_groups(name: str) -> None:
    refused = [{"combinator": "xor", "rules": []}, {"rules": []}, rules(rules({}))]
    check(ref(name), [NESTED], [*refused, {**NESTED, "type": "SEARCH"}])


def test_a_new_blueprint_says_more_than_a_replaced_and_a_changed_one() -> None:
    unnamed = without("identifier", BLUEPRINT)
    untyped = {**BLUEPRINT, "schema": {"properties": {"a": {"title": "A"}}}}
    check(blueprints.BLUEPRINT, [BLUEPRINT], [unnamed, untyped])
    check(blueprints.BLUEPRINT_REPLACEMENT, [unnamed], [without("title", unnamed), untyped])
    check(blueprints.BLUEPRINT_CHANGES, [{}, unnamed, untyped], [{"title": ""}])


def test_the_parts_of_a_blueprint_are_closed_and_complete() -> None:
    count = {"func": "count", "calculationBy": "entities"}
    total = {"title": "N", "target": "b", "query": NESTED, "calculationSpec": count}
    relation = {"target": "b", "required": False, "many": True}
    good: list[dict[str, Any]] = [
        {"relations": {"a": relation}},
        {"mirrorProperties": {"a": {"path": "team.lead"}}},
        {"aggregationProperties": {"a": total}},
        {"ownership": {"type": "Inherited", "path": "team"}},
    ]
    bad: list[dict[str, Any]] = [
        {"relations": {"a b": relation}},
        {"relations": {"a": {"target": "b"}}},
        {"mirrorProperties": {"a": {"path": "lead"}}},
        {"aggregationProperties": {"a": {**total, "calculationSpec": {**count, "func": "sum"}}}},
        {"ownership": {"type": "Inherited"}},
    ]
    check(blueprints.BLUEPRINT_CHANGES, good, bad)


def test_a_stored_blueprint_says_who_made_it_and_when() -> None:
    moments = {"createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z"}
    stored = {**BLUEPRINT, **moments, "createdBy": "u", "updatedBy": "u"}
    check(blueprints.STORED_BLUEPRINT, [stored], [BLUEPRINT, {**stored, "createdAt": "today"}])


def test_an_entity_names_what_it_belongs_to_or_searches_for_it() -> None:
    teams = [{"team": each} for each in ("a", ["a"], NESTED)]
    relations = [{"relations": {"of": each}} for each in ("a", ["a"], None, NESTED)]
    strangers: list[object] = [7, "a b", ["a b"], {}]
    refused = [{"relations": {"of": each}} for each in strangers]
    searched, cleared = {"identifier": NESTED}, {"title": None, "icon": None, "team": None}
    check(entities.ENTITY, [*teams, *relations, searched], [*refused, cleared])
    check(entities.ENTITY_REPLACEMENT, [*teams, *relations], [*refused, searched, cleared])
    check(entities.ENTITY_CHANGES, [*teams, *relations, cleared], [*refused, searched])


def test_a_stored_entity_knows_its_blueprint_and_lists_its_teams() -> None:
    stored = {"identifier": "a", "blueprint": "b", "properties": {}, "relations": {"of": None}}
    check(entities.STORED_ENTITY, [{**stored, "team": ["x"]}], [{**stored, "team": 3}])
    check(entities.STORED_ENTITY, [stored], [without(key, stored) for key in stored])


def test_permissions_may_follow_a_policy_or_drop_it() -> None:
    policy = {"queries": {"mine": NESTED}, "conditions": ["true"]}
    good = [{"execute": {"policy": policy, "ownedByTeam": True}}, {"approve": {"policy": None}}]
    broken = [{**policy, "queries": {}}, {**policy, "conditions": []}]
    bad = [{"approve": {"policy": each}} for each in broken]
    check(permissions.PERMISSIONS, good, [*bad, {"approve": {"ownedByTeam": True}}])


def test_the_agent_may_set_its_streamer_without_naming_the_organisation() -> None:
    polling, pigeon = ({"settings": {"portAgentStreamerName": n}} for n in ("POLLING", "PIGEON"))
    quiet = {"announcement": {"enabled": False}}
    check(organisation.ORGANISATION_CHANGES, [polling, quiet], [pigeon])
    check(organisation.ORGANISATION_REPLACEMENT, [{"name": "o"}], [polling, {"name": "o", **quiet}])


def test_people_and_teams_are_named_cleanly_when_they_are_new() -> None:
    unclean = ["x", " a", "a/b", "a#b"]
    invited = [{"invitee": {"email": each}} for each in ("a@example.com", *unclean)]
    check(people.INVITATION, invited[:1], [*invited[1:], {"invitee": {}}])
    named = [{"name": each} for each in unclean]
    check(people.NEW_TEAM, [{"name": "ab"}], named)
    check(people.TEAM_REPLACEMENT, named, [{}, {"name": "a", "description": None}])
    check(people.TEAM_CHANGES, [{}, {"description": None}], [])


def test_answers_about_people_carry_what_port_lists() -> None:
    changed = {"ok": True, "email": "a", "roles": [{"name": "Admin"}]}
    check(people.CHANGED_USER, [changed], [{"ok": False}, {**changed, "teamsIdentifiers": []}])
    check(people.USER, [{"teamsIdentifiers": ["a"]}], [{"teamsIdentifiers": "a"}])
    check(people.USER_FIELDS, [["email", "roles.name"]], [["password"]])
    check(people.TEAM_FIELDS, [["provider", "users.email"]], [["users.roles"]])
