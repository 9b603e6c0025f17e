"""The signature on everything that Port sends to a webhook."""

from __future__ import annotations

import hmac
from base64 import b64encode
from hashlib import sha256
from typing import Final

from port_fake.world.world import World

TIMESTAMP_HEADER: Final = "x-port-timestamp"
SIGNATURE_HEADER: Final = "x-port-signature"


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature of *body* at *timestamp*, epoch seconds as text.

    Source: docs, webhook security; Port's agent: HMAC-SHA256 over ``timestamp.body``.
    """
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).digest()
    return "v1," + b64encode(digest).decode()


def signature_headers(world: World, body: bytes) -> dict[str, str]:
    """Return the headers that prove *body* to come from the organisation, now."""
    timestamp = str(int(world.clock.peek().timestamp()))
    return {
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: sign(world.client_secret, timestamp, body),
    }


def is_signed(secret: str, timestamp: str, signature: str, body: bytes) -> bool:
    """Whether *signature* is that of *body*; takes as long whatever is wrong."""
    return hmac.compare_digest(sign(secret, timestamp, body).encode(), signature.encode())
