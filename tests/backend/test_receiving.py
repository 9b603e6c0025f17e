"""What the backend double takes for genuine, and which run it is about."""

import json
from collections.abc import Mapping

import pytest
import requests

from port_fake import Backend, FakePort, MisuseError
from port_fake.backend import TOLERANCE_S
from port_fake.dialects.port.invocation.signature import sign

BODY = b'{"note":"hello","port_context":{"runId":"r_1"}}'


def send(
    port: FakePort,
    backend: Backend,
    body: bytes = BODY,
    *,
    signed_body: bytes | None = None,
    age_s: int = 0,
    headers: Mapping[str, str] | None = None,
) -> requests.Response:
    """Send a letter as Port would, or nearly so."""
    timestamp = str(int(port.world.clock.peek().timestamp()) - age_s)
    stamps = {
        "x-port-timestamp": timestamp,
        "x-port-signature": sign(port.client_secret, timestamp, signed_body or body),
    }
    return requests.post(backend.url, data=body, headers={**stamps, **(headers or {})}, timeout=5)


def test_a_signed_letter_is_taken(port_fake: FakePort, port_backend: Backend) -> None:
    answer = send(port_fake, port_backend)

    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    [letter] = port_backend.letters
    assert letter.signed
    assert letter.body == BODY
    assert letter.json["note"] == "hello"


def test_a_body_changed_by_one_byte_is_refused(port_fake: FakePort, port_backend: Backend) -> None:
    port_backend.reports()

    answer = send(port_fake, port_backend, BODY.replace(b"hello", b"hallo"), signed_body=BODY)

    assert answer.status_code == 401
    assert [letter.signed for letter in port_backend.letters] == [False]
    assert port_backend.refused == [], "nothing is reported for a letter of a stranger"


@pytest.mark.parametrize("name", ["x-port-signature", "x-port-timestamp"])
def test_a_letter_without_its_stamps_is_refused(
    port_fake: FakePort, port_backend: Backend, name: str
) -> None:
    answer = send(port_fake, port_backend, headers={name: ""})

    assert answer.status_code == 401
    assert not port_backend.letters[0].signed


def test_a_letter_signed_long_ago_is_refused(port_fake: FakePort, port_backend: Backend) -> None:
    young = send(port_fake, port_backend, age_s=TOLERANCE_S)
    old = send(port_fake, port_backend, age_s=TOLERANCE_S + 1)

    assert (young.status_code, old.status_code) == (200, 401)


def test_letters_of_another_organisation_are_refused(
    port_fake: FakePort, port_backend: Backend
) -> None:
    with FakePort(name="other") as other:
        answer = send(other, port_backend)

    assert answer.status_code == 401
    assert port_fake.client_secret != other.client_secret


@pytest.mark.parametrize(
    "body",
    [
        {"port_context": {"runId": "r_9"}},
        {"context": {"runId": "r_9"}},
        {"payload": {"context": {"runId": "r_9"}}},
        {"runId": "r_9"},
        {"run_id": "r_9", "context": "something else"},
    ],
)
def test_the_run_is_found_in_the_body(
    port_fake: FakePort, port_backend: Backend, body: dict[str, object]
) -> None:
    send(port_fake, port_backend, json.dumps(body).encode())

    assert port_backend.letters[0].run_id == "r_9"


def test_the_header_run_id_goes_before_the_body(port_fake: FakePort, port_backend: Backend) -> None:
    send(port_fake, port_backend, headers={"RUN_ID": "r_2"})

    assert port_backend.letters[0].run_id == "r_2"


def test_a_letter_that_names_no_run_is_found_by_its_signature(
    port_fake: FakePort, port_backend: Backend
) -> None:
    method = {"type": "WEBHOOK", "url": port_backend.url, "body": {"the": "same"}}
    port_fake.add_action("ping", invokes=method)

    runs = [port_fake.execute("ping") for _ in range(5)]
    port_fake.settle()

    assert sorted(str(letter.run_id) for letter in port_backend.letters) == sorted(
        run.id for run in runs
    )


@pytest.mark.parametrize("body", [b"", b"no json", b"[1]", b'"text"', b"\xff"])
def test_a_letter_about_no_run_is_kept_all_the_same(
    port_fake: FakePort, port_backend: Backend, body: bytes
) -> None:
    port_backend.reports()

    answer = send(port_fake, port_backend, body)

    assert answer.status_code == 200
    assert (port_backend.letters[0].body, port_backend.letters[0].run_id) == (body, None)


def test_what_is_shown_of_a_letter_has_no_body(port_fake: FakePort, port_backend: Backend) -> None:
    send(port_fake, port_backend, headers={"Authorization": "Bearer token-of-somebody"})

    assert "token-of-somebody" not in repr(port_backend.letters)
    assert "hello" not in repr(port_backend.letters)


def test_a_backend_has_an_address_while_it_runs() -> None:
    with FakePort() as port:
        backend = Backend(port)

        with pytest.raises(MisuseError, match="use it in a with statement"):
            backend.url  # noqa: B018 - that is the mistake
        with backend:
            assert requests.get(f"{backend.url}/below?x=1", timeout=5).status_code == 401
            assert backend.letters[0].path == "/below?x=1"
            with pytest.raises(MisuseError, match="in use already"), backend:
                pass
