"""What is true of one run as it is made: what it looks like, what it says, who made it and when."""

from __future__ import annotations

import json

import pytest

from port_fake.contracts.anatomy import (
    RUN_ID,
    enveloped,
    lasting,
    misshapen,
    moment_of,
    named_by,
)
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import NOWHERE, Button, Scene

EXECUTE = "execute-self-service-action"
READ = "get-action-run-s-details"
MADE_BY_EXECUTE = "OpenAPI 1.0, POST /v1/actions/{action_identifier}/runs"
READ_BACK = "OpenAPI 1.0, GET /v1/actions/runs/{run_id}"


@question("runs.created.is-readable", source=READ_BACK, needs={Need.WRITE})
def test_a_created_run_is_readable_as_it_was_answered(button: Button) -> None:
    made = button.press()

    found = button.scene.read(made["id"])

    assert lasting(found) == lasting(made)


@question("runs.created.is-answered-202", source=MADE_BY_EXECUTE, needs={Need.WRITE})
def test_an_execution_is_answered_202_with_the_run_in_its_envelope(button: Button) -> None:
    body = {"properties": dict(button.properties)}
    path = {"action_identifier": button.action}

    reply = button.scene.port.ask(EXECUTE, path=path, body=body).must(202)

    assert misshapen(enveloped(reply, "run")) == []
    assert reply.headers.get("content-type", "").startswith("application/json")


@question("runs.created.has-the-shape-of-v2", source=MADE_BY_EXECUTE, needs={Need.WRITE})
def test_a_created_run_has_the_documented_shape(button: Button) -> None:
    made = button.press()

    assert misshapen(made) == []
    assert named_by(made.get("action")) == button.action
    assert made.get("link", []) == []


@question(
    "runs.created.is-v2-whatever-the-query-says",
    source="OpenAPI 1.0, POST /v1/actions/{action_identifier}/runs knows no version",
    needs={Need.WRITE},
)
def test_an_execution_is_answered_in_v2_even_if_v1_is_asked_for(button: Button) -> None:
    reply = button.scene.port.get(
        EXECUTE,
        path={"action_identifier": button.action},
        query={"version": "v1"},
        body={"properties": dict(button.properties)},
    )

    assert isinstance(reply.object("run").get("action"), dict)


@question(
    "runs.created.id-has-the-form",
    source="docs: ids of runs in samples",
    needs={Need.WRITE},
)
def test_the_id_of_a_run_is_a_prefix_and_sixteen_characters(button: Button) -> None:
    assert RUN_ID.fullmatch(button.press()["id"])


@question("runs.created.ids-are-distinct", source=MADE_BY_EXECUTE, needs={Need.WRITE})
def test_each_execution_makes_a_run_of_its_own(button: Button) -> None:
    first, second, third = (button.press()["id"] for _ in range(3))

    assert first != second
    assert second != third
    assert first != third
    assert [button.scene.read(one)["id"] for one in (first, second, third)] == [
        first,
        second,
        third,
    ]


@question(
    "runs.created.is-in-progress",
    source="docs: an action without approval starts at once",
    needs={Need.FURNISH},
)
def test_a_run_that_needs_no_approval_is_in_progress_at_once(scene: Scene) -> None:
    made = scene.run(scene.action())

    assert made["status"] == "IN_PROGRESS"
    assert made.get("requiredApproval") is False
    assert "approval" not in made or made["approval"] is None


@question(
    "runs.created.properties-are-kept",
    source=MADE_BY_EXECUTE,
    needs={Need.FURNISH},
)
def test_inputs_come_back_as_they_were_sent(scene: Scene) -> None:
    kinds = {
        "text": {"type": "string"},
        "number": {"type": "number"},
        "flag": {"type": "boolean"},
        "list": {"type": "array"},
        "object": {"type": "object"},
    }
    sent = {
        "text": " né ✓ \U0001f680 'quoted' \"twice\"\\\n{{ .inputs }} ",
        "number": -1.25,
        "flag": False,
        "list": [1, "2", None, [], {"a": []}],
        "object": {"Key": {"nested": [True, None, 0]}, "key": "", "ключ": 1e21},
    }

    made = scene.run(scene.action(inputs=kinds), properties=sent)

    found = (scene.read(made["id"]), scene.read(made["id"], "v1"))
    kept = [made.get("properties"), made.get("rawProperties")]
    kept += [one.get("properties") for one in found]
    wanted = json.dumps(sent, sort_keys=True)  # to which 1 and true are not the same
    assert [json.dumps(one, sort_keys=True) for one in kept] == [wanted] * 4


@question("runs.created.source-is-api", source="docs: trigger.origin", needs={Need.WRITE})
def test_a_run_made_over_the_api_says_so(button: Button) -> None:
    made = button.press()

    assert made.get("source") == "API"
    assert button.scene.read(made["id"], "v1").get("source") == "API"


@question(
    "runs.created.shows-its-creator",
    source="docs: actor ids; client: ocean (the machine's id is its client id)",
    needs={Need.WRITE},
)
def test_a_run_of_the_organisation_is_by_its_client_id(button: Button) -> None:
    made = button.press()

    client_id = button.scene.port.credentials.client_id
    assert made.get("createdBy") in (client_id, f"{client_id}@clients")
    assert made.get("updatedBy") == made.get("createdBy")
    assert "impersonatedBy" not in made


