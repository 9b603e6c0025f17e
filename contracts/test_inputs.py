"""Properties against user inputs: what an execution refuses, and which defaults it adds."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Scene

EXECUTE = "execute-self-service-action"
SOURCE = "docs: user inputs; the constraints of an input's schema"

TEXT = {"type": "string"}
RIGHT_AND_WRONG = [
    pytest.param(TEXT, ["", "x", "é ✓"], [1, 1.5, True, [], {}, None], id="type-string"),
    pytest.param({"type": "number"}, [0, -1, 2.5, 1e9], ["1", True, [], {}], id="type-number"),
    pytest.param({"type": "boolean"}, [True, False], ["true", 0, 1, []], id="type-boolean"),
    pytest.param({"type": "array"}, [[], [1, "x", None]], ["x", {}, 1, True], id="type-array"),
    pytest.param({"type": "object"}, [{}, {"a": {"b": 1}}], ["x", [], 1, True], id="type-object"),
    pytest.param(
        {**TEXT, "enum": ["small", "Large"]},
        ["small", "Large"],
        ["large", "", "sma", "smalls"],
        id="enum-of-texts",
    ),
    pytest.param({"type": "number", "enum": [1, 2.5]}, [1, 2.5], [2, 0, -1], id="enum-of-numbers"),
    pytest.param(
        {**TEXT, "pattern": "^[a-z]+-[0-9]{2}$"},
        ["a-01", "abc-99"],
        ["", "a-1", "A-01", "a-012", "xa-01x"],
        id="pattern",
    ),
    pytest.param({**TEXT, "minLength": 2}, ["ab", "abc", "éé"], ["", "a", "é"], id="min-length"),
    pytest.param({**TEXT, "maxLength": 2}, ["", "ab", "éé"], ["abc", "ééé"], id="max-length"),
    pytest.param({"type": "number", "minimum": 2}, [2, 2.5, 9], [1.9, 0, -3], id="minimum"),
    pytest.param({"type": "number", "maximum": 2}, [2, 1.9, -3], [2.1, 9], id="maximum"),
    pytest.param(
        {"type": "number", "exclusiveMinimum": 2}, [2.1, 9], [2, 1.9], id="exclusive-minimum"
    ),
    pytest.param(
        {"type": "number", "exclusiveMaximum": 2}, [1.9, -9], [2, 2.1], id="exclusive-maximum"
    ),
    pytest.param({"type": "array", "minItems": 1}, [[1], [1, 2]], [[]], id="min-items"),
    pytest.param({"type": "array", "maxItems": 1}, [[], [1]], [[1, 2]], id="max-items"),
    pytest.param({"type": "array", "uniqueItems": True}, [[1, 2], []], [[1, 1]], id="unique-items"),
    pytest.param(
        {"type": "array", "items": {**TEXT, "enum": ["a", "b"]}},
        [[], ["a"], ["b", "a", "a"]],
        [["c"], ["a", "c"], [1], ["a", None]],
        id="items",
    ),
    pytest.param(
        {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]},
        [{"n": 1}, {"n": 1, "more": "x"}],
        [{}, {"n": "1"}, {"N": 1}],
        id="object-properties",
    ),
    pytest.param(
        {"type": "object", "properties": {"n": {}}, "additionalProperties": False},
        [{}, {"n": 1}],
        [{"m": 1}, {"n": 1, "m": 2}],
        id="closed-object",
    ),
    pytest.param({**TEXT, "format": "email"}, ["ana@example.com"], ["ana", "ana@", ""], id="email"),
    pytest.param(
        {**TEXT, "format": "url"},
        ["https://example.com/a?b=c#d", "http://10.0.0.1:8080"],
        ["example", "", "://x"],
        id="url",
    ),
    pytest.param(
        {**TEXT, "format": "date-time"},
        ["2026-01-05T10:00:00Z", "2026-01-05T10:00:00.000+02:00"],
        ["2026-01-05", "today", "2026-13-05T10:00:00Z"],
        id="date-time",
    ),
    pytest.param(
        {**TEXT, "format": "ipv4"}, ["10.0.0.1"], ["10.0.0", "10.0.0.256", "::1"], id="ipv4"
    ),
    pytest.param({**TEXT, "format": "ipv6"}, ["::1", "2001:db8::8a2e"], ["10.0.0.1"], id="ipv6"),
]


@question("inputs.accepts", source=SOURCE, needs={Need.FURNISH})
@pytest.mark.parametrize(("rules", "right", "wrong"), RIGHT_AND_WRONG)
def test_a_value_within_its_rules_is_taken_as_it_is(
    scene: Scene, rules: dict[str, Any], right: list[Any], wrong: list[Any]
) -> None:
    del wrong
    action = scene.action(inputs={"value": rules})

    for value in right:
        made = scene.run(action, properties={"value": value})
        assert made.get("properties") == {"value": value}


@question("inputs.refuses", source=SOURCE, needs={Need.FURNISH})
@pytest.mark.parametrize(("rules", "right", "wrong"), RIGHT_AND_WRONG)
def test_a_value_against_its_rules_is_refused_and_makes_no_run(
    scene: Scene, rules: dict[str, Any], right: list[Any], wrong: list[Any]
) -> None:
    del right
    action = scene.action(inputs={"value": rules})

    for value in wrong:
        path, body = {"action_identifier": action}, {"properties": {"value": value}}
        scene.port.ask(EXECUTE, path=path, body=body).refused(422)

    assert scene.runs(action=action) == []


@question("inputs.required", source="docs: required user inputs", needs={Need.FURNISH})
@pytest.mark.parametrize(
    "properties",
    [
        pytest.param({}, id="missing"),
        pytest.param({"region": None}, id="null"),
        pytest.param({"Region": "eu"}, id="in-capitals"),
        pytest.param({"size": 1}, id="another"),
    ],
)
def test_a_required_input_must_be_given(scene: Scene, properties: dict[str, Any]) -> None:
    inputs = {"region": {"type": "string"}, "size": {"type": "number"}}
    action = scene.action(inputs=inputs, required=["region"])

    path, body = {"action_identifier": action}, {"properties": properties}
    scene.port.ask(EXECUTE, path=path, body=body).refused(422)

    assert scene.runs(action=action) == []


@question("inputs.required-given", source="docs: required user inputs", needs={Need.FURNISH})
def test_inputs_that_are_not_required_may_be_left_out(scene: Scene) -> None:
    inputs = {"region": {"type": "string"}, "size": {"type": "number"}}
    action = scene.action(inputs=inputs, required=["region"])

    made = scene.run(action, properties={"region": ""})

    assert made.get("properties") == {"region": ""}


@question(
    "inputs.unknown",
    source="Assumed: an input that the action does not define is refused",
    needs={Need.FURNISH},
)
def test_an_input_that_is_not_defined_is_refused(scene: Scene) -> None:
    action = scene.action()

    path = {"action_identifier": action}
    body = {"properties": {"version": "1", "contracts_nothing": 1}}
    scene.port.ask(EXECUTE, path=path, body=body).refused(422)

    assert scene.runs(action=action) == []


DEFAULTS: dict[str, Any] = {
    "text": {"type": "string", "default": "eu-west-1"},
    "number": {"type": "number", "default": 0},
    "flag": {"type": "boolean", "default": False},
    "list": {"type": "array", "default": ["a", {"b": None}]},
    "object": {"type": "object", "default": {"k": []}},
    "none": {"type": "string"},
}


@question("inputs.defaults.are-added", source="docs: user inputs, default", needs={Need.FURNISH})
def test_defaults_are_added_where_nothing_is_given(scene: Scene) -> None:
    made = scene.run(scene.action(inputs=DEFAULTS))

    wanted = {name: rules["default"] for name, rules in DEFAULTS.items() if "default" in rules}
    assert made.get("properties") == wanted
    assert scene.read(made["id"], "v1").get("properties") == wanted


@question("inputs.defaults.give-way", source="docs: user inputs, default", needs={Need.FURNISH})
def test_a_value_that_is_given_takes_the_place_of_the_default(scene: Scene) -> None:
    given = {"text": "", "number": 7, "flag": True, "list": [], "object": {}}

    made = scene.run(scene.action(inputs=DEFAULTS), properties=given)

    assert made.get("properties") == given


@question(
    "inputs.defaults.serve-what-is-required",
    source="docs: user inputs, default",
    needs={Need.FURNISH},
)
def test_a_default_serves_an_input_that_is_required(scene: Scene) -> None:
    made = scene.run(scene.action(inputs=DEFAULTS, required=["text"]))

    properties = made.get("properties")
    assert isinstance(properties, dict)
    assert properties.get("text") == "eu-west-1"


@question(
    "inputs.defaults.are-not-raw",
    source="Assumed: rawProperties is the map as it was submitted",
    level=Level.UNKNOWN,
    needs={Need.FURNISH},
)
def test_raw_properties_are_without_defaults(scene: Scene) -> None:
    made = scene.run(scene.action(inputs=DEFAULTS), properties={"none": "x"})

    assert made.get("rawProperties") == {"none": "x"}


@question(
    "inputs.of-another-action",
    source="docs: user inputs belong to their action",
    needs={Need.FURNISH},
)
def test_each_action_has_rules_of_its_own(scene: Scene) -> None:
    loose = scene.action("loose", inputs={"value": {"type": "string"}})
    tight = scene.action("tight", inputs={"value": {"type": "string", "enum": ["a"]}})

    scene.run(loose, properties={"value": "b"})
    path, body = {"action_identifier": tight}, {"properties": {"value": "b"}}
    scene.port.ask(EXECUTE, path=path, body=body).refused(422)


# -- entities as inputs


@question(
    "inputs.entity.is-shown-whole",
    source="docs: guides read .properties.<input>.identifier of a run",
    needs={Need.FURNISH},
)
def test_an_entity_input_is_answered_as_the_entity_and_raw_as_sent(scene: Scene) -> None:
    service = scene.blueprint("service", tier={"type": "string"})
    entity = scene.entity(service, "checkout", tier="gold")

    made = scene.run(_entity_action(scene, service), properties={"service": entity})

    properties = made.get("properties")
    assert isinstance(properties, dict)
    shown = properties.get("service")
    assert isinstance(shown, dict)
    assert shown.get("identifier") == entity
    assert shown.get("blueprint") == service
    assert shown.get("properties") == {"tier": "gold"}
    assert made.get("rawProperties") == {"service": entity}
    assert scene.read(made["id"], "v1").get("properties") == {"service": entity}


@question(
    "inputs.entity.must-be-there",
    source="Assumed: an entity input names an entity of its blueprint, else 422",
    needs={Need.FURNISH},
)
@pytest.mark.parametrize("kind", ["unknown", "of-another-blueprint", "number", "empty"])
def test_an_entity_input_must_name_an_entity_of_its_blueprint(scene: Scene, kind: str) -> None:
    service, other = scene.blueprint("service"), scene.blueprint("machine")
    scene.entity(service, "checkout")
    stranger = scene.entity(other, "stranger")
    action = _entity_action(scene, service)
    value = {
        "unknown": "contracts_nothing",
        "of-another-blueprint": stranger,
        "number": 7,
        "empty": "",
    }[kind]

    path, body = {"action_identifier": action}, {"properties": {"service": value}}
    scene.port.ask(EXECUTE, path=path, body=body).refused(404, 422)

    assert scene.runs(action=action) == []


@question(
    "inputs.entity.list",
    source="docs: an array of entities is mapped by .identifier",
    needs={Need.FURNISH},
)
def test_a_list_of_entities_is_answered_in_its_order(scene: Scene) -> None:
    service = scene.blueprint("service")
    one, two = scene.entity(service, "one"), scene.entity(service, "two")
    items = {"type": "string", "format": "entity", "blueprint": service}
    action = scene.action(inputs={"services": {"type": "array", "items": items}})

    made = scene.run(action, properties={"services": [two, one]})

    properties = made.get("properties")
    assert isinstance(properties, dict)
    shown = properties.get("services")
    assert isinstance(shown, list)
    assert [each.get("identifier") for each in shown if isinstance(each, dict)] == [two, one]
    assert made.get("rawProperties") == {"services": [two, one]}


def _entity_action(scene: Scene, blueprint: str) -> str:
    rules = {"type": "string", "format": "entity", "blueprint": blueprint}
    return scene.action("choose", inputs={"service": rules})
