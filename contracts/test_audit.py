"""The audit log: what became of runs, entities, actions and blueprints, and its filters."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import inner, moment, text, things

READ = "OpenAPI 1.0, GET /v1/audit-log"
NEEDS = {Need.FURNISH}

INCLUDES = [
    "action",
    "context",
    "diff",
    "identifier",
    "resourceType",
    "status",
    "trigger",
    "additionalData",
    "message",
]


def audits(port: Organisation, **query: Any) -> list[dict[str, Any]]:
    return things(port.get("get-audit-logs", query=query), "audits")


def deeds(found: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return what was done, to what, newest first."""
    return [
        (text(one, "resourceType"), text(one, "action"), text(one, "identifier")) for one in found
    ]


class History:
    """Something of everything that the log tells of."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.blueprint = scene.blueprint()
        self.entity = scene.entity(self.blueprint)
        self.action = scene.action(blueprint=self.blueprint, approval="ANY")
        self.run = scene.run(self.action)["id"]
        scene.rule(self.run, "APPROVE").must(201)
        scene.update(self.run, status="SUCCESS")

    @property
    def all(self) -> list[tuple[str, str, str]]:
        return [
            ("run", "UPDATE", self.run),
            ("run", "UPDATE", self.run),
            ("run", "CREATE", self.run),
            ("action", "CREATE", self.action),
            ("entity", "CREATE", self.entity),
            ("blueprint", "CREATE", self.blueprint),
        ]


@question("audit.run.its-life", source=f"{READ}, run_id; docs: audit log", needs=NEEDS)
def test_the_log_tells_the_life_of_a_run(scene: Scene) -> None:
    history = History(scene)

    found = audits(scene.port, run_id=history.run)
    statuses = [
        tuple(
            (inner(one, "diff").get(side) or {}).get("status")
            if isinstance(inner(one, "diff").get(side), dict)
            else None
            for side in ("before", "after")
        )
        for one in found
    ]

    assert deeds(found) == history.all[:3]
    assert statuses == [
        ("IN_PROGRESS", "SUCCESS"),
        ("WAITING_FOR_APPROVAL", "IN_PROGRESS"),
        (None, "WAITING_FOR_APPROVAL"),
    ]


@question("audit.record.who-and-when", source=f"{READ}: trigger.at", needs=NEEDS)
def test_a_record_tells_who_did_it_and_when(scene: Scene) -> None:
    history = History(scene)
    run = scene.read(history.run)

    found = audits(scene.port, run_id=history.run)
    triggers = [inner(one, "trigger") for one in found]

    assert len(triggers) == 3
    assert moment(triggers[-1], "at") == moment(run, "createdAt")
    assert moment(triggers[0], "at") == moment(run, "updatedAt")
    assert {inner(one, "by").get("userId") for one in triggers} == {
        scene.port.credentials.client_id
    }
    assert {one.get("origin") for one in triggers} == {"API"}
    assert {one.get("status") for one in found} == {"SUCCESS"}


@question("audit.record.after-is-as-read", source=f"{READ}: diff", needs=NEEDS)
def test_the_last_record_shows_a_thing_as_it_is_read(scene: Scene) -> None:
    history = History(scene)
    path = {"blueprint_identifier": history.blueprint, "entity_identifier": history.entity}

    entity = audits(scene.port, entity=history.entity)
    run = audits(scene.port, run_id=history.run)
    if not entity or not run:
        raise AnswerError("the audit log must tell of the entity and of the run")

    wanted = scene.port.get("get-entity", path=path).object("entity")
    assert inner(entity[0], "diff") == {"before": None, "after": wanted}
    assert inner(inner(run[0], "diff"), "after") == scene.read(history.run)


FILTERS: dict[str, dict[str, Any]] = {
    "resources": {"resources": ["run", "entity"]},
    "one-resource": {"resources": "blueprint"},
    "action": {"action": "UPDATE"},
    "type": {"actionType": "self-service"},
    "automation": {"actionType": "automation"},
    "failure": {"status": "FAILURE"},
    "success": {"status": "SUCCESS"},
    "origin": {"origin": ["UI"]},
    "webhook": {"webhookId": "nobody"},
    "limit": {"limit": 2},
    "limit-and-resource": {"limit": 1, "resources": "run"},
    "past": {"to": "2001-01-01T00:00:00.000Z"},
    "future": {"from": "2999-01-01T00:00:00.000Z"},
    "always": {"from": "2001-01-01T00:00:00.000Z", "to": "2999-01-01T00:00:00.000Z"},
}
KEPT: dict[str, list[int]] = {
    "resources": [0, 1, 2, 4],
    "one-resource": [5],
    "action": [0, 1],
    "type": [0, 1, 2, 3],
    "automation": [],
    "failure": [],
    "success": [0, 1, 2, 3, 4, 5],
    "origin": [],
    "webhook": [],
    "limit": [0, 1],
    "limit-and-resource": [0],
    "past": [],
    "future": [],
    "always": [0, 1, 2, 3, 4, 5],
}


@question("audit.filtered", source=f"{READ}, query", needs=NEEDS)
@pytest.mark.parametrize("case", FILTERS)
def test_a_filter_leaves_what_it_means(scene: Scene, case: str) -> None:
    history = History(scene)

    found = [one for one in deeds(audits(scene.port, **FILTERS[case])) if one in history.all]

    assert found == [history.all[index] for index in KEPT[case]]


@question("audit.filtered-by-name", source=f"{READ}, query", needs=NEEDS)
def test_a_filter_by_name_leaves_what_is_called_so(scene: Scene) -> None:
    history = History(scene)
    scene.entity(scene.blueprint("other"), "elsewhere")

    by_blueprint = deeds(audits(scene.port, blueprint=history.blueprint, resources="entity"))
    by_identifier = deeds(audits(scene.port, identifier=history.action))
    by_nothing = audits(scene.port, run_id="r_doesNotExist0000")

    assert by_blueprint == [("entity", "CREATE", history.entity)]
    assert by_identifier == [("action", "CREATE", history.action)]
    assert by_nothing == []


@question("audit.includes.only-these", source=f"{READ}, includes", needs=NEEDS)
@pytest.mark.parametrize("include", INCLUDES)
def test_only_what_is_to_be_included_comes(scene: Scene, include: str) -> None:
    run = scene.run(scene.action())["id"]

    found = audits(scene.port, run_id=run, includes=[include])
    most = audits(scene.port, run_id=run)

    assert found == [{include: one.get(include)} for one in most]
    assert len(found) == 1


@question("audit.entity.deletion", source=f"{READ}, include_deleted_entities", needs=NEEDS)
def test_a_deleted_entity_is_told_of_unless_it_is_left_out(scene: Scene) -> None:
    blueprint = scene.blueprint()
    entity = scene.entity(blueprint)
    path = {"blueprint_identifier": blueprint, "entity_identifier": entity}
    scene.port.get("change-entity", path=path, body={"title": "new"})
    scene.port.get("delete-entity", path=path)

    found = audits(scene.port, entity=entity)
    without = audits(scene.port, entity=entity, include_deleted_entities=False)

    assert [one.get("action") for one in found] == ["DELETE", "UPDATE", "CREATE"]
    assert inner(found[0], "diff").get("after") is None if found else False
    assert without == []


@question("audit.logs.are-no-changes", source="docs: automations: logs are no updates", needs=NEEDS)
def test_a_refused_change_and_a_reading_leave_no_record(scene: Scene) -> None:
    run = scene.run(scene.action())["id"]
    before = audits(scene.port)

    scene.read(run)
    scene.rule(run, "APPROVE").refused(422)
    scene.port.ask("update-action-run", path={"run_id": run}, body={"status": "X"}).refused(422)

    assert audits(scene.port) == before


BAD: dict[str, dict[str, Any]] = {
    "status": {"status": "OK"},
    "resource": {"resources": "cheese"},
    "include": {"includes": ["colour"]},
    "time": {"from": "yesterday"},
    "type": {"actionType": "manual"},
    "limit": {"limit": "many"},
    "flag": {"include_deleted_entities": "perhaps"},
}


@question("audit.bad-filter.refused", source=f"{READ}, query")
@pytest.mark.parametrize("query", BAD.values(), ids=BAD.keys())
def test_a_filter_that_makes_no_sense_is_refused(port: Organisation, query: dict[str, Any]) -> None:
    port.ask("get-audit-logs", query=query).refused(422)


@question("audit.order", source="Assumed: newest first", level=Level.UNKNOWN)
def test_the_newest_record_comes_first(port: Organisation) -> None:
    times = [moment(inner(one, "trigger"), "at") for one in audits(port, limit=20)]

    assert times == sorted(times, reverse=True)
