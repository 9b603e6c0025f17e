"""What goes over the wire when a run starts, and what its answer does to the run."""

import socket
from typing import Any

import pytest

from port_fake import Backend, FakePort, Settings
from port_fake.surface.letters import Attempt, Fate
from tests.support.furniture import BUILDER, add_catalog, add_people

HURRIED = Settings(webhook_timeout_s=0.05)


def webhook(backend: Backend, **keys: Any) -> dict[str, Any]:
    return {"type": "WEBHOOK", "url": f"{backend.url}/hook", **keys}


def only_attempt(port: FakePort) -> Attempt:
    [delivery] = port.settle()
    [attempt] = delivery.attempts
    return attempt


def test_a_body_goes_out_compact_and_signed(port_fake: FakePort, port_backend: Backend) -> None:
    body = {"name": "{{ .inputs.name }}", "port_context": {"runId": "{{ .run.id }}"}, "n": [1, 2]}
    port_fake.add_action(
        "make", inputs={"name": {"type": "string"}}, invokes=webhook(port_backend, body=body)
    )

    run = port_fake.execute("make", {"name": "déploi"})
    port_fake.settle()

    [letter] = port_backend.letters
    wanted = f'{{"name":"déploi","port_context":{{"runId":"{run.id}"}},"n":[1,2]}}'
    assert letter.body.decode() == wanted
    assert (letter.method, letter.path, letter.signed) == ("POST", "/hook", True)
    assert letter.headers["content-type"] == "application/json"


def test_method_url_and_headers_are_as_the_action_says(
    port_fake: FakePort, port_backend: Backend
) -> None:
    method = {
        "type": "WEBHOOK",
        "url": port_backend.url + "/{{ .inputs.kind }}?run={{ .run.id }}",
        "method": "put",
        "headers": {"RUN_ID": "{{ .run.id }}", "X-Team": "payments", "X-N": "{{ 1 + 1 }}"},
        "body": {},
    }
    port_fake.add_action("make", inputs={"kind": {"type": "string"}}, invokes=method)

    run = port_fake.execute("make", {"kind": "db"})
    port_fake.settle()

    [letter] = port_backend.letters
    assert (letter.method, letter.path) == ("PUT", f"/db?run={run.id}")
    sent = {name: letter.headers[name] for name in ("run_id", "x-team", "x-n")}
    assert sent == {"run_id": run.id, "x-team": "payments", "x-n": "2"}
    assert letter.body == b"{}"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET"])
def test_a_dropped_letter_is_not_sent_again(
    port_fake: FakePort, port_backend: Backend, method: str
) -> None:
    port_fake.add_action("warm", invokes=webhook(port_backend, method=method))
    port_fake.execute("warm")
    port_fake.settle()
    port_backend.answers(drop=True)

    run = port_fake.execute("warm")
    port_fake.settle()

    assert len(port_backend.letters) == 2, "aiohttp has sent it again"
    assert port_fake.deliveries[1].fate is Fate.FAILED
    assert port_fake.run(run).status == "FAILURE"


def test_without_a_body_the_message_of_old_goes_out(
    port_fake: FakePort, port_backend: Backend
) -> None:
    add_people(port_fake)
    port_fake.add_action(
        "make", inputs={"name": {"type": "string"}}, title="Make", invokes=webhook(port_backend)
    )

    run = port_fake.execute("make", {"name": "x"}, as_user=BUILDER)
    port_fake.settle()

    got = port_backend.letters[0].json
    user = got["trigger"]["by"].pop("user")
    action = got["payload"].pop("action")
    assert user["email"] == BUILDER
    assert (action["identifier"], action["title"]) == ("make", "Make")
    assert got == {
        "action": "make",
        "resourceType": "run",
        "status": "TRIGGERED",
        "trigger": {
            "by": {"orgId": port_fake.world.id, "userId": user["id"]},
            "origin": "API",
            "at": run.json["createdAt"],
        },
        "context": {"entity": None, "blueprint": None, "runId": run.id},
        "payload": {"entity": None, "properties": {"name": "x"}},
    }


def test_the_message_of_old_tells_the_entity_twice(
    port_fake: FakePort, port_backend: Backend
) -> None:
    add_catalog_with_people(port_fake)
    port_fake.add_action(
        "restart", blueprint="microservice", operation="DAY-2", invokes=webhook(port_backend)
    )

    run = port_fake.execute("restart", entity="checkout")
    port_fake.settle()

    got = port_backend.letters[0].json
    assert got["context"] == {"entity": "checkout", "blueprint": "microservice", "runId": run.id}
    entity = got["payload"]["entity"]
    assert (entity["identifier"], entity["title"]) == ("checkout", "Checkout")
    assert entity["properties"] == {"region": "eu-west-1"}


