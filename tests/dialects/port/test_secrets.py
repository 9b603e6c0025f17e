"""Secrets are used by templates and shown by nobody."""

import logging
import socket
from typing import Any

import pytest

from port_fake import Backend, FakePort
from port_fake.surface.letters import Fate
from tests.support.client import Client, assert_refused

SECRETS = "/v1/organization/secrets"
VALUE = 'T0p-Secret/"värde"&1'


def test_a_secret_is_made_read_changed_and_removed(client: Client) -> None:
    made = client.post(
        SECRETS, {"secretName": "TOKEN", "secretValue": "v", "description": "for CI"}
    )
    assert made.status == 201
    assert made.json["secret"] == {
        "secretName": "TOKEN",
        "description": "for CI",
        "createdAt": "2026-01-05T10:00:00.001Z",
        "updatedAt": "2026-01-05T10:00:00.001Z",
    }

    changed = client.patch(f"{SECRETS}/TOKEN", {"description": "for all"})
    assert changed.json["secret"]["description"] == "for all"
    assert client.get(f"{SECRETS}/TOKEN").json["secret"] == changed.json["secret"]
    assert client.get(SECRETS).json["secrets"] == [changed.json["secret"]]

    assert client.delete(f"{SECRETS}/TOKEN").status == 200
    assert client.get(SECRETS).json["secrets"] == []


def test_a_name_is_taken_once(client: Client) -> None:
    body = {"secretName": "TOKEN", "secretValue": "v"}
    client.post(SECRETS, body)

    assert_refused(client.post(SECRETS, body), 409, "TOKEN")


def test_unknown_secrets_are_not_found(client: Client) -> None:
    assert_refused(client.get(f"{SECRETS}/NONE"), 404, "NONE")
    assert_refused(client.patch(f"{SECRETS}/NONE", {"secretValue": "v"}), 404, "NONE")
    assert_refused(client.delete(f"{SECRETS}/NONE"), 404, "NONE")


@pytest.mark.parametrize(
    "body",
    [
        {"secretName": "A"},
        {"secretValue": VALUE},
        {"secretName": "", "secretValue": VALUE},
        {"secretName": "with space", "secretValue": VALUE},
        {"secretName": "A" * 101, "secretValue": VALUE},
        {"secretName": "A", "secretValue": [VALUE]},
        {"secretName": "A", "secretValue": VALUE, "more": 1},
        {"secretName": "A", "secretValue": VALUE, "description": "d" * 201},
    ],
)
def test_a_refusal_does_not_quote_the_value(
    client: Client, port_fake: FakePort, body: dict[str, Any]
) -> None:
    answer = client.post(SECRETS, body)

    assert_refused(answer, 422)
    assert "T0p-Secret" not in str(answer.json)
    assert_nowhere(port_fake)


def test_the_name_of_a_secret_stays_what_it_is(client: Client) -> None:
    client.post(SECRETS, {"secretName": "TOKEN", "secretValue": "v"})

    assert_refused(client.patch(f"{SECRETS}/TOKEN", {"secretName": "OTHER"}), 422)


def test_a_changed_value_is_the_one_that_is_used(
    port_fake: FakePort, port_backend: Backend, client: Client
) -> None:
    client.post(SECRETS, {"secretName": "TOKEN", "secretValue": "first-value"})
    client.patch(f"{SECRETS}/TOKEN", {"secretValue": VALUE})
    use(port_fake, port_backend.url)

    port_fake.execute("use")
    port_fake.settle()

    assert port_backend.letters[0].json == {"token": VALUE}


def use(port: FakePort, url: str, **keys: Any) -> None:
    """Add an action that carries the secret wherever a template may stand."""
    method = {
        "type": "WEBHOOK",
        "url": url + "?t={{ .secrets.TOKEN | @uri }}",
        "headers": {
            "Authorization": "Basic {{ .secrets.TOKEN | @base64 }}",
            "RUN": "{{ .run.id }}",
        },
        "body": {"token": '{{ .secrets["TOKEN"] }}'},
        **keys,
    }
    port.add_action("use", invokes=method)


def everything(port: FakePort) -> list[str]:
    """All places in which something might be shown."""
    requests = [(one, one.body, one.answer, one.query) for one in port.requests]
    runs = [(port.run(run), port.run(run).json) for run in port.runs()]
    return [
        repr(requests),
        repr(runs),
        repr(port.deliveries),
        repr([delivery.message for delivery in port.deliveries]),
        repr(port),
        repr(port.world.secrets.all()),
        repr(port.world),
        *(repr(port.world.runs[run.id]) for run in port.runs()),
    ]


def assert_nowhere(port: FakePort) -> None:
    for form in ("T0p-Secret", "t0p-secret", "VDBwLVNlY3JldC"):
        assert [text for text in everything(port) if form in text] == [], form


