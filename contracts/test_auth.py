"""Who is let in: the exchange of credentials for a token, and what a token is good for."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.permits import LOG_IN
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import text, whole
from port_fake.strategies.playing.targets import OPERATIONS

TOKEN = "OpenAPI 1.0, POST /v1/auth/access_token"  # noqa: S105 - a citation
HEADER = "OpenAPI 1.0, securitySchemes"
WHOLE_LIFE_S = 10_800
READS = [row.name for row in OPERATIONS.values() if row.method == "GET"]
WRITES = [row.name for row in OPERATIONS.values() if row.method != "GET" and not row.public]
ORGANISATION = "/v1/organization"


def ask_token(port: Organisation, **changes: Any) -> Reply:
    """Ask for a token with the organisation's credentials, some of them changed; None drops one."""
    who = port.credentials
    body = {"clientId": who.client_id, "clientSecret": who.client_secret, **changes}
    given = {key: value for key, value in body.items() if value is not None}
    return port.send(*LOG_IN, body=given)


def part_of(token: str, index: int) -> dict[str, Any]:
    """Read a part of a JSON Web Token, as clients do."""
    parts = token.split(".")
    if len(parts) != 3 or not all(parts):
        raise AnswerError("an access token must be a JSON Web Token of three parts")
    try:
        found = json.loads(urlsafe_b64decode(parts[index] + "=" * (-len(parts[index]) % 4)))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise AnswerError("the parts of an access token must be JSON objects in base64")
    return found


