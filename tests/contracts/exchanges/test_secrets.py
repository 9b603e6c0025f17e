"""No secret reaches the file, wherever it stands and however it is written."""

from __future__ import annotations

import json
from collections.abc import Callable
from string import ascii_letters, digits
from typing import Any, Final
from urllib.parse import quote, quote_plus

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.exchanges.recorders import Recorder

SECRET_KEYS: Final = (
    "accessToken",
    "clientSecret",
    "clientId",
    "client_secret",
    "password",
    "PASSWORD",
    "secret",
    "secretValue",
    "token",
    "refresh_token",
    "apiKey",
    "api_key",
    "x-api-key",
    "authorization",
    "credentials",
    "privateKey",
    "dbPassword",
)

OPAQUE: Final = st.text(ascii_letters + digits, min_size=10, max_size=30).filter(
    lambda text: any(one in digits for one in text)
)
ODD: Final = st.text(
    ascii_letters + digits + "-_.~+/=:%&? \"'\\\né漢{}", min_size=8, max_size=30
).filter(
    lambda text: (
        text.strip() == text and sum(one in digits for one in text) > 1 and "{{" not in text
    )
)
SECRETS: Final = OPAQUE | ODD


def forms(secret: str) -> set[str]:
    """How a text may be written in a file."""
    plain = {secret, quote(secret, safe=""), quote_plus(secret)}
    return plain | {json.dumps(one)[1:-1] for one in plain}


def assert_nowhere(secret: str, text: str) -> None:
    for form in forms(secret):
        assert form not in text


def nested(value: Any, depth: list[str | None]) -> Any:
    """Wrap a value in objects and lists."""
    for step in depth:
        value = [1, value] if step is None else {step: value, "beside": "x"}
    return value


DEPTHS: Final = st.lists(st.sampled_from(["data", "run", "properties", None]), max_size=4)

LATER: Final[dict[str, Callable[[Recorder, str], object]]] = {
    "a path": lambda to, secret: to.keep(f"/v1/users/{quote(secret, safe='')}"),
    "a query": lambda to, secret: to.keep(f"/v1/actions?x={quote_plus(secret)}&y=2"),
    "an answer": lambda to, secret: to.keep("/v1/actions", {"text": f"see {secret}!"}),
    "a key": lambda to, secret: to.keep("/v1/actions", {secret: 1}),
    "a request": lambda to, secret: to.keep("/v1/x", method="POST", body={"list": [secret]}),
    "a text": lambda to, secret: to.keep("/v1/x", f"it was {secret}".encode()),
    "broken JSON": lambda to, secret: to.keep("/v1/x", b'{"a": ' + json.dumps(secret).encode()),
}


@given(secret=SECRETS, key=st.sampled_from(SECRET_KEYS), depth=DEPTHS, is_sent=st.booleans())
def test_what_stands_where_secrets_stand_is_covered_at_any_depth(
    secret: str, key: str, depth: list[str | None], *, is_sent: bool
) -> None:
    recorder = Recorder()
    body = nested({key: secret, "list": [secret], "note": f"it is {secret}"}, depth)

    recorder.keep("/v1/actions", None if is_sent else body, body=body if is_sent else None)

    assert_nowhere(secret, recorder.text)


@given(secret=SECRETS, where=st.sampled_from(sorted(LATER)))
def test_what_was_learnt_is_covered_wherever_it_occurs_later(secret: str, where: str) -> None:
    recorder = Recorder()
    recorder.keep("/v1/x", {"password": secret})

    LATER[where](recorder, secret)

    assert_nowhere(secret, recorder.text)


@given(secret=OPAQUE, name=st.sampled_from(["Authorization", "Cookie", "X-Api-Key", "X-Token"]))
def test_no_header_of_a_request_is_kept_and_those_with_secrets_are_learnt(
    secret: str, name: str
) -> None:
    recorder = Recorder()

    recorder.keep("/v1/actions", {"echo": secret}, headers={name: secret, "X-Other": "other"})

    assert_nowhere(secret, recorder.text)
    assert "other" not in recorder.text


