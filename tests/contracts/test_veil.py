from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from html import escape
from threading import Thread
from time import perf_counter
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from port_fake.contracts.veil import COVER, SHORTEST_PART, Veil

SECRET = "Zt9/\"q+ä&<'\\ é=%7"  # noqa: S105 - it opens nothing
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJvcmdJZCI6Im9yZyJ9.c2lnbmF0dXJlLW9mLWl0"

FORMS: dict[str, Callable[[str], str]] = {
    "raw": str,
    "json": lambda one: json.dumps({"key": one}),
    "json-unescaped": lambda one: json.dumps([one], ensure_ascii=False),
    "percent": lambda one: quote(one, safe=""),
    "percent-slash": quote,
    "percent-lower": lambda one: re.sub(r"%..", lambda two: two[0].lower(), quote(one, safe="")),
    "form": lambda one: urlencode({"secret": one}),
    "plus": quote_plus,
    "html": lambda one: f"<td>{escape(one)}</td>",
    "repr": repr,
    "base64": lambda one: b64encode(one.encode()).decode(),
    "basic": lambda one: "Basic " + b64encode(f"id:{one}".encode()).decode(),
    "basic-inside": lambda one: b64encode(f"ab:{one}:cd".encode()).decode(),
    "base64-url": lambda one: urlsafe_b64encode(f"a:{one}".encode()).decode(),
}

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
secrets_drawn = st.text(
    alphabet=st.characters(exclude_categories=["Cs"]), min_size=12, max_size=30
).filter(lambda one: COVER not in one)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("secret", [SECRET, "s3cr3t-of-the-organisation", "päßwörter für alle"])
def test_a_secret_is_covered_however_it_is_written(form: str, secret: str) -> None:
    veil = Veil()
    veil.learn(secret)
    written = FORMS[form](secret)

    covered = veil.cover(f"it was {written}, they said")

    assert COVER in covered
    assert secret not in covered
    assert written not in covered
    if "base64" in form or "basic" in form:
        kept = covered.removeprefix("it was ").removesuffix(", they said")
        assert len(kept) <= len(COVER) + 14, "no more than the neighbours of the secret are left"


@given(before=texts, after=texts, secret=secrets_drawn, form=st.sampled_from([*FORMS]))
@example(before="", after="", secret="\\" * 12, form="json")
def test_no_text_gives_a_secret_away(before: str, after: str, secret: str, form: str) -> None:
    veil = Veil()
    veil.learn(secret)
    written = FORMS[form](secret)
    assume(secret not in COVER)

    covered = veil.cover(f"{before}{written}{after}")

    assert written not in covered
    assert secret not in covered


@given(text=texts)
def test_where_there_is_no_secret_nothing_changes(text: str) -> None:
    veil = Veil()
    veil.learn("not-in-any-text-of-this-kind-0123456789")

    assert veil.cover(text) == text


@given(
    secrets=st.lists(st.text(alphabet="abc", min_size=4, max_size=8), max_size=6),
    text=st.text(alphabet="abcd", max_size=60),
)
def test_secrets_that_overlap_leave_nothing_of_each_other(secrets: list[str], text: str) -> None:
    veil = Veil()
    veil.learn(*secrets)
    hidden = {
        place
        for secret in secrets
        for start in range(len(text))
        if text.startswith(secret, start)
        for place in range(start, start + len(secret))
    }

    covered = veil.cover(text)

    assert covered.replace(COVER, "") == "".join(
        letter for place, letter in enumerate(text) if place not in hidden
    )


@pytest.mark.parametrize("dots", ["...", "…"])
def test_what_a_cut_leaves_of_a_secret_is_covered_as_well(dots: str) -> None:
    veil = Veil()
    veil.learn("0123456789abcdefghij")

    for size in range(SHORTEST_PART, 20):
        begin, end = "0123456789abcdefghij"[:size], "0123456789abcdefghij"[-size:]
        assert veil.cover(f"got {begin}{dots}{end} back") == f"got {COVER}{dots}{COVER} back"
    assert veil.cover(f"got 01234{dots}") == f"got 01234{dots}"
    assert veil.cover(f"{dots}") == dots


