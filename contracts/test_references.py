"""What a run points at: its action, blueprint and entity, while they are there and afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.anatomy import misshapen, moment_of, named_by
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Scene

EXECUTE = "execute-self-service-action"
ON_ENTITIES = "docs: DAY-2 and DELETE actions act on an entity"
GONE = "OpenAPI 1.0: action, blueprint and entity of a run may be deleted"


@question("references.names-and-titles", source="OpenAPI 1.0, the run", needs={Need.FURNISH})
@pytest.mark.parametrize("operation", ["DAY-2", "DELETE"])
def test_a_run_on_an_entity_names_what_it_acts_on(scene: Scene, operation: str) -> None:
    service = scene.blueprint("service")
    entity = scene.entity(service, "checkout")
    action = scene.action("restart", blueprint=service, operation=operation)

    made = scene.run(action, entity=entity)

    for run in (made, scene.read(made["id"])):
        assert _told(run.get("action")) == (action, "restart", False)
        assert _told(run.get("blueprint")) == (service, "service", False)
        assert _told(run.get("entity")) == (entity, "checkout", False)


@question("references.in-v1", source="docs: runs of 2022 to 2024", needs={Need.FURNISH})
def test_v1_names_blueprint_and_entity_with_their_titles(scene: Scene) -> None:
    service = scene.blueprint("service")
    entity = scene.entity(service, "checkout")
    action = scene.action("restart", blueprint=service, operation="DAY-2")

    found = scene.read(scene.run(action, entity=entity)["id"], "v1")

    assert found.get("action") == action
    assert found.get("blueprint") == {"identifier": service, "title": "service"}
    assert found.get("entity") == {"identifier": entity, "title": "checkout"}


@question("references.without", source="OpenAPI 1.0, the run", needs={Need.FURNISH})
def test_a_run_of_an_action_without_a_blueprint_names_none(scene: Scene) -> None:
    made = scene.run(scene.action())

    for version in ("v1", "v2"):
        found = scene.read(made["id"], version)
        assert "blueprint" not in found
        assert "entity" not in found


@question("references.creating", source="docs: a CREATE run has no entity", needs={Need.FURNISH})
def test_a_run_that_creates_names_its_blueprint_and_no_entity(scene: Scene) -> None:
    service = scene.blueprint("service")

    made = scene.run(scene.action("create", blueprint=service))

    assert named_by(made.get("blueprint")) == service
    assert "entity" not in made


@question("references.entity.required", source=ON_ENTITIES, needs={Need.FURNISH})
@pytest.mark.parametrize("operation", ["DAY-2", "DELETE"])
def test_an_action_on_entities_needs_one(scene: Scene, operation: str) -> None:
    service = scene.blueprint("service")
    scene.entity(service)
    action = scene.action("restart", blueprint=service, operation=operation)

    path = {"action_identifier": action}
    scene.port.ask(EXECUTE, path=path, body={"properties": {}}).refused(422)

    assert scene.runs(action=action) == []


@question("references.entity.must-be-there", source=ON_ENTITIES, needs={Need.FURNISH})
@pytest.mark.parametrize("which", ["unknown", "of-another-blueprint", "empty"])
def test_an_action_acts_on_entities_of_its_blueprint_only(scene: Scene, which: str) -> None:
    service, other = scene.blueprint("service"), scene.blueprint("machine")
    scene.entity(service, "checkout")
    entity = {
        "unknown": "contracts_nothing",
        "of-another-blueprint": scene.entity(other, "stranger"),
        "empty": "",
    }[which]
    action = scene.action("restart", blueprint=service, operation="DAY-2")

    path, body = {"action_identifier": action}, {"properties": {}, "entity": entity}
    scene.port.ask(EXECUTE, path=path, body=body).refused(404, 422)

    assert scene.runs(action=action) == []


@question(
    "references.entity.unknown-is-404",
    source="Assumed: an entity that is not there is 404, as everywhere",
    level=Level.UNKNOWN,
    needs={Need.FURNISH},
)
def test_an_entity_that_is_not_there_is_404(scene: Scene) -> None:
    action = scene.action("restart", blueprint=scene.blueprint(), operation="DAY-2")

    path, body = {"action_identifier": action}, {"properties": {}, "entity": "contracts_nothing"}
    scene.port.ask(EXECUTE, path=path, body=body).refused(404)


@question(
    "references.creating-ignores-an-entity",
    source="Assumed: an action that makes something new ignores the entity",
    level=Level.UNKNOWN,
    needs={Need.FURNISH},
)
def test_a_run_that_creates_ignores_an_entity(scene: Scene) -> None:
    service = scene.blueprint("service")
    action = scene.action("create", blueprint=service)

    made = scene.run(action, entity=scene.entity(service))

    assert "entity" not in made


@question("references.deleted", source=GONE, needs={Need.FURNISH})
@pytest.mark.parametrize("what", ["action", "entity"])
def test_what_was_deleted_is_still_named_and_said_to_be_gone(scene: Scene, what: str) -> None:
    service = scene.blueprint("service")
    entity = scene.entity(service, "checkout")
    action = scene.action("restart", blueprint=service, operation="DAY-2")
    made = scene.run(action, entity=entity)

    if what == "action":
        scene.port.get("delete-action", path={"action_identifier": action})
    else:
        path = {"blueprint_identifier": service, "entity_identifier": entity}
        scene.port.get("delete-entity", path=path, query={"delete_dependents": False})

    found = scene.read(made["id"])
    gone = {key: _is_gone(found.get(key)) for key in ("action", "blueprint", "entity")}
    assert gone == {"action": False, "blueprint": False, "entity": False, what: True}
    assert named_by(found.get(what)) == {"action": action, "entity": entity}[what]
    assert misshapen(found) == []
    listed = scene.runs(**{what: named_by(found.get(what))})
    assert [run.get("id") for run in listed] == [made["id"]]


@question("references.deleted-blueprint", source=GONE, needs={Need.FURNISH})
def test_a_run_outlives_its_blueprint(scene: Scene) -> None:
    service = scene.blueprint("service")
    made = scene.run(scene.action("create", blueprint=service))

    path = {"identifier": service}
    scene.port.get("delete-blueprint", path=path, query={"delete_actions": True})

    found = scene.read(made["id"])
    assert named_by(found.get("blueprint")) == service
    assert _is_gone(found.get("blueprint"))
    assert _is_gone(found.get("action"))
    assert scene.read(made["id"], "v1").get("relatedBlueprintExists") is False


@question("references.deleted-in-v1", source="docs: tutorial of 2022", needs={Need.FURNISH})
def test_v1_says_that_an_entity_is_gone(scene: Scene) -> None:
    service = scene.blueprint("service")
    entity = scene.entity(service, "checkout")
    action = scene.action("restart", blueprint=service, operation="DAY-2")
    run_id = scene.run(action, entity=entity)["id"]

    path = {"blueprint_identifier": service, "entity_identifier": entity}
    scene.port.get("delete-entity", path=path, query={"delete_dependents": False})

    found = scene.read(run_id, "v1")
    assert found.get("relatedEntityExists") is False
    assert found.get("relatedBlueprintExists") is True
    assert named_by(found.get("entity")) == entity


@question("references.runs-outlive-actions", source=GONE, needs={Need.FURNISH})
def test_a_run_goes_on_after_its_action_was_deleted(scene: Scene) -> None:
    action = scene.action()
    run_id = scene.run(action)["id"]
    scene.port.get("delete-action", path={"action_identifier": action})

    ended = scene.update(run_id, status="SUCCESS", summary="still here")
    scene.log(scene.run(scene.action("other"))["id"], "x")

    assert ended["status"] == "SUCCESS"
    assert scene.read(run_id).get("summary") == "still here"


# -- entities that a run has touched


@question(
    "references.touching.in-progress", source="docs: entities tied to a run", needs={Need.FURNISH}
)
def test_a_run_in_progress_may_be_tied_to_an_entity(scene: Scene) -> None:
    service = scene.blueprint("service")
    run_id = scene.run(scene.action())["id"]

    made = _create(scene, service, run_id).must(201)

    assert made.object("entity").get("identifier") == scene.named("made")
    moment_of(scene.read(run_id), "updatedAt")


@question(
    "references.touching.over",
    source="docs: entities can be tied to a run only while it is in progress",
    needs={Need.FURNISH},
)
@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE"])
def test_a_run_that_is_over_is_tied_to_no_entity(scene: Scene, status: str) -> None:
    service = scene.blueprint("service")
    run_id = scene.run(scene.action())["id"]
    scene.update(run_id, status=status)

    _create(scene, service, run_id).refused(422)

    path = {"blueprint_identifier": service, "entity_identifier": scene.named("made")}
    scene.port.ask("get-entity", path=path).refused(404)


def _create(scene: Scene, blueprint: str, run_id: str) -> Any:
    return scene.port.ask(
        "create-entity",
        path={"blueprint_identifier": blueprint},
        query={"run_id": run_id},
        body={"identifier": scene.named("made"), "properties": {}},
    )


def _told(reference: object) -> tuple[object, object, bool]:
    if not isinstance(reference, dict):
        return reference, None, False
    return reference.get("identifier"), reference.get("title"), _is_gone(reference)


def _is_gone(reference: object) -> bool:
    return isinstance(reference, dict) and reference.get("deleted", False) is not False
