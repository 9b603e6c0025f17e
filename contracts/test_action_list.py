"""The list of actions: its order and its filters."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import text, thing, things

LIST = "OpenAPI 1.0, GET /v1/actions"
NEEDS = {Need.FURNISH}


def plain(scene: Scene, name: str, trigger: dict[str, Any] | None = None) -> dict[str, Any]:
    trigger = trigger or {
        "type": "self-service",
        "operation": "CREATE",
        "userInputs": {"properties": {}},
    }
    return {
        "identifier": scene.named(name),
        "trigger": trigger,
        "invocationMethod": {"type": "KAFKA"},
    }


def make(scene: Scene, body: dict[str, Any]) -> dict[str, Any]:
    return thing(scene.port.get("create-action", body=body), "action")


def listed(scene: Scene, **query: Any) -> list[str]:
    found = things(scene.port.get("get-actions", query=query), "actions")
    return [text(one, "identifier") for one in found]


@question("actions.list.order", source="Assumed: oldest first", level=Level.UNKNOWN, needs=NEEDS)
def test_actions_are_listed_oldest_first(scene: Scene) -> None:
    names = ["m", "a", "z", "b"]
    for name in names:
        make(scene, plain(scene, name))

    assert listed(scene)[-4:] == [scene.named(name) for name in names]


@question("actions.list.is-stable", source=LIST, needs=NEEDS)
def test_a_list_of_actions_is_the_same_each_time(scene: Scene) -> None:
    names = [scene.named(f"action-{number}") for number in (3, 1, 2)]
    for number in (3, 1, 2):
        make(scene, plain(scene, f"action-{number}"))

    first, second = listed(scene), listed(scene)

    assert first == second
    assert sorted(one for one in first if one in names) == sorted(names)


def several(scene: Scene) -> None:
    """Make actions of which every filter means some."""
    for name in ("service", "team"):
        scene.blueprint(name)
    service, team = scene.named("service"), scene.named("team")
    inputs: dict[str, Any] = {"type": "self-service", "userInputs": {"properties": {}}}
    make(scene, plain(scene, "create", {**inputs, "operation": "CREATE"}))
    day2 = {**inputs, "operation": "DAY-2", "blueprintIdentifier": service}
    make(scene, plain(scene, "day2", day2))
    gone = {**inputs, "operation": "DELETE", "blueprintIdentifier": team}
    make(scene, plain(scene, "gone", gone))
    created = {"type": "RUN_CREATED", "actionIdentifier": scene.named("create")}
    make(scene, plain(scene, "onrun", {"type": "automation", "event": created}))
    updated = {"type": "ENTITY_UPDATED", "blueprintIdentifier": service}
    quiet = plain(scene, "quiet", {"type": "automation", "event": updated})
    make(scene, {**quiet, "publish": False})


FILTERS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "self-service": ({"trigger_type": "self-service"}, ["create", "day2", "gone"]),
    "automation": ({"trigger_type": "automation"}, ["onrun", "quiet"]),
    "operation": ({"operation": "DAY-2"}, ["day2"]),
    "operations": ({"operation": ["DAY-2", "DELETE"]}, ["day2", "gone"]),
    "event": ({"trigger_event": "RUN_CREATED"}, ["onrun"]),
    "events": ({"trigger_event": ["RUN_CREATED", "ENTITY_UPDATED"]}, ["onrun", "quiet"]),
    "unpublished": ({"published": False}, ["quiet"]),
    "published-automations": ({"published": True, "trigger_type": "automation"}, ["onrun"]),
    "and": ({"trigger_type": "self-service", "operation": "DELETE"}, ["gone"]),
    "none-of-both": ({"trigger_type": "automation", "operation": "DELETE"}, []),
    "v1": ({"version": "v1", "trigger_type": "self-service"}, ["create", "day2", "gone"]),
    "v2": ({"version": "v2", "trigger_type": "self-service"}, ["create", "day2", "gone"]),
}


@question("actions.list.filtered", source=f"{LIST}, query", needs=NEEDS)
@pytest.mark.parametrize(("query", "names"), FILTERS.values(), ids=FILTERS.keys())
def test_a_filter_leaves_what_it_means(
    scene: Scene, query: dict[str, Any], names: list[str]
) -> None:
    several(scene)
    made = {scene.named(name) for name in ("create", "day2", "gone", "onrun", "quiet")}

    found = [one for one in listed(scene, **query) if one in made]

    assert sorted(found) == sorted(map(scene.named, names))


@question("actions.list.filtered-by-name", source=f"{LIST}, query", needs=NEEDS)
def test_a_filter_by_name_leaves_what_is_called_so(scene: Scene) -> None:
    several(scene)

    by_name = listed(scene, action_identifier=[scene.named("gone"), scene.named("create")])
    by_blueprint = listed(scene, blueprint_identifier=scene.named("service"))
    by_action = listed(scene, trigger_event_action_identifier=scene.named("create"))
    by_nothing = listed(scene, action_identifier=scene.named("nothing"))

    assert sorted(by_name) == sorted([scene.named("create"), scene.named("gone")])
    assert sorted(by_blueprint) == sorted([scene.named("day2"), scene.named("quiet")])
    assert by_action == [scene.named("onrun")]
    assert by_nothing == []


BAD_FILTERS = {
    "trigger-type": {"trigger_type": "manual"},
    "operation": {"operation": "UPDATE"},
    "event": {"trigger_event": "RUN_DELETED"},
    "published": {"published": "perhaps"},
    "version": {"version": "v3"},
}


@question("actions.list.bad-filter-refused", source=f"{LIST}, query")
@pytest.mark.parametrize("query", BAD_FILTERS.values(), ids=BAD_FILTERS.keys())
def test_a_filter_that_makes_no_sense_is_refused(port: Organisation, query: dict[str, Any]) -> None:
    port.ask("get-actions", query=query).refused(422)
