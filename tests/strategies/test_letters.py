"""Drawn letters are believed where Port's are, and forgeries are not."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any, Literal
from urllib.parse import urlsplit

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, TypeAdapter

from port_fake import Backend, FakePort
from port_fake.dialects.port.dialect import PORT
from port_fake.dialects.port.invocation.signature import is_signed
from port_fake.strategies.letters import (
    CLIENT_SECRET,
    FLAWS,
    FORMS,
    Claimer,
    Flaw,
    Forgery,
    Form,
    WebhookLetter,
    claim_batches,
    forged_letters,
    webhook_letters,
)
from port_fake.surface.document import document
from port_fake.world.clock import EPOCH
from tests.support.client import compiled

pytestmark = pytest.mark.slow  # thousands of draws

QUIET = settings(
    database=None, max_examples=2_000, derandomize=True, phases=[Phase.generate, Phase.shrink]
)
FEW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def verifies(letter: WebhookLetter, secret: str = CLIENT_SECRET) -> bool:
    """What a receiver does that follows Port's documentation."""
    timestamp = letter.headers.get("x-port-timestamp", "")
    signature = letter.headers.get("x-port-signature", "")
    return is_signed(secret, timestamp, signature, letter.body)


def named(letter: WebhookLetter) -> Any:
    """The id of the run, from where a body of that form carries it."""
    body = letter.json
    if letter.form == "bare":
        return letter.headers["run_id"]
    if letter.form == "templated":
        return body["port_context"]["runId"]
    message = body["payload"] if letter.form == "wrapped" else body
    return message["context"]["runId"]


# Letters and forgeries, by the rule of the documentation.


@given(letter=webhook_letters())
def test_the_signature_of_every_letter_verifies(letter: WebhookLetter) -> None:
    assert verifies(letter)
    assert not verifies(letter, "another secret")
    assert letter.client_secret not in repr(letter)


@pytest.mark.parametrize("flaw", FLAWS)
@given(data=st.data())
def test_no_forgery_verifies(flaw: Flaw, data: st.DataObject) -> None:
    forgery = data.draw(forged_letters(flaws=[flaw]))

    assert forgery.flaw == flaw
    assert not verifies(forgery.letter)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_a_letter_names_its_run_where_its_form_says(form: Form, data: st.DataObject) -> None:
    letter = data.draw(webhook_letters(forms=[form]))

    assert letter.form == form
    assert named(letter) == letter.run.run_id
    assert letter.headers.get("run_id", letter.run.run_id) == letter.run.run_id


@given(letter=webhook_letters(forms=["legacy"]))
def test_the_message_of_old_tells_all_of_the_run(letter: WebhookLetter) -> None:
    body, run = letter.json, letter.run

    assert (body["resourceType"], body["status"]) == ("run", "TRIGGERED")
    assert body["action"] == body["payload"]["action"]["identifier"] == run.action
    assert (body["context"]["entity"], body["context"]["blueprint"]) == (run.entity, run.blueprint)
    assert body["payload"]["properties"] == run.inputs
    assert body["trigger"]["by"]["userId"] == run.requested_by
    assert (body["payload"]["entity"] is None) == (run.entity is None)


@given(letter=webhook_letters("my-secret", url="http://127.0.0.1:1/a?b=c", signed_at=EPOCH))
def test_secret_address_and_moment_are_chosen(letter: WebhookLetter) -> None:
    assert verifies(letter, "my-secret")
    assert (letter.url, letter.path) == ("http://127.0.0.1:1/a?b=c", "/a?b=c")
    assert letter.headers["x-port-timestamp"] == str(int(EPOCH.timestamp()))


# By the fake's own receiver, over HTTP.


@pytest.fixture
def backend(port_fake: FakePort) -> Iterator[Backend]:
    with Backend(port_fake) as backend:
        yield backend


