"""Inputs that are encrypted: kept, sent and shown as such."""

import json
from base64 import b64decode, b64encode
from typing import Any

import pytest
from Crypto.Cipher import AES

from port_fake import Backend, FakePort, RefusedError
from port_fake.inputs.encryption import IV_BYTES, aes256_gcm
from tests.support.client import assert_refused, client_of

SECRET = "port-client-secret-example-0123456789"  # noqa: S105 - of an example
PLAIN = "pl41ntext-of-the-password"
INPUTS: dict[str, Any] = {
    "name": {"type": "string"},
    "password": {"type": "string", "encryption": "aes256-gcm"},
    "keys": {"type": "object", "encryption": "aes256-gcm"},
}
BODY = {
    "inputs": "{{ .inputs }}",
    "names": "{{ .action.encryptedProperties }}",
    "run_id": "{{ .run.id }}",
}


def decrypted(sealed: str, secret: str) -> str:
    data = b64decode(sealed)
    cipher = AES.new(secret.encode()[:32], AES.MODE_GCM, nonce=data[:IV_BYTES])
    return cipher.decrypt_and_verify(data[IV_BYTES:-16], data[-16:]).decode()


def test_a_text_is_encrypted_as_in_the_reference() -> None:
    wanted = "AAECAwQFBgcICQoLDA0OD8vF1snAknENrOMDs19eoLmBNZdTg+Q="

    assert aes256_gcm("s3cr3t", SECRET, bytes(range(16))) == wanted
    assert decrypted(wanted, SECRET) == "s3cr3t"


def test_the_backend_gets_what_it_can_decrypt(port_fake: FakePort, port_backend: Backend) -> None:
    method = {"type": "WEBHOOK", "url": port_backend.url, "body": BODY}
    port_fake.add_action("make", inputs=INPUTS, invokes=method)

    port_fake.execute("make", {"name": "x", "password": PLAIN, "keys": {"a": [1]}})
    port_fake.settle()

    got = port_backend.letters[0].json
    assert got["names"] == ["password", "keys"]
    assert got["inputs"]["name"] == "x"
    secret = port_fake.client_secret
    assert decrypted(got["inputs"]["password"], secret) == PLAIN
    assert json.loads(decrypted(got["inputs"]["keys"], secret)) == {"a": [1]}
    assert got["inputs"]["password"][:20] != got["inputs"]["keys"][:20], "each has its own IV"


def test_the_plaintext_is_kept_and_shown_nowhere(
    port_fake: FakePort, port_backend: Backend
) -> None:
    method = {"type": "WEBHOOK", "url": port_backend.url, "body": BODY}
    port_fake.add_action("make", inputs=INPUTS, invokes=method)
    body = {"properties": {"password": PLAIN, "keys": {"a": PLAIN}}}

    answer = client_of(port_fake).post("/v1/actions/make/runs", body, {"version": "v2"})
    port_fake.settle()

    assert answer.status == 202
    run_id = answer.json["run"]["id"]
    shown = [
        repr(answer),
        repr([(one.body, one.answer) for one in port_fake.requests]),
        repr([one.message for one in port_fake.deliveries]),
        repr((port_fake.run(run_id), port_fake.run(run_id).json)),
        repr(port_fake.world.runs[run_id]),
        repr(port_backend.letters[0].body),
    ]
    assert [text for text in shown if "pl41ntext" in text] == []
    assert decrypted(port_fake.run(run_id).properties["password"], port_fake.client_secret) == PLAIN


def test_the_message_of_old_names_what_is_encrypted(
    port_fake: FakePort, port_backend: Backend
) -> None:
    port_fake.add_action("make", inputs=INPUTS, invokes=port_backend.url)

    port_fake.execute("make", {"name": "x", "password": PLAIN})
    port_fake.settle()

    payload = port_backend.letters[0].json["payload"]
    assert payload["censoredProperties"] == ["password"]
    assert decrypted(payload["properties"]["password"], port_fake.client_secret) == PLAIN


def test_a_default_is_encrypted_as_well(port_fake: FakePort) -> None:
    inputs = {"password": {**INPUTS["password"], "default": "a-default"}}
    port_fake.add_action("make", inputs=inputs, invokes={"type": "KAFKA"})

    run = port_fake.execute("make")

    assert decrypted(run.properties["password"], port_fake.client_secret) == "a-default"


def test_a_refusal_does_not_quote_the_plaintext(port_fake: FakePort) -> None:
    inputs = {"password": {**INPUTS["password"], "maxLength": 3, "pattern": "^[a-z]+$"}}
    port_fake.add_action("make", inputs=inputs, invokes={"type": "KAFKA"})
    body = {"properties": {"password": PLAIN}}

    answer = client_of(port_fake).post("/v1/actions/make/runs", body)

    assert_refused(answer, 422, "password")
    assert "pl41ntext" not in answer.message
    assert port_fake.runs() == []


@pytest.mark.parametrize("value", [PLAIN, b64encode(b"x" * 100).decode(), "not base64 !"])
def test_what_a_client_should_have_encrypted_is_held_to_it(port_fake: FakePort, value: str) -> None:
    scheme = {"algorithm": "client-side", "key": "-----BEGIN PUBLIC KEY-----"}
    inputs = {"password": {"type": "string", "encryption": scheme}}
    port_fake.add_action("make", inputs=inputs, invokes={"type": "KAFKA"})

    with pytest.raises(RefusedError, match="'password' must be encrypted by the client") as refused:
        port_fake.execute("make", {"password": value})

    assert value not in str(refused.value)
    assert port_fake.runs() == []


def test_what_a_client_has_encrypted_is_passed_on(port_fake: FakePort) -> None:
    scheme = {"algorithm": "client-side", "key": "-----BEGIN PUBLIC KEY-----"}
    inputs = {"password": {"type": "string", "encryption": scheme}}
    body = {"names": "{{ .action.encryptedProperties }}", "it": "{{ .inputs.password }}"}
    port_fake.add_action("make", inputs=inputs, invokes={"type": "KAFKA", "payload": body})
    sealed = b64encode(bytes(12 + 256 + 16 + 6)).decode()

    run = port_fake.execute("make", {"password": sealed})

    assert run.json["payload"]["payload"] == {"names": ["password"], "it": sealed}
