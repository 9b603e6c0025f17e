"""Signatures, against the worked examples of the reference."""

import pytest

from port_fake.dialects.port.invocation.signature import is_signed, sign

SECRET = "port-client-secret-example-0123456789"  # noqa: S105 - of an example
TIMESTAMP = "1700000000"
LONG = (
    '{"name":"my-microservice","region":"eu-west-1","port_context":{"runId":"r_0123456789abcdef"}}'
)

VECTORS = {
    LONG: "v1,QLbhEEXB27NaQnBbNaHVvGwbGvDidLWJ3+7EzyWnfqc=",
    "{}": "v1,EnLuCclzQFsNbt5UacdyQBueSvG65Uf2vtbmXAZjBAs=",
    "": "v1,T73ipwEal7CZK4GL0eYZ7CBsC7w9+u3TLSFalaaha9k=",
    '{"note":"déploi"}': "v1,NGyjKuUf/ciBavACtn28Qjw9IRopEet2ci2q6C9N8dQ=",
}


@pytest.mark.parametrize(("body", "signature"), VECTORS.items())
def test_a_body_is_signed_as_in_the_reference(body: str, signature: str) -> None:
    assert sign(SECRET, TIMESTAMP, body.encode()) == signature
    assert is_signed(SECRET, TIMESTAMP, signature, body.encode())


@pytest.mark.parametrize("position", range(0, len(LONG), 7))
def test_one_byte_changed_breaks_the_signature(position: int) -> None:
    body = bytearray(LONG.encode())
    body[position] ^= 1

    assert not is_signed(SECRET, TIMESTAMP, VECTORS[LONG], bytes(body))


@pytest.mark.parametrize("signature", ["", "v1,", VECTORS["{}"][3:], "v2" + VECTORS["{}"][2:], "é"])
def test_what_is_no_signature_signs_nothing(signature: str) -> None:
    assert not is_signed(SECRET, TIMESTAMP, signature, b"{}")


def test_a_signature_holds_for_its_second_and_its_secret() -> None:
    assert not is_signed(SECRET, "1700000001", VECTORS["{}"], b"{}")
    assert not is_signed(f"{SECRET}x", TIMESTAMP, VECTORS["{}"], b"{}")