def coded(part: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def spoiled(token: str) -> dict[str, str | None]:
    """Return headers that must not be let in, by what is wrong with them."""
    head, body, seal = [*token.split("."), "", ""][:3]
    claims = {**part_of(token, 1), "exp": 4_102_444_800}
    other = "A" if seal[:1] != "A" else "B"
    return {
        "no header": None,
        "an empty header": "",
        "an empty token": "Bearer ",
        "rubbish": "Bearer rubbish",
        "another scheme": "Basic dXNlcjpwYXNz",
        "a cut token": f"Bearer {token[:-5]}",
        "no signature": f"Bearer {head}.{body}.",
        "an altered signature": f"Bearer {head}.{body}.{other}{seal[1:]}",
        "altered claims": f"Bearer {head}.{coded(claims)}.{seal}",
        "no algorithm": f"Bearer {coded({'alg': 'none', 'typ': 'JWT'})}.{body}.",
    }


def must_keep_out(port: Organisation, operation: str) -> None:
    row = OPERATIONS[operation]
    target = row.path.format_map(dict.fromkeys(PARAMETERS, "x"))
    for about, header in spoiled(port.token()).items():
        headers = {} if header is None else {"Authorization": header}
        body: dict[str, Any] | None = None if row.method in {"GET", "DELETE"} else {}
        reply = port.send(row.method, target, body=body, headers=headers)
        if reply.status != 401:
            raise AnswerError(f"{reply.told} with {about}, and the status must be 401")
        reply.refused(401)


PARAMETERS = {
    part[1:-1] for row in OPERATIONS.values() for part in row.path.split("/") if part[:1] == "{"
}


# -- the exchange


@question("auth.log-in.shape", source=TOKEN)
def test_credentials_are_exchanged_for_a_token(port: Organisation) -> None:
    reply = ask_token(port).must(200)

    whole(reply, "accessToken", "expiresIn", "tokenType")
    left = reply["expiresIn"]
    assert reply["tokenType"] == "Bearer"
    assert text(reply.json, "accessToken").count(".") == 2
    assert isinstance(left, (int, float))
    assert not isinstance(left, bool)
    assert 0 < left <= WHOLE_LIFE_S


@question("auth.log-in.token-works", source=HEADER)
def test_the_token_that_was_answered_lets_in(port: Organisation) -> None:
    token = text(ask_token(port).must(200).json, "accessToken")

    port.send("GET", ORGANISATION, token=token).must(200)


@question("auth.log-in.whole-life-at-first", source="docs: API authentication", needs={Need.CLOCK})
def test_a_new_token_lives_for_three_hours(port: Organisation) -> None:
    assert ask_token(port).must(200)["expiresIn"] == WHOLE_LIFE_S


@question("auth.log-in.same-token-while-alive", source="docs: API authentication")
def test_the_same_token_is_answered_while_it_lives(port: Organisation) -> None:
    first = ask_token(port).must(200)

    second = ask_token(port).must(200)

    assert text(second.json, "accessToken") == text(first.json, "accessToken")


@question("auth.log-in.wrong-credentials", source=TOKEN)
@pytest.mark.parametrize(
    "change",
    [
        {"clientSecret": "wrong"},
        {"clientSecret": ""},
        {"clientId": "nobody-has-this-client-id"},
        {"clientId": ""},
    ],
    ids=["secret", "empty-secret", "id", "empty-id"],
)
def test_credentials_that_do_not_belong_together_are_refused(
    port: Organisation, change: dict[str, Any]
) -> None:
    ask_token(port, **change).refused(401)


@question("auth.log-in.secret-is-compared-whole", source=TOKEN, needs={Need.FURNISH})
def test_a_secret_that_is_almost_right_is_refused(port: Organisation) -> None:
    secret = port.credentials.client_secret

    for wrong in (secret[:-1], secret + "x", secret.swapcase(), f" {secret}", secret[::-1]):
        ask_token(port, clientSecret=wrong).refused(401)


BAD_BODIES: dict[str, Any] = {
    "no-id": {"clientId": None},
    "no-secret": {"clientSecret": None},
    "neither": {"clientId": None, "clientSecret": None},
    "number": {"clientId": 5},
    "list": {"clientSecret": ["x"]},
    "unknown-key": {"scope": "all"},
}


@question("auth.log-in.bad-body", source=TOKEN)
@pytest.mark.parametrize("change", BAD_BODIES.values(), ids=BAD_BODIES.keys())
def test_a_body_that_holds_no_credentials_is_refused(
    port: Organisation, change: dict[str, Any]
) -> None:
    ask_token(port, **change).refused(422)


@question("auth.log-in.needs-no-token", source=f"{TOKEN}: no security")
def test_whoever_asks_for_a_token_needs_none(port: Organisation) -> None:
    who = port.credentials
    body = {"clientId": who.client_id, "clientSecret": who.client_secret}

    port.send(*LOG_IN, body=body, token="rubbish").must(200)  # noqa: S106 - it is none


@question("auth.claims.of-the-organisation", source="client: Ocean")
def test_the_token_of_an_organisation_says_that_it_is_a_machines(port: Organisation) -> None:
    claims = part_of(port.token(), 1)

    assert claims.get("isMachine", not claims.get("personalToken", True)) is True
    assert claims.get("personalToken", False) is False


@question("auth.claims.of-a-user", source="client: Ocean", needs={Need.FURNISH, Need.PEOPLE})
def test_the_token_of_a_user_says_that_it_is_personal(scene: Scene) -> None:
    ana = scene.user("ana")

    claims = part_of(scene.port.token(ana), 1)

    assert claims.get("isMachine", False) is False
    assert claims.get("personalToken", True) is True


# -- the header


@question("auth.token.must-be-good-to-read", source=f"{HEADER}; 401")
@pytest.mark.parametrize("operation", READS)
def test_nobody_reads_without_a_good_token(port: Organisation, operation: str) -> None:
    must_keep_out(port, operation)


@question("auth.token.must-be-good-to-write", source=f"{HEADER}; 401", needs={Need.FURNISH})
@pytest.mark.parametrize("operation", WRITES)
def test_nobody_writes_without_a_good_token(port: Organisation, operation: str) -> None:
    must_keep_out(port, operation)


@question(
    "auth.token.refused-before-anything-is-done", source="OpenAPI 1.0, 401", needs={Need.FURNISH}
)
def test_without_a_token_nothing_is_done(scene: Scene) -> None:
    action = scene.action(approval="ANY")
    run = scene.run(action)
    one = f"/v1/actions/runs/{run['id']}"

    scene.port.send("PATCH", f"{one}/approval", body={"status": "APPROVE"}).refused(401)
    scene.port.send("PATCH", one, body={"status": "FAILURE"}).refused(401)
    scene.port.send("POST", f"{one}/logs", body={"message": "x"}).refused(401)
    scene.port.send("POST", f"/v1/actions/{action}/runs", body={"properties": {}}).refused(401)
    scene.port.send("DELETE", f"/v1/actions/{action}").refused(401)

    assert scene.runs(action=action) == [run]
    assert scene.logs(run["id"]) == []


@question(
    "auth.token.refused-before-the-body-is-read", source="OpenAPI 1.0, 401", needs={Need.FURNISH}
)
def test_who_has_no_token_is_told_so_whatever_is_sent(port: Organisation) -> None:
    port.send(
        "POST", "/v1/actions", content=b"{", headers={"Content-Type": "application/json"}
    ).refused(401)
    port.send("POST", "/v1/actions", body={"no": "action"}).refused(401)


@question("auth.header.scheme-in-any-case", source="RFC 9110, 11.1; client: all say Bearer")
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_may_be_written_in_any_case(port: Organisation, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {port.token()}"}

    port.send("GET", ORGANISATION, headers=headers).must(200)


@question(
    "auth.header.bare-token",
    source="Assumed: accepted; the document declares a plain API key",
    level=Level.UNKNOWN,
)
def test_a_token_without_a_scheme_is_accepted(port: Organisation, observe: Any) -> None:
    reply = port.send("GET", ORGANISATION, headers={"Authorization": port.token()})

    observe(f"the answer is {reply.status}")
    reply.must(200)


# -- the end of a token


@question(
    "auth.expiry.ends-on-time", source="docs: API authentication: 3 hours", needs={Need.CLOCK}
)
def test_a_token_is_good_until_its_end_and_no_longer(port: Organisation) -> None:
    token = text(ask_token(port).must(200).json, "accessToken")

    port.advance(WHOLE_LIFE_S - 2)
    port.send("GET", ORGANISATION, token=token).must(200)
    port.advance(4)

    port.send("GET", ORGANISATION, token=token).refused(401)


@question("auth.expiry.counts-down", source="docs: API authentication", needs={Need.CLOCK})
def test_what_is_left_of_a_token_becomes_less(port: Organisation) -> None:
    first = ask_token(port).must(200)

    port.advance(3600)
    later = ask_token(port).must(200)
    left = later["expiresIn"]

    assert text(later.json, "accessToken") == text(first.json, "accessToken")
    assert isinstance(left, (int, float))
    assert abs(left - (WHOLE_LIFE_S - 3600)) <= 2


@question("auth.expiry.new-token-afterwards", source="docs: API authentication", needs={Need.CLOCK})
def test_after_the_end_there_is_a_new_token(port: Organisation) -> None:
    old = text(ask_token(port).must(200).json, "accessToken")

    port.advance(WHOLE_LIFE_S + 1)
    reply = ask_token(port).must(200)
    new = text(reply.json, "accessToken")

    assert new != old
    assert reply["expiresIn"] == WHOLE_LIFE_S
    port.send("GET", ORGANISATION, token=new).must(200)
    port.send("GET", ORGANISATION, token=old).refused(401)


# -- users


@question(
    "auth.user.acts-as-oneself",
    source="OpenAPI 1.0, a run's createdBy",
    needs={Need.FURNISH, Need.PEOPLE},
)
def test_what_a_user_does_is_the_users(scene: Scene) -> None:
    ana = scene.user("ana")
    action = scene.action()

    own = scene.run(action, as_user=ana)
    other = scene.run(action)

    user = scene.port.get("get-user", path={"user_email": ana}).object("user")
    assert own.get("createdBy") == own.get("updatedBy") == text(user, "id")
    assert other.get("createdBy") == scene.port.credentials.client_id


@question(
    "auth.user.tokens-differ", source="docs: API authentication", needs={Need.FURNISH, Need.PEOPLE}
)
def test_everybody_has_a_token_of_their_own(scene: Scene) -> None:
    tokens = [scene.port.token(one) for one in (None, scene.user("ana"), scene.user("ben"))]

    assert len(set(tokens)) == len(tokens)


@question(
    "auth.user.gone-is-refused",
    source="docs: disabled accounts cannot use existing tokens",
    needs={Need.FURNISH, Need.PEOPLE},
)
def test_the_token_of_a_user_who_is_gone_lets_nobody_in(scene: Scene) -> None:
    ana = scene.user("ana")
    token = scene.port.token(ana)
    scene.port.send("GET", ORGANISATION, token=token).must(200)

    scene.port.get("delete-user", path={"user_email": ana})

    scene.port.send("GET", ORGANISATION, token=token).refused(401)
    scene.port.send("GET", ORGANISATION, token=scene.port.token()).must(200)
