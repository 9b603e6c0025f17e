"""The two shapes of a run: which parameter chooses, what each shows, and that they agree."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.anatomy import misshapen, named_by
from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Button, Scene

READ = "get-action-run-s-details"
UPDATE = "update-action-run"
RULE = "approve-action-run"
LIST = "get-all-action-runs"
VERSION = "OpenAPI 1.0: version is v1 or v2"
TUTORIAL = "docs: tutorial of 2022"
UNSAID = "docs: the example of GET without a version; clients ask for v2 where they need it"

SHARED = ("id", "status", "source", "createdAt", "createdBy", "updatedAt", "updatedBy")


@question("versions.of-a-run", source=VERSION, needs={Need.WRITE})
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_run_is_read_in_the_version_asked_for(button: Button, version: str) -> None:
    found = button.scene.read(button.press()["id"], version)

    assert misshapen(found, version) == []
    assert isinstance(found.get("action"), str if version == "v1" else dict)


@question("versions.agree", source=TUTORIAL, needs={Need.FURNISH})
def test_both_versions_tell_the_same_life(scene: Scene) -> None:
    made = scene.run(scene.action(), properties={"version": "1", "replicas": 2})
    for body in ({}, {"summary": "x", "statusLabel": "y"}, {"status": "FAILURE"}):
        scene.update(made["id"], **body)

        one, two = scene.read(made["id"], "v1"), scene.read(made["id"], "v2")

        assert {key: one.get(key) for key in SHARED} == {key: two.get(key) for key in SHARED}
        assert one.get("properties") == two.get("properties")
        assert one.get("action") == named_by(two.get("action"))
        assert one.get("endedAt") == two.get("endedAt")


@question("versions.default", source=UNSAID, needs={Need.WRITE})
@pytest.mark.parametrize("operation", [READ, LIST, UPDATE], ids=["read", "list", "update"])
def test_without_a_version_the_answer_is_v1(button: Button, operation: str) -> None:
    run_id = button.press()["id"]

    body = {"summary": "x"} if operation == UPDATE else None
    reply = button.scene.port.get(operation, path={"run_id": run_id}, body=body)

    runs = reply.objects("runs") if operation == LIST else [reply.object("run")]
    assert [one for one in runs if one.get("id") == run_id] == [button.scene.read(run_id, "v1")]


@question("versions.of-an-update", source=VERSION, needs={Need.WRITE})
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_an_update_answers_in_the_version_asked_for(button: Button, version: str) -> None:
    run_id = button.press()["id"]

    answered = button.scene.update(run_id, version=version, link="https://ci.example.com/1")

    assert misshapen(answered, version) == []
    assert answered == button.scene.read(run_id, version)


@question("versions.of-a-ruling", source=VERSION, needs={Need.FURNISH})
@pytest.mark.parametrize("version", ["v1", "v2", None], ids=["v1", "v2", "unsaid"])
def test_a_ruling_answers_in_the_version_asked_for(scene: Scene, version: str | None) -> None:
    run_id = scene.run(scene.action(approval="ANY"))["id"]

    query = {} if version is None else {"version": version}
    path, body = {"run_id": run_id}, {"status": "APPROVE"}
    reply = scene.port.ask(RULE, path=path, query=query, body=body).must(201)

    assert misshapen(reply.object("run"), version or "v1") == []
    assert reply.object("run") == scene.read(run_id, version or "v1")


@question("versions.of-a-list", source=VERSION, needs={Need.WRITE})
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_every_run_of_a_list_is_in_the_version_asked_for(button: Button, version: str) -> None:
    made = [button.press()["id"] for _ in range(2)]

    listed = button.scene.runs(action=button.action, version=version, limit=100)

    assert [run for run in listed if misshapen(run, version)] == []
    assert [run.get("id") for run in listed if run.get("id") in made] == made[::-1]


@question("versions.link", source=f"{TUTORIAL}; client: github-action", needs={Need.WRITE})
@pytest.mark.parametrize(
    ("sent", "in_v2"),
    [
        pytest.param("https://a.example", ["https://a.example"], id="text"),
        pytest.param(["https://a.example"], ["https://a.example"], id="list-of-one"),
        pytest.param(
            ["https://b.example", "https://a.example"],
            ["https://b.example", "https://a.example"],
            id="list-of-two",
        ),
        pytest.param([], [], id="empty-list"),
    ],
)
def test_v1_has_the_link_as_it_was_sent_and_v2_has_a_list(
    button: Button, sent: Any, in_v2: list[str]
) -> None:
    run_id = button.press()["id"]

    button.scene.update(run_id, link=sent)

    assert button.scene.read(run_id, "v1").get("link") == sent
    assert button.scene.read(run_id, "v2").get("link") == in_v2


@question("versions.message", source=f"{TUTORIAL}; OpenAPI 1.0: v2 has none", needs={Need.WRITE})
def test_a_message_is_shown_in_v1_only(button: Button) -> None:
    run_id = button.press()["id"]

    answered = button.scene.update(run_id, version="v2", message={"run_status": "created"})

    assert button.scene.read(run_id, "v1").get("message") == {"run_status": "created"}
    assert "message" not in answered
    assert "message" not in button.scene.read(run_id, "v2")


@question("versions.absent-until-set", source="docs: samples of runs", needs={Need.FURNISH})
def test_what_nobody_has_reported_is_not_shown(scene: Scene) -> None:
    run_id = scene.run(scene.action())["id"]

    one, two = scene.read(run_id, "v1"), scene.read(run_id, "v2")

    unset = ("statusLabel", "summary", "message", "externalRunId")
    assert [key for key in (*unset, "link") if one.get(key) is not None] == []
    assert [key for key in unset if two.get(key) is not None] == []
    assert two.get("link", []) == []


@question("versions.only-v1", source=TUTORIAL, needs={Need.FURNISH})
def test_v1_says_whether_entity_and_blueprint_are_there(scene: Scene) -> None:
    service = scene.blueprint("service")
    restart = scene.action("restart", blueprint=service, operation="DAY-2")
    bound = scene.run(restart, entity=scene.entity(service))["id"]
    free = scene.run(scene.action("deploy"))["id"]

    exist = ("relatedEntityExists", "relatedBlueprintExists")

    assert [scene.read(bound, "v1").get(key) for key in exist] == [True, True]
    assert [scene.read(free, "v1").get(key) for key in exist] == [False, False]
    assert [key for key in exist if key in scene.read(bound)] == []


@question("versions.refused", source=VERSION, needs={Need.WRITE})
@pytest.mark.parametrize("version", ["v0", "V2", "2", "v1,v2"])
@pytest.mark.parametrize(
    ("operation", "body"),
    [
        pytest.param(READ, None, id="read"),
        pytest.param(UPDATE, {"status": "SUCCESS", "summary": "x"}, id="update"),
        pytest.param(RULE, {"status": "APPROVE"}, id="rule"),
    ],
)
def test_another_version_is_refused_and_changes_nothing(
    button: Button, operation: str, body: Any, version: str
) -> None:
    run_id = button.press()["id"]
    before = button.scene.read(run_id)

    path, query = {"run_id": run_id}, {"version": version}
    button.scene.port.ask(operation, path=path, query=query, body=body).refused(422)

    assert button.scene.read(run_id) == before


@question("versions.not-of-logs", source="OpenAPI 1.0: logs know no version", needs={Need.WRITE})
def test_logs_take_no_notice_of_a_version(button: Button) -> None:
    run_id = button.press()["id"]
    line = button.scene.log(run_id, "x")

    assert button.scene.logs(run_id, version="v1") == [line]
    assert button.scene.logs(run_id, version="v2") == [line]
