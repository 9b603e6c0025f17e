"""What reaches a backend: when, how often, and what it looks like."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from port_fake.contracts.questions import Need, question
from port_fake.contracts.receiving import Inbox, runs_of
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import inner, moment

WEBHOOK = "docs: actions, webhook backend"
NEEDS = {Need.FURNISH, Need.RECEIVER}


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as inbox:
        yield inbox


@question("invocation.webhook.arrives-once", source=WEBHOOK, needs=NEEDS)
def test_a_run_reaches_its_backend_once(scene: Scene, inbox: Inbox) -> None:
    action = scene.action(calls=inbox.webhook())

    first = scene.run(action)
    inbox.wait_for(1)
    second = scene.run(action)
    letters = inbox.wait_for(2)

    assert runs_of(letters) == [first["id"], second["id"]]


@question("invocation.webhook.nothing-but-runs-calls-it", source=WEBHOOK, needs=NEEDS)
def test_reading_and_reporting_do_not_call_the_backend_again(scene: Scene, inbox: Inbox) -> None:
    action = scene.action(calls=inbox.webhook())
    first = scene.run(action)
    inbox.wait_for(1)
    scene.read(first["id"])
    scene.log(first["id"], "working")
    scene.update(first["id"], statusLabel="half way")
    scene.update(first["id"], status="SUCCESS")

    second = scene.run(action)

    assert runs_of(inbox.wait_for(2)) == [first["id"], second["id"]]


@question("invocation.webhook.request", source=WEBHOOK, needs=NEEDS)
def test_a_webhook_is_posted_as_json_to_its_address(scene: Scene, inbox: Inbox) -> None:
    scene.run(scene.action(calls=inbox.webhook(url=f"{inbox.url}/hooks/deploy?team=a%20b")))

    letter = inbox.wait_for(1)[0]

    assert (letter.method, letter.path) == ("POST", "/hooks/deploy?team=a%20b")
    assert letter.headers.get("content-type", "").partition(";")[0] == "application/json"


@question(
    "invocation.webhook.method", source=f"OpenAPI 1.0, POST /v1/actions; {WEBHOOK}", needs=NEEDS
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"], ids=str.lower)
def test_a_webhook_has_the_method_of_its_action(scene: Scene, inbox: Inbox, method: str) -> None:
    run = scene.run(scene.action(calls=inbox.webhook(method=method)))

    letter = inbox.wait_for(1)[0]

    assert letter.method == method
    assert inner(scene.read(run["id"]), "payload").get("method") == method


@question("invocation.signature.of-the-organisation", source="docs: webhook security", needs=NEEDS)
@pytest.mark.parametrize(
    "value", ["plain", 'déploi "x" \U0001f680', ""], ids=["ascii", "unicode", "empty"]
)
def test_a_webhook_is_signed_with_the_client_secret(scene: Scene, inbox: Inbox, value: str) -> None:
    action = scene.action(calls=inbox.webhook(body={"value": "{{ .inputs.version }}"}))
    run = scene.run(action, properties={"version": value})

    letter = inbox.wait_for(1)[0]
    stamp = letter.headers.get("x-port-timestamp", "")

    assert letter.json == {"value": value}
    assert stamp.isdecimal()
    assert abs(int(stamp) - moment(run, "createdAt").timestamp()) < 60
    assert letter.is_signed(scene.port.credentials.client_secret)
    assert not letter.is_signed("another secret")


@question(
    "invocation.body.compact",
    source="docs: webhook security: the sample signs JSON.stringify of the parsed body",
    needs=NEEDS,
)
def test_a_body_is_compact_json(scene: Scene, inbox: Inbox) -> None:
    body = {"a": [1, 2.5, True, None], "b": {"c": "é"}}
    scene.run(scene.action(calls=inbox.webhook(body=body)))

    letter = inbox.wait_for(1)[0]

    compact = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    assert letter.body.decode(errors="replace") == compact


@question("invocation.body.rendered", source="docs: configure the payload", needs=NEEDS)
def test_a_body_is_rendered_and_typed(scene: Scene, inbox: Inbox) -> None:
    template = {
        "run": "{{ .run.id }}",
        "text": "v{{ .inputs.version }}!",
        "number": "{{ .inputs.replicas }}",
        "all": "{{ .inputs }}",
        "action": "{{ .action.identifier }}",
        "deep": [{"plain": 1, "at": "{{ .trigger.at }}"}],
        "origin": "{{.trigger.origin}}",
        "operation": "{{ .trigger.operation }}",
        "by": "{{ .trigger.by.userId }}",
        "missing": "{{ .inputs.nothing }}",
        "entity": "{{ .entity }}",
    }
    action = scene.action(calls=inbox.webhook(body=template))
    inputs = {"version": "1.0", "replicas": 3}

    run = scene.run(action, properties=inputs)
    found = inbox.wait_for(1)[0].json

    assert found == {
        "run": run["id"],
        "text": "v1.0!",
        "number": 3,
        "all": inputs,
        "action": action,
        "deep": [{"plain": 1, "at": run["createdAt"]}],
        "origin": "API",
        "operation": "CREATE",
        "by": scene.port.credentials.client_id,
        "missing": None,
        "entity": {},
    }


@question("invocation.body.entity", source="docs: configure the payload", needs=NEEDS)
def test_a_body_may_hold_the_entity_that_is_acted_on(scene: Scene, inbox: Inbox) -> None:
    blueprint = scene.blueprint(tier={"type": "string"})
    entity = scene.entity(blueprint, tier="gold")
    body = {"id": "{{ .entity.identifier }}", "tier": "{{ .entity.properties.tier }}"}
    action = scene.action(blueprint=blueprint, operation="DAY-2", calls=inbox.webhook(body=body))

    scene.run(action, entity=entity)

    assert inbox.wait_for(1)[0].json == {"id": entity, "tier": "gold"}


@question("invocation.body.jq", source="docs: configure the payload: jq", needs=NEEDS)
def test_a_template_is_jq(scene: Scene, inbox: Inbox) -> None:
    body = {
        "upper": "{{ .inputs.version | ascii_upcase }}",
        '{{ if .inputs.replicas then "many" else null end }}': 1,
        "{{ spreadValue() }}": "{{ .inputs }}",
    }
    action = scene.action(calls=inbox.webhook(body=body))

    scene.run(action, properties={"version": "abc"})

    assert inbox.wait_for(1)[0].json == {"upper": "ABC", "version": "abc"}


@question("invocation.headers.rendered", source=f"{WEBHOOK}: RUN_ID", needs=NEEDS)
def test_headers_are_rendered(scene: Scene, inbox: Inbox) -> None:
    headers = {"RUN_ID": "{{ .run.id }}", "X-Version": "v-{{ .inputs.version }}", "X-Plain": "yes"}
    action = scene.action(calls=inbox.webhook(headers=headers))

    run = scene.run(action, properties={"version": "1.0"})
    found = inbox.wait_for(1)[0].headers
    payload = inner(scene.read(run["id"]), "payload")

    assert found.get("run_id") == run["id"]
    assert found.get("x-version") == "v-1.0"
    assert found.get("x-plain") == "yes"
    assert inner(payload, "headers").get("RUN_ID") == run["id"]


@question("invocation.url.rendered", source=WEBHOOK, needs=NEEDS)
def test_an_address_is_rendered(scene: Scene, inbox: Inbox) -> None:
    action = scene.action(calls=inbox.webhook(url=inbox.url + "/{{ .inputs.version }}/go"))

    run = scene.run(action, properties={"version": "1.0"})

    assert inbox.wait_for(1)[0].path == "/1.0/go"
    assert inner(scene.read(run["id"]), "payload").get("url") == f"{inbox.url}/1.0/go"


@question("invocation.secrets.reach-the-backend-only", source="docs: secrets", needs=NEEDS)
def test_a_secret_reaches_the_backend_and_is_shown_nowhere(scene: Scene, inbox: Inbox) -> None:
    name, value = scene.named("TOKEN"), "quite-a-secret-4711"
    body = {"secretName": name, "secretValue": value}
    scene.port.get("create-organization-secret", body=body)
    action = scene.action(calls=inbox.webhook(headers={"X-Key": f"{{{{ .secrets.{name} }}}}"}))

    run = scene.run(action)
    letter = inbox.wait_for(1)[0]
    path = {"run_id": run["id"]}
    shown = scene.port.get("get-action-run-s-details", path=path, query={"version": "v2"})

    assert letter.headers.get("x-key") == value
    assert value not in json.dumps(run)
    assert value not in shown.text


@question(
    "invocation.body.message-of-old",
    source="clients: Port's agent; tutorial of 2022; Assumed: sent where no body is defined",
    needs=NEEDS,
)
def test_without_a_body_the_message_of_old_is_sent(scene: Scene, inbox: Inbox) -> None:
    blueprint = scene.blueprint()
    entity = scene.entity(blueprint)
    action = scene.action(blueprint=blueprint, operation="DAY-2", calls=inbox.url)

    run = scene.run(action, properties={"version": "1.0"}, entity=entity)
    message = inbox.wait_for(1)[0].json
    if not isinstance(message, dict):
        raise AnswerError(f"the message must be an object, and is {message!r}")
    payload, trigger = inner(message, "payload"), inner(message, "trigger")
    stored = scene.port.get("get-action", path={"action_identifier": action}).object("action")
    path = {"blueprint_identifier": blueprint, "entity_identifier": entity}

    assert message.keys() == {"action", "resourceType", "status", "trigger", "context", "payload"}
    assert message.get("action") == action
    assert message.get("resourceType") == "run"
    assert message.get("status") == "TRIGGERED"
    assert message.get("context") == {
        "entity": entity,
        "blueprint": blueprint,
        "runId": run["id"],
    }
    assert trigger.get("origin") == "API"
    assert inner(trigger, "by").get("userId") == scene.port.credentials.client_id
    assert payload.get("action") == stored
    assert payload.get("properties") == {"version": "1.0"}
    assert payload.get("entity") == scene.port.get("get-entity", path=path).object("entity")


@question("invocation.payload.shown", source="OpenAPI 1.0, a run's payload", needs=NEEDS)
def test_a_run_shows_what_was_sent_for_it(scene: Scene, inbox: Inbox) -> None:
    action = scene.action(calls=inbox.webhook(headers={"X-Plain": "yes"}))

    run = scene.run(action)

    assert inner(scene.read(run["id"]), "payload") == {
        "type": "WEBHOOK",
        "url": inbox.url,
        "agent": False,
        "synchronized": False,
        "method": "POST",
        "headers": {"X-Plain": "yes"},
        "body": {"run": run["id"]},
    }
    assert runs_of(inbox.wait_for(1)) == [run["id"]]