@question(
    "runs.created.times-are-in-order",
    source="docs: timestamps; OpenAPI 1.0: endedAt is never null",
    needs={Need.FURNISH},
)
def test_a_new_run_was_updated_when_it_was_created_and_has_not_ended(scene: Scene) -> None:
    made = scene.run(scene.action())

    assert moment_of(made, "createdAt") <= moment_of(made, "updatedAt")
    assert "endedAt" not in made
    assert "endedAt" not in scene.read(made["id"])
    assert scene.read(made["id"], "v1").get("endedAt", "missing") is None


@question(
    "runs.created.later-ones-are-later",
    source="docs: timestamps",
    needs={Need.WRITE},
)
def test_a_run_that_is_made_later_says_so(button: Button) -> None:
    first, second = button.press(), button.press()

    assert moment_of(first, "createdAt") <= moment_of(second, "createdAt")


@question(
    "runs.created.moves-with-time",
    source="docs: timestamps",
    needs={Need.FURNISH, Need.CLOCK},
)
def test_a_run_made_an_hour_later_has_a_time_of_an_hour_later(scene: Scene) -> None:
    action = scene.action()
    first = moment_of(scene.run(action), "createdAt")

    scene.port.advance(3600)
    second = moment_of(scene.run(action), "createdAt")

    hours = (int(second[11:13]) - int(first[11:13])) % 24
    assert hours == 1
    assert first < second


@question(
    "runs.created.shows-what-calls-the-backend",
    source="docs: a run's payload is the rendered invocation",
    needs={Need.FURNISH},
)
def test_a_started_run_shows_its_rendered_invocation(scene: Scene) -> None:
    calls = {
        "type": "WEBHOOK",
        "url": f"{NOWHERE}{{{{ .inputs.version }}}}",
        "body": {"run": "{{ .run.id }}", "replicas": "{{ .inputs.replicas }}"},
    }
    made = scene.run(scene.action(calls=calls), properties={"version": "7", "replicas": 3})

    payload = scene.read(made["id"]).get("payload")

    assert isinstance(payload, dict)
    assert payload.get("type") == "WEBHOOK"
    assert payload.get("url") == f"{NOWHERE}7"
    assert payload.get("body") == {"run": made["id"], "replicas": 3}


@question(
    "runs.created.has-these-keys-and-no-others",
    source="docs: samples of runs; Assumed: nothing else is shown",
    level=Level.UNKNOWN,
    needs={Need.FURNISH},
)
def test_a_new_run_has_exactly_the_keys_of_the_samples(scene: Scene) -> None:
    made = scene.run(scene.action())

    always = {"id", "status", "action", "properties", "source"}
    stamps = {"createdAt", "createdBy", "updatedAt", "updatedBy"}
    newer = {"rawProperties", "link", "requiredApproval", "payload"}
    older = {"endedAt", "relatedEntityExists", "relatedBlueprintExists"}
    assert set(made) == always | stamps | newer
    assert set(scene.read(made["id"])) == set(made)
    assert set(scene.read(made["id"], "v1")) == always | stamps | older


@question(
    "runs.created.shows-what-samples-show",
    source="docs: samples of runs; client: github-action (link is a list)",
    needs={Need.FURNISH},
)
def test_a_new_run_shows_raw_properties_links_and_payload(scene: Scene) -> None:
    made = scene.read(scene.run(scene.action(), properties={"version": "1"})["id"])

    assert made.get("rawProperties") == {"version": "1"}
    assert made.get("link") == []
    assert isinstance(made.get("payload"), dict)


@question("runs.read.twice-is-the-same", source=READ_BACK, needs={Need.FURNISH})
def test_reading_a_run_changes_nothing(scene: Scene) -> None:
    run_id = scene.run(scene.action())["id"]

    first = scene.read(run_id), scene.read(run_id, "v1"), scene.logs(run_id)
    second = scene.read(run_id), scene.read(run_id, "v1"), scene.logs(run_id)

    assert first == second


@question("runs.envelope", source="OpenAPI 1.0, the closed answers of runs", needs={Need.WRITE})
@pytest.mark.parametrize(
    ("operation", "body", "key", "status"),
    [
        pytest.param(READ, None, "run", 200, id="read"),
        pytest.param("update-action-run", {"summary": "x"}, "run", 200, id="update"),
        pytest.param("add-log-action-run", {"message": "x"}, "runLog", 201, id="log"),
        pytest.param("get-action-s-run-logs", None, "runLogs", 200, id="logs"),
        pytest.param("get-action-run-s-approvers", None, "approvers", 200, id="approvers"),
        pytest.param("get-all-action-runs", None, "runs", 200, id="list"),
    ],
)
def test_an_answer_is_ok_and_one_key(
    button: Button, operation: str, body: object, key: str, status: int
) -> None:
    path = {"run_id": button.press()["id"]}

    reply = button.scene.port.ask(operation, path=path, body=body)

    assert enveloped(reply.must(status), key) is not None
    assert reply.headers.get("content-type", "").startswith("application/json")
