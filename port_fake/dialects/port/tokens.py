"""Access tokens: real signed JWTs, one live token for each pair of credentials."""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256
from math import ceil
from typing import Any, Final

import jwt
from jwt.types import Options

from port_fake.engine.people import Caller
from port_fake.errors import UnauthorizedError
from port_fake.world.organisations import Member, Organisations, Token
from port_fake.world.world import World

ALGORITHM: Final = "HS256"
SCHEME: Final = "bearer "

UNCHECKED: Final[Options] = {"verify_signature": True, "verify_exp": False, "verify_iat": False}
"""Times are checked against the organisation's clock, not the machine's."""


def exchange(organisations: Organisations, client_id: str, client_secret: str) -> tuple[str, int]:
    """Return an access token and the whole seconds that it is valid for.

    Raises:
        UnauthorizedError: Nobody has these credentials.
    """
    member = organisations.get(client_id)
    if member is None or not hmac.compare_digest(
        member.credentials.client_secret.encode(), client_secret.encode()
    ):
        raise UnauthorizedError("the client id and the client secret do not belong together")
    return issue(member)


def issue(member: Member) -> tuple[str, int]:
    """Return the live token of *member*, or a new one, and its remaining seconds.

    Source: docs, API authentication; Ocean reads the claims ``isMachine`` and ``personalToken``.
    Assumed: the other claims.

    Raises:
        UnauthorizedError: The user is gone.
    """
    world = member.world
    with world.lock:
        now = world.clock.peek()
        caller = member.caller()
        live = member.token
        if live is None or live.expires <= now or not world.settings.token_is_reused:
            # A claim holds whole seconds: the end that is told must be the end that is kept.
            lifetime = timedelta(seconds=world.settings.token_lifetime_s)
            expires = (now + lifetime).replace(microsecond=0)
            claims = {
                "sub": caller.id,
                "clientId": member.credentials.client_id,
                "orgId": world.id,
                "isMachine": caller.is_machine,
                "personalToken": not caller.is_machine,
                "iat": now,
                "exp": expires,
                "jti": world.ids.draw("token_"),
            }
            text = jwt.encode(claims, _key(member), algorithm=ALGORITHM)
            live = member.token = Token(text=text, expires=expires)
        return live.text, ceil((live.expires - now).total_seconds())


def authenticate(organisations: Organisations, authorization: str | None) -> tuple[World, Caller]:
    """Return the world and the caller that a header names.

    A scheme is optional: Port's document declares a plain API key in the header.
    Assumed: a bare token is accepted.

    Raises:
        UnauthorizedError: No token, a forged or expired one, or one of a closed organisation.
    """
    if not authorization:
        raise UnauthorizedError("no access token: send 'Authorization: Bearer <token>'")
    text = authorization
    if text[:7].lower() == SCHEME:
        text = text[7:].strip()
    seen = organisations.seen.get(text)
    if seen is None or organisations.get(seen[0].credentials.client_id) is not seen[0]:
        # New, or of an organisation that is gone; one that repeats it may have taken its place.
        seen = _verified(organisations, text)
    member, expires = seen
    if expires <= member.world.clock.peek().timestamp():
        raise UnauthorizedError("the access token has expired: ask for a new one")
    return member.world, member.caller()


def _verified(organisations: Organisations, text: str) -> tuple[Member, float]:
    # A signature is checked once for each text; what may change is checked on every call.
    try:
        claims: dict[str, Any] = jwt.decode(text, options={"verify_signature": False})
        member = organisations.get(str(claims.get("clientId")))
        if member is None:
            raise UnauthorizedError("the organisation of this access token is not known here")
        claims = jwt.decode(text, _key(member), algorithms=[ALGORITHM], options=UNCHECKED)
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        # PyJWT lets through what it did not expect: bytes that are no text, brackets without end.
        raise UnauthorizedError("the access token is not valid") from None
    if claims.get("orgId") != member.world.id or "exp" not in claims:
        raise UnauthorizedError("the access token is not of this organisation")
    verified = member, float(claims["exp"])
    organisations.remember(text, verified)
    return verified


def _key(member: Member) -> bytes:
    return sha256(b"port-fake:" + member.credentials.client_secret.encode()).digest()
