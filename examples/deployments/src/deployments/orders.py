"""What Port sends us: is it from Port, and what does it order?"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

MAX_AGE_S = 300
ENVIRONMENTS = ("staging", "production")
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")
MAX_REPLICAS = 20
MAX_NOTE = 200


class BadOrderError(Exception):
    """An order that makes no sense; the text is for the person who gave it."""


def is_from_port(headers: Mapping[str, str], body: bytes, *, secret: str, now: float) -> bool:
    """Whether Port has signed *body*, lately. Names of *headers* are in lower case."""
    timestamp = headers.get("x-port-timestamp", "")
    signed = hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).digest()
    expected = b"v1," + b64encode(signed)
    if not hmac.compare_digest(expected, headers.get("x-port-signature", "").encode()):
        return False
    return abs(now - int(timestamp)) <= MAX_AGE_S


def run_id_of(document: object) -> str | None:
    """Return the run that a letter is about, None if it names none."""
    context = document.get("port_context") if isinstance(document, dict) else None
    run_id = context.get("runId") if isinstance(context, dict) else None
    return run_id if isinstance(run_id, str) and run_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A version of a service to bring to an environment."""

    service: str
    version: str
    environment: str
    replicas: int
    note: str = ""

    @property
    def identifier(self) -> str:
        """The identifier of the deployment in the catalog."""
        return f"{self.service}-{self.environment}"

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """Read the body of a letter.

        Raises:
            BadOrderError: It is not an order that we carry out.
        """
        named = {key: value for key, value in document.items() if key != "port_context"}
        try:
            order = cls(**named)
        except TypeError as error:
            raise BadOrderError(f"this is no order: {error}") from None
        order._check()
        return order

    def _check(self) -> None:
        texts = (self.service, self.version, self.environment, self.note)
        if not all(isinstance(text, str) for text in texts):
            raise BadOrderError("service, version, environment and note are texts")
        if not VERSION.fullmatch(self.version):
            raise BadOrderError(f"{self.version!r} is no version such as 1.2.3")
        if self.environment not in ENVIRONMENTS:
            raise BadOrderError(f"there is no environment {self.environment!r}")
        # True equals 1 in Python, and Port takes no true for a number.
        if isinstance(self.replicas, bool) or self.replicas not in range(1, MAX_REPLICAS + 1):
            raise BadOrderError(f"replicas are 1 to {MAX_REPLICAS}, not {self.replicas!r}")
        if len(self.note) > MAX_NOTE:
            raise BadOrderError(f"a note has at most {MAX_NOTE} characters")
