"""Who asked, as far as a token shows it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import jwt

from port_fake.contracts.exchanges.lines import NOBODY, ORGANISATION, STRANGER

SCHEME: Final = "bearer "


class Callers:
    """Learns the emails of users from what answers say of them."""

    def __init__(self) -> None:
        self._emails: dict[str, str] = {}

    def learn_from(self, answer: Any) -> None:
        """Learn from anything that has the id and the email of a user."""
        if isinstance(answer, list):
            for one in answer:
                self.learn_from(one)
        elif isinstance(answer, dict):
            user, email = answer.get("id"), answer.get("email")
            if isinstance(user, str) and isinstance(email, str):
                self._emails[user] = email
            for one in answer.values():
                self.learn_from(one)

    def caller(self, authorization: str | None, status: int) -> str:
        """Return who sent a header: a word, an email, or the id of an unknown user."""
        if not authorization:
            return NOBODY
        if status == HTTPStatus.UNAUTHORIZED:
            return STRANGER
        return self.bearer(claims(token_of(authorization)))

    def bearer(self, said: Mapping[str, Any]) -> str:
        """Return whose a token with these claims is.

        Source: Ocean, which reads ``isMachine`` and ``personalToken``.
        """
        if said.get("personalToken") is not True or said.get("isMachine") is True:
            return ORGANISATION
        user = str(said.get("sub", ""))
        return self._emails.get(user, user) or ORGANISATION


def token_of(authorization: str) -> str:
    """Return a header's token, with or without a scheme before it."""
    is_named = authorization[: len(SCHEME)].lower() == SCHEME
    return authorization[len(SCHEME) :].strip() if is_named else authorization.strip()


def claims(token: str) -> Mapping[str, Any]:
    """Return what a token says, nothing if it is not readable."""
    try:
        found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return {}
    return found
