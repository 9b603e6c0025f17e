"""POST /v1/auth/access_token, and what its tokens are worth."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest

from port_fake import FakePort, FakePortServer, Settings
from tests.support.client import NOTHING, Answer, Client, assert_refused, client_of
from tests.support.furniture import LEAD

LOGIN = "/v1/auth/access_token"
ACTIONS = "/v1/actions"


@pytest.fixture
def anybody(port_fake: FakePort) -> Client:
    """A client without a token."""
    return Client(port_fake.base_url)


def log_in(port: FakePort, **changes: Any) -> Answer:
    body = {"clientId": port.client_id, "clientSecret": port.client_secret, **changes}
    return Client(port.base_url).post(LOGIN, body)


def read_with(port: FakePort, authorization: str) -> Answer:
    headers = {"Authorization": authorization}
    return Client(port.base_url).ask("GET", ACTIONS, headers=headers)


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def test_credentials_are_exchanged_for_a_token(port_fake: FakePort) -> None:
    answer = log_in(port_fake)

    assert answer.status == 200
    assert answer.json == {
        "ok": True,
        "accessToken": port_fake.token(),
        "expiresIn": 10_800,
        "tokenType": "Bearer",
    }


def test_the_token_works(port_fake: FakePort) -> None:
    granted = log_in(port_fake).json

    answer = read_with(port_fake, f"{granted['tokenType']} {granted['accessToken']}")

    assert answer.status == 200


def test_the_token_of_the_organisation_has_the_claims_that_clients_read(
    port_fake: FakePort,
) -> None:
    claims = claims_of(log_in(port_fake).json["accessToken"])

    assert claims["isMachine"] is True
    assert claims["personalToken"] is False
    assert claims["orgId"] == port_fake.world.id
    assert claims["sub"] == port_fake.client_id
    assert claims["exp"] - claims["iat"] == 10_800


def test_the_token_of_a_user_is_a_personal_one(port_fake: FakePort) -> None:
    port_fake.add_user(LEAD)
    credentials = port_fake.credentials_of(LEAD)

    answer = log_in(
        port_fake, clientId=credentials.client_id, clientSecret=credentials.client_secret
    )

    claims = claims_of(answer.json["accessToken"])
    assert answer.json["accessToken"] == port_fake.token(as_user=LEAD)
    assert (claims["isMachine"], claims["personalToken"]) == (False, True)
    assert claims["sub"] == port_fake.caller(LEAD).id
    assert claims["orgId"] == port_fake.world.id


@pytest.mark.parametrize(
    ("body", "about"),
    [
        (NOTHING, "body"),
        (None, "body"),
        ([], "body"),
        ({}, "clientId"),
        ({"clientId": "x"}, "clientSecret"),
        ({"clientSecret": "x"}, "clientId"),
        ({"clientId": None, "clientSecret": "x"}, "body/clientId"),
        ({"clientId": "x", "clientSecret": 7}, "body/clientSecret"),
        ({"clientId": ["x"], "clientSecret": "x"}, "body/clientId"),
        ({"clientId": "x", "clientSecret": "x", "grant": "y"}, "grant"),
    ],
)
def test_the_body_is_closed(anybody: Client, body: Any, about: str) -> None:
    answer = anybody.post(LOGIN, body)

    assert_refused(answer, 422, about)


@pytest.mark.parametrize(
    "wrong",
    [
        {"clientId": "unknown"},
        {"clientId": ""},
        {"clientSecret": "wrong"},
        {"clientSecret": ""},
        {"clientSecret": "wröng"},
    ],
)
def test_wrong_credentials_get_nothing(port_fake: FakePort, wrong: dict[str, str]) -> None:
    answer = log_in(port_fake, **wrong)

    assert_refused(answer, 401, "do not belong together")
    assert port_fake.client_secret not in str(answer)


def test_a_token_in_the_header_is_not_looked_at(port_fake: FakePort) -> None:
    body = {"clientId": port_fake.client_id, "clientSecret": port_fake.client_secret}
    headers = {"Authorization": "Bearer nonsense"}

    answer = Client(port_fake.base_url).ask("POST", LOGIN, body, headers=headers)

    assert answer.status == 200


# One live token for each pair of credentials.


def test_asking_again_answers_the_same_token_with_the_time_it_has_left(
    port_fake: FakePort,
) -> None:
    first = log_in(port_fake).json
    port_fake.advance(60)

    second = log_in(port_fake).json

    assert second == {**first, "expiresIn": 10_740}


def test_a_token_is_worth_nothing_once_its_time_has_passed(port_fake: FakePort) -> None:
    token = log_in(port_fake).json["accessToken"]
    port_fake.advance(10_800)

    answer = read_with(port_fake, f"Bearer {token}")

    assert_refused(answer, 401, "expired")


def test_a_token_is_good_almost_to_the_end_of_its_time(port_fake: FakePort) -> None:
    token = log_in(port_fake).json["accessToken"]
    port_fake.advance(10_799)

    answer = read_with(port_fake, f"Bearer {token}")

    assert answer.status == 200


def test_after_a_token_has_expired_there_is_a_new_one(port_fake: FakePort) -> None:
    old = log_in(port_fake).json["accessToken"]
    port_fake.advance(10_800)

    new = log_in(port_fake).json

    assert new["accessToken"] != old
    assert new["expiresIn"] == 10_800
    assert read_with(port_fake, f"Bearer {new['accessToken']}").status == 200


@pytest.mark.parametrize("milliseconds", range(0, 1500, 100))
def test_a_token_that_is_handed_out_is_good(port_fake: FakePort, milliseconds: int) -> None:
    port_fake.add_blueprint("takes-a-millisecond")
    log_in(port_fake)
    port_fake.advance(10_799 + milliseconds / 1000)

    granted = log_in(port_fake).json

    assert granted["expiresIn"] > 0
    assert read_with(port_fake, f"Bearer {granted['accessToken']}").status == 200


@pytest.mark.port_fake(settings=Settings(token_is_reused=False))
def test_tokens_may_be_set_to_differ(port_fake: FakePort) -> None:
    tokens = [log_in(port_fake).json["accessToken"] for _ in range(3)]

    assert len(set(tokens)) == 3
    assert [read_with(port_fake, token).status for token in tokens] == [200, 200, 200]


@pytest.mark.port_fake(settings=Settings(token_lifetime_s=60))
def test_the_lifetime_is_a_setting(port_fake: FakePort) -> None:
    granted = log_in(port_fake).json
    port_fake.advance(60)

    answer = read_with(port_fake, granted["accessToken"])

    assert granted["expiresIn"] == 60
    assert_refused(answer, 401, "expired")


# How a token is shown, and which are good.


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer   ", ""])
def test_the_scheme_is_optional_and_written_in_any_case(port_fake: FakePort, scheme: str) -> None:
    answer = read_with(port_fake, scheme + port_fake.token())

    assert answer.status == 200


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic dTpw", "Token x", "a.b.c"]
)
def test_no_token_and_no_proper_token_are_refused(port_fake: FakePort, header: str | None) -> None:
    client = Client(port_fake.base_url)

    answer = client.ask("GET", ACTIONS, headers={} if header is None else {"Authorization": header})

    assert_refused(answer, 401)


def forged(port: FakePort) -> dict[str, str]:
    """Return tokens of the organisation that are not its tokens, by what is wrong with them."""
    good = port.token()
    head, body, signature = good.split(".")
    claims = claims_of(good)
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    unsigned = ".".join(
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in parts
    )
    later = {**claims, "exp": claims["exp"] + 10_800}
    return {
        "signed with another key": jwt.encode(claims, "another key" * 4, algorithm="HS256"),
        "signed with the secret": jwt.encode(claims, port.client_secret, algorithm="HS256"),
        "not signed": unsigned.replace("=", "") + ".",
        "stripped": f"{head}.{body}.",
        "claims changed": jwt.encode(later, "x" * 32, algorithm="HS256").rpartition(".")[0]
        + f".{signature}",
        "cut": good[:-2],
        "empty parts": "..",
        "claims are no object": f"{head}.{base64.urlsafe_b64encode(b'[]').decode()}.{signature}",
        "brackets without end": f"{head}.{base64.b64encode(b'[' * 3000).decode()}.{signature}",
    }


WRONGS = (
    "signed with another key",
    "signed with the secret",
    "not signed",
    "stripped",
    "claims changed",
    "cut",
    "empty parts",
    "claims are no object",
    "brackets without end",
)


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_forged_token_is_refused(port_fake: FakePort, wrong: str) -> None:
    token = forged(port_fake)[wrong]

    answer = read_with(port_fake, f"Bearer {token}")

    assert_refused(answer, 401)


def test_a_token_of_another_organisation_opens_that_one_only(
    port_fake: FakePort, port_fake_server: FakePortServer
) -> None:
    port_fake.add_action("mine")

    with port_fake_server.organisation(name="another") as other:
        seen = client_of(other).get(f"{ACTIONS}/mine")

    assert_refused(seen, 404)


def test_a_token_of_another_server_is_refused(port_fake: FakePort) -> None:
    with FakePort(name="elsewhere") as other:
        token = other.token()

    answer = read_with(port_fake, f"Bearer {token}")

    assert_refused(answer, 401, "not known here")


def test_an_organisation_that_is_closed_refuses_its_tokens_and_its_credentials(
    port_fake_server: FakePortServer,
) -> None:
    with port_fake_server.organisation(name="short-lived") as port:
        client = client_of(port)
        assert client.get(ACTIONS).status == 200

    answers = [client.get(ACTIONS), log_in_at(port_fake_server.base_url, port)]

    for answer in answers:
        assert_refused(answer, 401)


def log_in_at(base_url: str, port: FakePort) -> Answer:
    body = {"clientId": port.client_id, "clientSecret": port.client_secret}
    return Client(base_url).post(LOGIN, body)


def test_a_user_who_is_gone_can_neither_log_in_nor_use_a_token(port_fake: FakePort) -> None:
    port_fake.add_user(LEAD)
    mine = port_fake.credentials_of(LEAD)
    token = port_fake.token(as_user=LEAD)
    client_of(port_fake).delete(f"/v1/users/{LEAD}")

    answers = [
        read_with(port_fake, f"Bearer {token}"),
        log_in(port_fake, clientId=mine.client_id, clientSecret=mine.client_secret),
    ]

    for answer in answers:
        assert_refused(answer, 401, "no longer a member")


def test_own_permissions_name_the_actions_that_the_caller_may_execute(
    port_fake: FakePort, client: Client
) -> None:
    port_fake.add_user(LEAD)
    port_fake.add_action("open")
    port_fake.add_action("closed")
    port_fake.permit("closed", execute={"roles": []})

    answers = [
        each.get("/v1/auth/permissions", {"action_version": "v2"})
        for each in (client, client_of(port_fake, LEAD))
    ]

    assert [answer.json for answer in answers] == [
        {"ok": True, "permissions": ["execute:actions:open", "execute:actions:closed"]},
        {"ok": True, "permissions": ["execute:actions:open"]},
    ]
