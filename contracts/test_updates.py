"""What a backend reports on a run, and where it is seen: by PATCH, in both versions."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.anatomy import enveloped, lasting, misshapen, moment_of
from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Button, Scene
from port_fake.contracts.stillness import unchanged

UPDATE = "update-action-run"
SOURCE = "OpenAPI 1.0, PATCH /v1/actions/runs/{run_id}"
REPORTING = "docs: reflect action progress"
ONE = "https://ci.example.com/builds/1?step=2#log"
TWO = "https://ci.example.com/builds/2"

NOTES = [
    pytest.param({"statusLabel": "Rolling out"}, "statusLabel", id="label"),
    pytest.param({"summary": "Half of it"}, "summary", id="summary"),
    pytest.param({"link": ONE}, "link", id="link"),
    pytest.param({"link": [ONE, TWO]}, "link", id="links"),
    pytest.param({"externalRunId": "build-17"}, "externalRunId", id="external-id"),
    pytest.param({"message": {"run_status": "half", "n": [1, None]}}, "message", id="message"),
]


@question("updates.visible-in-v2", source=SOURCE, needs={Need.WRITE})
@pytest.mark.parametrize(("body", "key"), [one for one in NOTES if one.id != "message"])
def test_a_patch_is_visible_in_the_next_read(
    button: Button, body: dict[str, Any], key: str
) -> None:
    run_id = button.press()["id"]
    wanted = [ONE] if body[key] == ONE else body[key]

    answered = button.scene.update(run_id, **body)
    found = button.scene.read(run_id)

    assert _as_list(key, answered.get(key)) == wanted
    assert _as_list(key, found.get(key)) == wanted


@question("updates.visible-in-v1", source="docs: tutorial of 2022", needs={Need.WRITE})
@pytest.mark.parametrize(("body", "key"), NOTES)
def test_a_patch_is_visible_in_v1_as_it_was_sent(
    button: Button, body: dict[str, Any], key: str
) -> None:
    run_id = button.press()["id"]

    answered = button.scene.update(run_id, version="v1", **body)
    found = button.scene.read(run_id, "v1")

    assert answered.get(key) == body[key]
    assert found.get(key) == body[key]


@question(
    "updates.visible-in-lists", source="OpenAPI 1.0, GET /v1/actions/runs", needs={Need.WRITE}
)
@pytest.mark.parametrize(("body", "key"), [one for one in NOTES if one.id != "message"])
def test_a_patch_is_visible_in_the_next_list(
    button: Button, body: dict[str, Any], key: str
) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, **body)

    listed = [one for one in button.scene.runs(action=button.action) if one.get("id") == run_id]

    assert listed == [button.scene.read(run_id)]
    wanted = [ONE] if body[key] == ONE else body[key]
    assert [_as_list(key, one.get(key)) for one in listed] == [wanted]


@question("updates.changes-only-what-is-given", source=REPORTING, needs={Need.FURNISH})
def test_a_patch_keeps_what_it_does_not_name(scene: Scene) -> None:
    run_id = scene.run(scene.action())["id"]
    all_of_it: dict[str, Any] = {
        "statusLabel": "Started",
        "summary": "Nothing yet",
        "link": [ONE],
        "externalRunId": "b-1",
    }
    before = scene.update(run_id, message={"n": 1}, **all_of_it)

    after = scene.update(run_id, statusLabel="Going on")

    differing = {key for key in before | after if before.get(key) != after.get(key)}
    assert differing <= {"statusLabel", "updatedAt"}
    assert after.get("statusLabel") == "Going on"
    assert scene.read(run_id, "v1").get("message") == {"n": 1}
    assert {key: after.get(key) for key in all_of_it} == {**all_of_it, "statusLabel": "Going on"}


@question("updates.overwrites-links", source=REPORTING, needs={Need.WRITE})
def test_a_second_list_of_links_takes_the_place_of_the_first(button: Button) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, link=[ONE, TWO])

    button.scene.update(run_id, link=[TWO])

    assert button.scene.read(run_id).get("link") == [TWO]
    assert button.scene.read(run_id, "v1").get("link") == [TWO]


@question("updates.overwrites", source=REPORTING, needs={Need.WRITE})
@pytest.mark.parametrize("key", ["statusLabel", "summary", "externalRunId"])
def test_a_second_value_takes_the_place_of_the_first(button: Button, key: str) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, **{key: "first"})

    button.scene.update(run_id, **{key: "second"})

    assert button.scene.read(run_id).get(key) == "second"


@question("updates.message-is-overwritten-whole", source=REPORTING, needs={Need.WRITE})
def test_a_second_message_is_not_merged_with_the_first(button: Button) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, message={"a": 1, "b": {"c": 2}})

    button.scene.update(run_id, message={"b": {"d": 3}})

    assert button.scene.read(run_id, "v1").get("message") == {"b": {"d": 3}}


@question("updates.keeps-what-lasts", source=SOURCE, needs={Need.WRITE})
def test_a_patch_changes_nothing_that_a_run_was_made_with(button: Button) -> None:
    made = button.press()

    button.scene.update(made["id"], summary="x", link=ONE, status="SUCCESS")

    assert lasting(button.scene.read(made["id"])) == lasting(made)


@question("updates.answers-200-in-the-envelope", source=SOURCE, needs={Need.WRITE})
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_patch_answers_with_the_run_as_it_now_stands(button: Button, version: str) -> None:
    path, query = {"run_id": button.press()["id"]}, {"version": version}

    reply = button.scene.port.ask(UPDATE, path=path, query=query, body={"summary": "now"})

    answered = enveloped(reply.must(200), "run")
    assert misshapen(reply.object("run"), version) == []
    assert answered == button.scene.read(path["run_id"], version)


@question("updates.keeps-long-and-odd-texts", source=SOURCE, needs={Need.WRITE})
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("é ✓ \U0001f680 日本語 עברית \u0000 \u2028", id="unicode"),
        pytest.param(" \t two\r\nlines \n", id="white-space"),
        pytest.param("<b>&amp;</b> \"'\\ %20 {{ .run.id }} null", id="markup"),
        pytest.param("e\u0301 \u00e9 \ufb01", id="not-normalised"),
        pytest.param("0123456789" * 10_000, id="long"),
    ],
)
def test_texts_come_back_unchanged(button: Button, text: str) -> None:
    run_id = button.press()["id"]

    button.scene.update(run_id, summary=text, statusLabel=text[:60], message={text[:9]: text})

    assert button.scene.read(run_id).get("summary") == text
    assert button.scene.read(run_id).get("statusLabel") == text[:60]
    assert button.scene.read(run_id, "v1").get("message") == {text[:9]: text}


@question("updates.takes-an-empty-text", source=SOURCE, needs={Need.WRITE})
def test_an_empty_text_is_a_value(button: Button) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, summary="something", link=[ONE])

    button.scene.update(run_id, summary="", link=[])

    assert button.scene.read(run_id).get("summary") == ""
    assert button.scene.read(run_id).get("link") == []


@question(
    "updates.may-be-empty", source="OpenAPI 1.0, the body of PATCH is optional", needs={Need.WRITE}
)
@pytest.mark.parametrize(
    "content", [pytest.param(b"{}", id="object"), pytest.param(b"", id="none")]
)
def test_an_empty_patch_is_accepted_and_reports_nothing(button: Button, content: bytes) -> None:
    run_id = button.press()["id"]
    before = button.scene.update(run_id, summary="x")

    port = button.scene.port
    headers = {"Content-Type": "application/json"} if content else {}
    target = f"/v1/actions/runs/{run_id}?version=v2"
    reply = port.send("PATCH", target, content=content, token=port.token(), headers=headers)

    after = reply.must(200).object("run")
    kept = {key: value for key, value in before.items() if key != "updatedAt"}
    assert {key: after.get(key) for key in kept} == kept


@question(
    "updates.tolerates-stray-queries",
    source="client: github-action sends runId in the query",
    needs={Need.WRITE},
)
def test_a_query_that_is_not_known_is_ignored(button: Button) -> None:
    run_id = button.press()["id"]
    query = {"runId": run_id, "version": "v2", "page": 1}

    reply = button.scene.port.get(
        UPDATE, path={"run_id": run_id}, query=query, body={"summary": "x"}
    )

    assert reply.object("run").get("summary") == "x"


@question("updates.touches-only-its-run", source=SOURCE, needs={Need.FURNISH})
def test_a_patch_leaves_other_runs_alone(scene: Scene) -> None:
    action = scene.action()
    first, second = scene.run(action)["id"], scene.run(action)["id"]

    with unchanged(scene, first):
        scene.update(second, summary="x", link=ONE, externalRunId="b", status="FAILURE")


@question("updates.moves-the-stamp", source="docs: timestamps", needs={Need.FURNISH, Need.CLOCK})
def test_a_patch_moves_when_it_was_updated_and_not_when_it_was_created(scene: Scene) -> None:
    made = scene.run(scene.action())
    scene.port.advance(60)

    found = scene.update(made["id"], summary="x")

    assert moment_of(found, "createdAt") == moment_of(made, "createdAt")
    assert moment_of(found, "updatedAt") > moment_of(made, "updatedAt")


@question(
    "updates.names-who-reported",
    source="docs: updatedBy is an actor's id",
    needs={Need.FURNISH, Need.PEOPLE},
)
def test_a_patch_names_who_reported_and_keeps_who_created(scene: Scene) -> None:
    made = scene.run(scene.action(), as_user=scene.user("ana", roles=["Admin"]))

    found = scene.update(made["id"], summary="x")

    assert found.get("createdBy") == made.get("createdBy")
    assert found.get("updatedBy") == scene.port.credentials.client_id
    assert found.get("updatedBy") != found.get("createdBy")


WRONG = [
    pytest.param({"status": "IN_PROGRESS"}, id="status-in-progress"),
    pytest.param({"status": "DECLINED"}, id="status-declined"),
    pytest.param({"status": "WAITING_FOR_APPROVAL"}, id="status-waiting"),
    pytest.param({"status": "success"}, id="status-in-small-letters"),
    pytest.param({"status": "DONE"}, id="status-unknown"),
    pytest.param({"status": ""}, id="status-empty"),
    pytest.param({"status": None}, id="status-null"),
    pytest.param({"status": ["SUCCESS"]}, id="status-list"),
    pytest.param({"status": True}, id="status-flag"),
    pytest.param({"statusLabel": 1}, id="label-number"),
    pytest.param({"statusLabel": None}, id="label-null"),
    pytest.param({"summary": {"text": "x"}}, id="summary-object"),
    pytest.param({"summary": None}, id="summary-null"),
    pytest.param({"link": 1}, id="link-number"),
    pytest.param({"link": None}, id="link-null"),
    pytest.param({"link": [ONE, 1]}, id="link-list-of-more-than-texts"),
    pytest.param({"link": {"url": ONE}}, id="link-object"),
    pytest.param({"message": "x"}, id="message-text"),
    pytest.param({"message": ["x"]}, id="message-list"),
    pytest.param({"message": None}, id="message-null"),
    pytest.param({"externalRunId": 17}, id="external-id-number"),
    pytest.param({"externalRunId": None}, id="external-id-null"),
    pytest.param({"logs": ["x"]}, id="unknown-key"),
    pytest.param({"statuslabel": "x"}, id="key-in-small-letters"),
    pytest.param({"endedAt": "2026-01-05T10:00:00.000Z"}, id="end"),
    pytest.param({"properties": {"version": "2"}}, id="properties"),
    pytest.param({"summary": "seen", "status": "DONE"}, id="half-right"),
    pytest.param([], id="list"),
    pytest.param("SUCCESS", id="text"),
    pytest.param(1, id="number"),
]


@question("updates.refuses", source=f"{SOURCE}: a closed object", needs={Need.WRITE})
@pytest.mark.parametrize("body", WRONG)
def test_a_wrong_patch_is_refused_and_changes_nothing(button: Button, body: object) -> None:
    run_id = button.press()["id"]

    with unchanged(button.scene, run_id):
        button.scene.port.ask(UPDATE, path={"run_id": run_id}, body=body).refused(422)


@question("updates.refuses-what-is-no-json", source=SOURCE, needs={Need.WRITE})
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"summary": "x"', id="cut"),
        pytest.param(b"status=SUCCESS", id="form"),
        pytest.param(b'{"summary": "\xff"}', id="no-utf-8"),
        pytest.param(b'{"message": {"n": NaN}}', id="nan"),
    ],
)
def test_what_is_no_json_is_refused_and_changes_nothing(button: Button, content: bytes) -> None:
    run_id = button.press()["id"]
    port = button.scene.port

    with unchanged(button.scene, run_id):
        port.send(
            "PATCH",
            f"/v1/actions/runs/{run_id}",
            content=content,
            token=port.token(),
            headers={"Content-Type": "application/json"},
        ).refused(400, 422)


def _as_list(key: str, value: object) -> object:
    """Return a link as a list: v2 may answer either, by the document."""
    return [value] if key == "link" and isinstance(value, str) else value
