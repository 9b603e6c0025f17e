"""Reading letters: whatever Port may send, and what only looks as if it came from Port."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from deployments.orders import BadOrderError, Order, is_from_port, run_id_of
from port_fake import Backend, FakePortServer
from port_fake.strategies import (
    Broken,
    Forgery,
    WebhookLetter,
    execute_bodies,
    forged_letters,
    inputs_for,
    invalid_inputs_for,
    webhook_letters,
)

ACME = Path(__file__).parent / "acme"
DEPLOY = json.loads((ACME / "actions.json").read_text(encoding="utf-8"))[0]

SECRET = "the secret of Acme"


def body_of(inputs: dict[str, Any]) -> dict[str, Any]:
    """What the action's template makes of inputs."""
    return {"replicas": 2, **inputs, "service": "checkout", "port_context": {"runId": "r_1"}}


@given(inputs_for(DEPLOY))
def test_every_order_that_port_takes_is_understood(inputs: dict[str, Any]) -> None:
    order = Order.read(body_of(inputs))

    assert order.version == inputs["version"]
    assert order.replicas == inputs.get("replicas", 2)


@given(invalid_inputs_for(DEPLOY))
def test_what_port_would_not_take_is_not_taken_here_either(broken: Broken) -> None:
    with pytest.raises(BadOrderError):
        Order.read(body_of(broken.inputs))


@settings(max_examples=15)
@given(body=execute_bodies(DEPLOY, entities={"service": ["checkout"]}))
def test_an_order_arrives_as_it_was_given(
    port_fake_server: FakePortServer, body: dict[str, Any]
) -> None:
    with port_fake_server.organisation(scenario=ACME) as port, Backend(port) as mailbox:
        port.add_secret("DEPLOYMENTS_URL", mailbox.url)
        run = port.execute("deploy", body["properties"], entity=body["entity"])
        if body["properties"]["environment"] != "staging":
            port.approve(run, as_user="lea@acme.example")
        port.settle()
        (letter,) = mailbox.letters

    assert run_id_of(letter.json) == run.id
    order = Order.read(letter.json)
    assert order.service == "checkout"
    assert order.note == body["properties"].get("note", "")


@given(webhook_letters(SECRET))
def test_letters_from_port_are_believed_for_five_minutes(letter: WebhookLetter) -> None:
    signed_at = int(letter.headers["x-port-timestamp"])

    assert is_from_port(letter.headers, letter.body, secret=SECRET, now=signed_at + 300)
    assert not is_from_port(letter.headers, letter.body, secret=SECRET, now=signed_at + 301)


@given(forged_letters(SECRET))
def test_forged_letters_are_not_believed(forgery: Forgery) -> None:
    letter = forgery.letter
    now = float(letter.headers.get("x-port-timestamp", "0"))

    assert not is_from_port(letter.headers, letter.body, secret=SECRET, now=now)


@given(webhook_letters(forms=["templated"]))
def test_a_letter_names_its_run(letter: WebhookLetter) -> None:
    assert run_id_of(letter.json) == letter.run.run_id


@given(webhook_letters(forms=["bare"]))
def test_a_letter_that_names_no_run_is_no_crash(letter: WebhookLetter) -> None:
    assert run_id_of(letter.json) is None