def add_catalog_with_people(port: FakePort) -> None:
    add_people(port)
    add_catalog(port)


@pytest.mark.parametrize(("status", "wanted"), [(200, "IN_PROGRESS"), (202, "IN_PROGRESS")])
def test_a_taken_letter_leaves_the_run_to_its_backend(
    port_fake: FakePort, port_backend: Backend, status: int, wanted: str
) -> None:
    port_fake.add_action("make", invokes=webhook(port_backend))
    port_backend.answers(status, json={"queued": True})

    run = port_fake.execute("make")
    attempt = only_attempt(port_fake)

    assert (attempt.status, attempt.body, attempt.error) == (status, '{"queued": true}', None)
    assert port_fake.run(run).status == wanted
    assert "response" not in port_fake.run(run).json


@pytest.mark.parametrize("status", [302, 400, 404, 500])
def test_a_letter_turned_down_fails_the_run(
    port_fake: FakePort, port_backend: Backend, status: int
) -> None:
    port_fake.add_action("make", invokes=webhook(port_backend))
    port_backend.answers(status)

    run = port_fake.execute("make")
    attempt = only_attempt(port_fake)

    assert (attempt.status, port_fake.run(run).status) == (status, "FAILURE")
    assert str(status) in (port_fake.run(run).summary or "")


@pytest.mark.port_fake(settings=Settings(failed_calls_fail_runs=False))
def test_a_setting_leaves_such_runs_alone(port_fake: FakePort, port_backend: Backend) -> None:
    port_fake.add_action("make", invokes=webhook(port_backend))
    port_backend.answers(500)

    run = port_fake.execute("make")

    assert only_attempt(port_fake).status == 500
    assert port_fake.run(run).status == "IN_PROGRESS"


def test_a_refused_connection_fails_the_run(port_fake: FakePort) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    port_fake.add_action("make", invokes=f"http://127.0.0.1:{free}/")

    run = port_fake.execute("make")
    attempt = only_attempt(port_fake)

    assert attempt.status is None
    assert str(free) in (attempt.error or "")
    assert port_fake.deliveries[0].fate is Fate.FAILED
    assert port_fake.run(run).status == "FAILURE"


@pytest.mark.port_fake(settings=HURRIED)
@pytest.mark.parametrize("synchronized", [True, False])
def test_a_backend_that_answers_too_late_fails_the_run(
    port_fake: FakePort, port_backend: Backend, *, synchronized: bool
) -> None:
    port_fake.add_action("make", invokes=webhook(port_backend, synchronized=synchronized))
    port_backend.answers(delay_s=3600)

    run = port_fake.execute("make")
    attempt = only_attempt(port_fake)

    assert (attempt.status, attempt.error) == (None, "no answer within 0.05 s")
    assert port_fake.run(run).status == "FAILURE"


@pytest.mark.parametrize(
    ("status", "ending"), [(200, "SUCCESS"), (201, "SUCCESS"), (404, "FAILURE"), (503, "FAILURE")]
)
def test_a_synchronized_answer_decides_and_is_kept(
    port_fake: FakePort, port_backend: Backend, status: int, ending: str
) -> None:
    port_fake.add_action("ask", invokes=webhook(port_backend, synchronized=True))
    port_backend.answers(status, json={"id": 7, "list": [1]})

    run = port_fake.execute("ask")
    port_fake.settle()

    seen = port_fake.run(run)
    assert (seen.status, seen.json["response"]) == (ending, {"id": 7, "list": [1]})


@pytest.mark.parametrize(
    ("body", "kept"), [("plain", "plain"), ("[1,", "[1,"), (b"\xff", "\ufffd"), ("7", 7)]
)
@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_is_no_json_is_kept_as_text(
    port_fake: FakePort, port_backend: Backend, status: int, body: str | bytes, kept: object
) -> None:
    port_fake.add_action("ask", invokes=webhook(port_backend, synchronized=True))
    port_backend.answers(status, body=body)

    run = port_fake.execute("ask")
    port_fake.settle()

    assert port_fake.run(run).json["response"] == kept


@pytest.mark.parametrize(("template", "waits"), [("{{ true }}", False), ("{{ false }}", True)])
def test_whether_it_is_synchronized_may_be_a_template(
    port_fake: FakePort, port_backend: Backend, template: str, *, waits: bool
) -> None:
    port_fake.add_action("ask", invokes=webhook(port_backend, synchronized=template))

    run = port_fake.execute("ask")
    port_fake.settle()

    assert (port_fake.run(run).status == "IN_PROGRESS") is waits
