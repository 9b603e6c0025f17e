"""Credentials and tokens are shown where they belong, and nowhere else."""

from __future__ import annotations

import logging

import pytest

import port_fake as package
from port_fake import FakePort
from tests.support.client import Client, client_of
from tests.support.furniture import LEAD
from tests.support.raw import request, send

LOGIN = "/v1/auth/access_token"


@pytest.fixture
def secrets(port_fake: FakePort, caplog: pytest.LogCaptureFixture) -> list[str]:
    """The secrets of an organisation that has been asked in every way that shows them."""
    caplog.set_level(logging.DEBUG)
    port_fake.add_user(LEAD)
    mine = port_fake.credentials_of(LEAD)
    body = {"clientId": port_fake.client_id, "clientSecret": port_fake.client_secret}
    anybody = Client(port_fake.base_url)
    anybody.post(LOGIN, body)
    anybody.post(LOGIN, {**body, "surprise": 1})
    anybody.post(LOGIN, {**body, "clientId": [port_fake.client_secret]})
    anybody.post(LOGIN, {"clientId": mine.client_id, "clientSecret": mine.client_secret})
    anybody.post(LOGIN, {"clientId": mine.client_id, "clientSecret": port_fake.client_secret})
    anybody.put(LOGIN, body)
    anybody.post(f"{LOGIN}/", body)
    anybody.post("/v1/auth", body)
    anybody.post("/v1/actions", body)
    client_of(port_fake).get("/v1/actions")
    client_of(port_fake, LEAD).get("/v1/actions/unknown")
    client_of(port_fake).get("/nowhere")
    token = port_fake.token()
    send(port_fake.base_url, request("/v1/actions", "bad header", bearer=token))
    anybody.ask("GET", "/v1/actions", headers={"Authorization": f"Bearer {token}x"})
    return [port_fake.client_secret, mine.client_secret, token, port_fake.token(as_user=LEAD)]


def test_they_are_not_in_the_record(port_fake: FakePort, secrets: list[str]) -> None:
    kept = [*port_fake.requests, *port_fake.api.strangers.all()]

    texts = [repr(each) + str(each) + repr((each.body, each.answer, each.query)) for each in kept]

    assert len(kept) > 10
    assert [secret for secret in secrets for text in texts if secret in text] == []


def test_they_are_not_in_the_log(secrets: list[str], caplog: pytest.LogCaptureFixture) -> None:
    records = caplog.get_records("setup")

    texts = [record.getMessage() + str(record.__dict__) for record in records]

    assert any("unreadable request" in text for text in texts)
    assert [secret for secret in secrets for text in texts if secret[:60] in text] == []


def test_they_are_not_in_what_a_failed_assertion_tells(
    port_fake: FakePort, secrets: list[str]
) -> None:
    with pytest.raises(AssertionError) as failure:
        port_fake.assert_called("GET", "/v1/teams")

    assert [secret for secret in secrets if secret in str(failure.value)] == []


def test_they_are_not_in_the_repr_of_anything_public(
    port_fake: FakePort, secrets: list[str]
) -> None:
    port_fake.add_action("deploy")
    run = port_fake.execute("deploy")
    shown = [
        port_fake,
        port_fake.credentials,
        port_fake.credentials_of(LEAD),
        port_fake.caller(None),
        port_fake.caller(LEAD),
        port_fake.world,
        port_fake.world.settings,
        port_fake.api,
        port_fake.api.organisations,
        port_fake.api.organisations.get(port_fake.client_id),
        port_fake.requests,
        run,
        *(getattr(package, name) for name in package.__all__),
    ]

    texts = [repr(each) + str(each) for each in shown]

    assert [secret for secret in secrets for text in texts if secret in text] == []


def test_they_are_where_code_under_test_looks_for_them(port_fake: FakePort) -> None:
    assert port_fake.env == {
        "PORT_BASE_URL": port_fake.base_url,
        "PORT_CLIENT_ID": port_fake.client_id,
        "PORT_CLIENT_SECRET": port_fake.client_secret,
    }