def send(backend: Backend, letter: WebhookLetter) -> int:
    address = urlsplit(backend.url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
    connection.request(letter.method, letter.path, letter.body, dict(letter.headers))
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


@FEW
@given(data=st.data())
def test_a_backend_believes_a_letter_and_finds_its_run(
    port_fake: FakePort, backend: Backend, data: st.DataObject
) -> None:
    now = port_fake.world.clock.peek()
    letter = data.draw(webhook_letters(port_fake.client_secret, signed_at=now))

    status = send(backend, letter)

    received = backend.letters[-1]
    assert (status, received.signed) == (200, True)
    assert received.run_id == letter.run.run_id
    assert (received.method, received.path, received.json) == (
        letter.method,
        letter.path,
        letter.json,
    )


@FEW
@given(data=st.data())
def test_a_backend_refuses_a_forgery(
    port_fake: FakePort, backend: Backend, data: st.DataObject
) -> None:
    now = port_fake.world.clock.peek()
    forgery = data.draw(forged_letters(port_fake.client_secret, signed_at=now))

    status = send(backend, forgery.letter)

    assert (status, backend.letters[-1].signed) == (401, False)


# Batches, as those who claim them parse them.


class OceanAction(BaseModel):
    identifier: str


class OceanPayload(BaseModel):
    model_config = ConfigDict(strict=True)

    type: Literal["INTEGRATION_ACTION"]
    installationId: str  # noqa: N815 - the key on the wire
    integrationActionType: str  # noqa: N815 - the key on the wire
    integrationActionExecutionProperties: dict[str, Any]  # noqa: N815 - the key on the wire


class OceanRun(BaseModel):
    model_config = ConfigDict(strict=True)

    id: str
    status: Literal["IN_PROGRESS", "SUCCESS", "FAILURE"]
    action: OceanAction
    payload: OceanPayload


class AgentPayload(BaseModel):
    model_config = ConfigDict(strict=True)

    type: Literal["WEBHOOK"]
    url: str
    agent: Literal[True]
    synchronized: bool = False
    method: str = "POST"
    headers: dict[str, str] = {}
    body: dict[str, Any]


class AgentRun(BaseModel):
    model_config = ConfigDict(strict=True)

    id: str
    payload: AgentPayload


OCEAN: TypeAdapter[list[OceanRun]] = TypeAdapter(list[OceanRun])
AGENT: TypeAdapter[list[AgentRun]] = TypeAdapter(list[AgentRun])


@given(batch=claim_batches("ocean", installation="my-ocean"))
def test_ocean_understands_a_batch(batch: dict[str, Any]) -> None:
    runs = OCEAN.validate_python(batch["runs"])

    assert {run.payload.installationId for run in runs} <= {"my-ocean"}
    properties = [run.payload.integrationActionExecutionProperties for run in runs]
    assert all({"org", "repo", "workflow"} <= one.keys() for one in properties)


@given(batch=claim_batches("agent"))
def test_the_agent_understands_a_batch(batch: dict[str, Any]) -> None:
    runs = AGENT.validate_python(batch["runs"])

    assert all(run.id.startswith("r_") for run in runs)
    assert {run["installationId"] for run in batch["runs"]} <= {"_PORT_EXEC_AGENT"}


@pytest.mark.parametrize("claimer", ["ocean", "agent"])
@settings(max_examples=50)
@given(data=st.data())
def test_a_batch_holds_what_a_claim_has_just_handed_out(
    claimer: Claimer, data: st.DataObject
) -> None:
    batch = data.draw(claim_batches(claimer, max_runs=3))

    runs = batch["runs"]
    assert list(claims().iter_errors(batch)) == []
    assert len(runs) <= 3
    assert len({run["id"] for run in runs}) == len(runs)
    assert [run["createdAt"] for run in runs] == sorted(run["createdAt"] for run in runs)
    assert all(run["status"] == "IN_PROGRESS" and run["pendingExecution"] for run in runs)
    assert len({run["claimedUntil"] for run in runs}) <= 1
    assert all(run["updatedAt"] < run["claimedUntil"] for run in runs)


def claims() -> jsonschema_rs.Draft202012Validator:
    """What the document says that a claim answers."""
    entry = document(PORT)["paths"]["/v1/actions/runs/claim-pending"]["post"]
    return compiled(entry["responses"]["200"]["content"]["application/json"]["schema"])


# Shrinking.


def test_a_letter_shrinks_to_a_template_without_inputs() -> None:
    letter = find(webhook_letters(), lambda _: True, settings=QUIET)

    assert (letter.method, letter.form, letter.run.inputs) == ("POST", "templated", {})
    assert letter.body == b'{"port_context":{"runId":"r_aaaaaaaaaaaaaaaa"}}'
    assert letter.headers.keys() == {"content-type", "x-port-timestamp", "x-port-signature"}


def test_a_forgery_shrinks_to_the_simplest_letter_with_that_flaw() -> None:
    def is_unsigned(forgery: Forgery) -> bool:
        return "x-port-signature" not in forgery.letter.headers

    forgery = find(forged_letters(), is_unsigned, settings=QUIET)

    assert (forgery.flaw, forgery.letter.form, forgery.letter.run.inputs) == (
        "unsigned",
        "templated",
        {},
    )


def test_a_batch_shrinks_to_as_few_runs_as_will_do() -> None:
    batch = find(claim_batches("agent"), lambda one: len(one["runs"]) > 1, settings=QUIET)

    assert [run["id"] for run in batch["runs"]] == ["r_aaaaaaaaaaaaaaaa", "r_aaaaaaaaaaaaaaab"]
    assert all(run["payload"]["body"] == {} for run in batch["runs"])