@pytest.mark.parametrize("synchronized", [True, False])
def test_a_used_value_is_shown_nowhere(
    port_fake: FakePort,
    port_backend: Backend,
    client: Client,
    caplog: pytest.LogCaptureFixture,
    *,
    synchronized: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    client.post(SECRETS, {"secretName": "TOKEN", "secretValue": VALUE})
    use(port_fake, port_backend.url, synchronized=synchronized)

    run = port_fake.execute("use")
    [delivery] = port_fake.settle()

    [letter] = port_backend.letters
    assert letter.signed
    assert letter.json == {"token": VALUE}
    assert letter.headers["authorization"].startswith("Basic VDBwLVNlY3JldC")
    assert_nowhere(port_fake)
    assert "T0p-Secret" not in repr(letter)
    assert "T0p-Secret" not in caplog.text
    payload = port_fake.run(run).json["payload"]
    assert payload["body"] == {"token": "[secret TOKEN]"}
    assert delivery.message["body"] == {"token": "[secret TOKEN]"}
    assert delivery.message["headers"]["RUN"] == run.id


def test_a_backend_that_echoes_a_value_does_not_bring_it_into_the_ledger(
    port_fake: FakePort, port_backend: Backend, client: Client
) -> None:
    client.post(SECRETS, {"secretName": "TOKEN", "secretValue": VALUE})
    use(port_fake, port_backend.url)
    port_backend.answers(500, json={"got": VALUE}, headers={"X-Echo": "T0p-Secret%2F"})
    port_fake.perform(
        "change-organization-secret",
        path={"secret_name": "TOKEN"},
        body={"secretValue": "T0p-Secret/"},
    )
    port_backend.answers(500, json={"got": "T0p-Secret/"}, headers={"X-Echo": "T0p-Secret%2F"})

    port_fake.execute("use")
    port_fake.settle()

    assert_nowhere(port_fake)
    assert port_fake.deliveries[0].attempts[0].headers["X-Echo"] == "***"


@pytest.mark.parametrize(
    "url",
    [
        "http://{{ .secrets.TOKEN }}.example.com/",
        "https://{{ .secrets.TOKEN }}/x",
        "{{ .secrets.TOKEN }}",
        "ftp://{{ .secrets.TOKEN }}",
        "http://user:{{ .secrets.TOKEN }}@example.com/",
        "http://[{{ .secrets.TOKEN }}",
    ],
)
@pytest.mark.parametrize("value", ["T0p-Secret", "T0p-Secret'x"])
def test_an_address_that_holds_a_value_is_not_told(
    port_fake: FakePort, client: Client, url: str, value: str
) -> None:
    client.post(SECRETS, {"secretName": "TOKEN", "secretValue": value})
    port_fake.add_action("use", invokes={"type": "WEBHOOK", "url": url})

    port_fake.execute("use")
    [delivery] = port_fake.settle()

    assert delivery.fate is Fate.NOT_SENT
    assert delivery.reason
    assert_nowhere(port_fake)


def test_an_error_that_holds_a_value_is_not_told(port_fake: FakePort, client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    client.post(SECRETS, {"secretName": "TOKEN", "secretValue": "T0p-Secret\r\nX: y"})
    headers = {"X-Token": "{{ .secrets.TOKEN }}"}
    for name, port in (("use", free), ("again", 99_999)):
        url = f"http://127.0.0.1:{port}/{{{{ .secrets.TOKEN }}}}"
        port_fake.add_action(name, invokes={"type": "WEBHOOK", "url": url, "headers": headers})
        port_fake.execute(name)
    port_fake.settle()

    assert {run.status for run in port_fake.runs()} == {"FAILURE"}
    assert_nowhere(port_fake)


def test_a_template_that_fails_on_a_value_does_not_quote_it(
    port_fake: FakePort, port_backend: Backend, client: Client
) -> None:
    client.post(SECRETS, {"secretName": "TOKEN", "secretValue": VALUE})
    body = {"a": "{{ .secrets.TOKEN | tonumber }}", "b": "{{ .secrets.TOKEN + 1 }}"}
    use(port_fake, port_backend.url, body=body)

    port_fake.execute("use")
    [delivery] = port_fake.settle()

    assert len(delivery.notes) == 2
    assert port_backend.letters[0].json == {"a": None, "b": None}
    assert_nowhere(port_fake)


@pytest.mark.parametrize("kind", ["KAFKA", "SLACK", "JENKINS", "AZURE_DEVOPS", "UPSERT_ENTITY"])
def test_no_other_backend_shows_a_value(port_fake: FakePort, client: Client, kind: str) -> None:
    secret = "{{ .secrets.TOKEN }}"  # noqa: S105 - the template
    keys: dict[str, Any] = {
        "KAFKA": {"payload": {"x": secret}},
        "SLACK": {"url": f"https://{secret}", "body": {"text": secret}},
        "JENKINS": {"url": f"https://{secret}", "body": {"text": secret}},
        "AZURE_DEVOPS": {"webhook": secret, "org": secret, "payload": {"x": secret}},
        "UPSERT_ENTITY": {"blueprintIdentifier": secret, "mapping": {"identifier": secret}},
    }
    client.post(SECRETS, {"secretName": "TOKEN", "secretValue": VALUE})
    port_fake.add_action("use", invokes={"type": kind, **keys[kind]})

    port_fake.execute("use")
    port_fake.settle()

    assert_nowhere(port_fake)


def test_an_automatic_call_of_ports_own_api_shows_no_value(
    port_fake: FakePort, client: Client
) -> None:
    client.post(SECRETS, {"secretName": "TOKEN", "secretValue": VALUE})
    port_fake.add_action("second", inputs={"t": {"type": "string"}}, invokes={"type": "KAFKA"})
    use(
        port_fake,
        "https://api.getport.io/v1/actions/second/runs",
        headers={},
        body={"properties": {"other": "{{ .secrets.TOKEN }}"}},
    )

    port_fake.execute("use")
    port_fake.settle()

    assert port_fake.deliveries[0].attempts[0].status == 422
    assert_nowhere(port_fake)