@pytest.mark.parametrize(
    "text",
    [
        JWT,
        f"Bearer {JWT}",
        JWT[:40],
        JWT[:24],
        f"'{JWT}'",
        "Authorization: bearer 0123456789abcdef",
    ],
)
def test_tokens_of_anybody_are_covered(text: str) -> None:
    covered = Veil().cover(f"sent {text} there")

    assert COVER in covered
    assert "eyJ" not in covered
    assert "0123456789" not in covered


@pytest.mark.parametrize(
    "text", ["a bearer token is needed", "Basic facts", "Bearer *** was sent", "eyJ"]
)
def test_words_are_no_tokens(text: str) -> None:
    assert Veil().cover(text) == text


@pytest.mark.parametrize("secret", ["", "a", "abc"])
def test_what_is_too_short_to_be_a_secret_covers_nothing(secret: str) -> None:
    veil = Veil()
    veil.learn(secret)

    assert veil.cover("abc aaa") == "abc aaa"


@pytest.mark.parametrize(
    "key",
    [
        *("clientSecret", "client_secret", "accessToken", "access_token", "refreshToken"),
        *("token", "secret", "password", "apiKey", "webhookSecret"),
    ],
)
@pytest.mark.parametrize(
    "around", ['{{"a": [{{"{}": "{}"}}]}}', '<html>{{"{}" : "{}"', '"{}":"{}"']
)
def test_what_an_answer_calls_a_secret_is_one(key: str, around: str) -> None:
    veil = Veil()

    veil.learn_answer(around.format(key, r"a\"quoted\" one of 20"))

    assert veil.cover('later: a"quoted" one of 20') == f"later: {COVER}"


def test_example_data_is_no_secret() -> None:
    veil = Veil()

    veil.learn_answer('{"accessToken": "string", "clientSecret": "", "token": 3, "secret": null}')

    assert veil.cover("string 3 null") == "string 3 null"


def test_what_the_environment_calls_a_secret_is_one() -> None:
    veil = Veil()
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nq83vEjRWeJq83vEjRWeJ\n-----END KEY-----"
    veil.learn_environment(
        {
            "PORT_CLIENT_SECRET": "secret-of-port-1",
            "GITHUB_TOKEN": "ghp_0123456789abcdef",
            "MY_PASSWORD": "open-sesame-please",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7",
            "SIGNING_PRIVATE_KEY": key,
            "TOKEN_FILE": "/run/secrets/token",
            "CI": "true-and-long",
            "npm_config_token": "npm_abcdefghijkl",
            "EMPTY_TOKEN": "",
            "SHORT_TOKEN": "test",
        }
    )

    covered = veil.cover(
        "secret-of-port-1 ghp_0123456789abcdef open-sesame-please wJalrXUtnFEMI/K7 "
        "npm_abcdefghijkl q83vEjRWeJq83vEjRWeJ /run/secrets/token true-and-long test"
    )

    assert covered == " ".join([COVER] * 6 + ["/run/secrets/token", "true-and-long", "test"])


def test_what_is_no_text_elsewhere_can_be_a_secret_here() -> None:
    veil = Veil()
    veil.learn("caf\udce9-in-latin-1")

    assert veil.cover("it is caf\udce9-in-latin-1!") == f"it is {COVER}!"


def test_it_does_not_show_what_it_knows() -> None:
    veil = Veil()
    veil.learn("0123456789abcdef")

    assert "0123" not in repr(veil)


def test_threads_may_learn_while_others_cover() -> None:
    veil = Veil()

    def learn(number: int) -> None:
        for one in range(50):
            veil.learn(f"secret-{number}-{one}-of-many")
            veil.cover("secret-0-0-of-many")

    threads = [Thread(target=learn, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for number in range(4):
        for one in range(50):
            assert veil.cover(f"secret-{number}-{one}-of-many") == COVER


def test_many_secrets_and_large_texts_take_no_time_to_speak_of() -> None:
    veil = Veil()
    for number in range(500):
        veil.learn(f"{number:04}-secret-of-an-organisation-{number:04}")
    text = "nothing to see here... " * 1000 + "0123-secret-of-an-organisation-0123"
    began = perf_counter()

    covered = veil.cover(text)

    assert covered.endswith(f" {COVER}")
    assert perf_counter() - began < 1
