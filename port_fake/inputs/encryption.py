"""Inputs that are kept encrypted from the moment they are submitted."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any, Final

from port_fake.errors import InvalidError

AES: Final = "aes256-gcm"
CLIENT_SIDE: Final = "client-side"

KEY_BYTES: Final = 32
IV_BYTES: Final = 16
SEALED_BY_CLIENT_BYTES: Final = 12 + 256 + 16
"""IV, wrapped key and tag: what a value encrypted by a browser has at the least."""


def encrypted_inputs(properties: Mapping[str, Any]) -> dict[str, str]:
    """Return the inputs that are encrypted, with the algorithm of each.

    Source: docs, secret inputs.
    """
    found = {}
    for name, rules in properties.items():
        scheme = rules.get("encryption") if isinstance(rules, Mapping) else None
        if isinstance(scheme, Mapping):
            scheme = scheme.get("algorithm")
        if scheme in (AES, CLIENT_SIDE):
            found[name] = scheme
    return found


def seal(
    values: Mapping[str, Any],
    schemes: Mapping[str, str],
    secret: str,
    draw_iv: Callable[[], bytes],
) -> dict[str, str]:
    """Return the encrypted values among *values*, those alone, each with an IV of its own.

    *schemes* are those of `encrypted_inputs`.

    Assumed: a value for client-side encryption that is no such thing is refused.

    Raises:
        InvalidError: A value should have been encrypted by the client and was not.
    """
    sealed: dict[str, str] = {}
    for name, scheme in schemes.items():
        value = values.get(name)
        if value is None:
            continue
        if scheme == AES:
            text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
            sealed[name] = aes256_gcm(text, secret, draw_iv())
        elif _is_sealed_by_client(value):
            sealed[name] = value
        else:
            raise InvalidError(f"input {name!r} must be encrypted by the client")
    return sealed


def aes256_gcm(text: str, secret: str, iv: bytes) -> str:
    """Return base64 of IV, ciphertext and tag.

    Source: docs, secret inputs: the key is the first 32 bytes of the client secret.
    Assumed: a shorter secret, which Port does not give out, is filled up with zero bytes.
    """
    # A library for a rare case: it waits until somebody needs it.
    from Crypto.Cipher import AES as CIPHER

    key = secret.encode()[:KEY_BYTES].ljust(KEY_BYTES, b"\0")
    cipher = CIPHER.new(key, CIPHER.MODE_GCM, nonce=iv)
    sealed, tag = cipher.encrypt_and_digest(text.encode())
    return b64encode(iv + sealed + tag).decode()


def _is_sealed_by_client(value: object) -> bool:
    try:
        return isinstance(value, str) and len(b64decode(value, validate=True)) > (
            SEALED_BY_CLIENT_BYTES
        )
    except ValueError:
        return False