@given(secret=OPAQUE)
def test_cookies_of_answers_are_not_kept(secret: str) -> None:
    recorder = Recorder()

    recorder.keep("/v1/actions", {}, answer_headers={"Set-Cookie": f"session={secret}"})

    assert_nowhere(secret, recorder.text)


@given(claims=st.dictionaries(st.sampled_from("abc"), st.text(max_size=5)), where=st.booleans())
def test_anything_like_a_jwt_is_covered(claims: dict[str, str], *, where: bool) -> None:
    token = jwt.encode(claims, "k" * 32)
    recorder = Recorder()

    recorder.keep("/v1/x", {"text": f"<{token}>"} if where else f"got {token}".encode())
    recorder.keep(f"/v1/x/{token}?y={token}")

    assert_nowhere(token, recorder.text)
    assert "eyJ" not in recorder.text


@pytest.mark.parametrize(
    "text",
    [
        b'{"clientSecret": "S3cr3t-value-1"',
        b"clientSecret=S3cr3t-value-1&x=1",
        b"password: S3cr3t-value-1",
        b"api_key='S3cr3t-value-1'",
        b"Authorization: Bearer S3cr3t-value-1",
        b"https://me:S3cr3t-value-1@host/",
        b"https://host/?access_token=S3cr3t-value-1&x=1",
    ],
)
def test_secrets_in_texts_of_any_kind_are_covered(text: bytes) -> None:
    recorder = Recorder()

    recorder.keep("/v1/x", text, body=text, method="POST")
    recorder.keep("/v1/x", {"text": text.decode()})

    assert "S3cr3t-value-1" not in recorder.text


def test_secrets_in_the_address_are_covered() -> None:
    recorder = Recorder()

    recorder.keep("/v1/x?access_token=S3cr3t-value-1&limit=5")

    assert "S3cr3t-value-1" not in recorder.text
    assert "&limit=5" in recorder.text


def test_credentials_of_the_environment_are_covered_from_the_start() -> None:
    environment = {"PORT_CLIENT_SECRET": "from-the-environment-1", "HOME": "/home/ana"}
    recorder = Recorder(environment=environment)

    recorder.keep("/v1/x", {"text": "from-the-environment-1", "home": "/home/ana"})

    assert "from-the-environment-1" not in recorder.text
    assert "/home/ana" in recorder.text


def test_the_same_secret_has_the_same_placeholder_and_another_one_another() -> None:
    recorder = Recorder()

    first = recorder.keep("/v1/x", {"token": "aaaaaaaa1", "password": "bbbbbbbb2"})
    second = recorder.keep("/v1/x", {"text": "aaaaaaaa1 is not bbbbbbbb2"})

    held = first.answer.body.value
    assert second.answer.body.value["text"] == f"{held['token']} is not {held['password']}"


def test_what_only_sounds_like_a_secret_stays() -> None:
    harmless = {
        "secretName": "github",
        "tokenType": "Bearer",
        "headers": {"Authorization": "Bearer {{ .secrets.GITHUB }}"},
        "token": {"type": "string", "title": "Token"},
        "password": None,
        "hasSecret": True,
        "message": "the password: must be a text",
    }
    recorder = Recorder()

    kept = recorder.keep("/v1/x", harmless)

    assert kept.answer.body.value == harmless


def test_the_default_of_a_secret_input_is_a_secret() -> None:
    recorder = Recorder()

    recorder.keep("/v1/x", {"apiKey": {"type": "string", "default": "S3cr3t-value-1"}})

    assert "S3cr3t-value-1" not in recorder.text


def test_a_number_where_a_secret_stands_becomes_another_number() -> None:
    recorder = Recorder()

    kept = recorder.keep("/v1/x", {"password": 123456})

    assert kept.answer.body.value == {"password": 0}
