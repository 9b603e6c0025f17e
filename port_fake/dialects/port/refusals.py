"""Faults as Port answers them: a status and ``{ok: false, error, message}``."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, Literal, NotRequired

from typing_extensions import TypedDict

from port_fake.errors import Fault, RefusedError
from port_fake.surface.operation import Reply
from port_fake.surface.values import closed

STATUSES: Final[Mapping[Fault, int]] = {
    Fault.MALFORMED: 400,
    Fault.UNAUTHORIZED: 401,
    Fault.FORBIDDEN: 403,
    Fault.NOT_FOUND: 404,
    Fault.METHOD_NOT_ALLOWED: 405,
    Fault.CONFLICT: 409,
    Fault.TOO_LARGE: 413,
    Fault.INVALID: 422,
    Fault.ILLEGAL_TRANSITION: 422,
    Fault.UNEXPECTED: 500,
}
"""Source: OpenAPI 1.0 for 401, 404, 413 and 422; docs for an entity that exists, 409.

Source: Port's GitHub Action, whose test patches a finished run of the real service: 422.
Assumed: 400 for what is not JSON, 403 for what permissions forbid, 405 for a wrong method,
409 for a taken identifier of another kind, 422 for a vote or an end that the run's status does
not allow and for an entity tied to a run that is not in progress.
"""

WORDS: Final[Mapping[Fault, str]] = {
    Fault.MALFORMED: "bad_request",
    Fault.UNAUTHORIZED: "unauthorized",
    Fault.FORBIDDEN: "forbidden",
    Fault.NOT_FOUND: "not_found",
    Fault.METHOD_NOT_ALLOWED: "method_not_allowed",
    Fault.CONFLICT: "conflict",
    Fault.TOO_LARGE: "payload_too_large",
    Fault.INVALID: "invalid_request",
    Fault.ILLEGAL_TRANSITION: "invalid_request",
    Fault.UNEXPECTED: "internal_error",
}
"""Source: Ocean, for ``not_found``.

Assumed: all the other words.
"""


@closed
class Refusal(TypedDict):
    """The body of an error."""

    ok: Literal[False]
    error: str
    message: NotRequired[str]


@closed
class ExplainedRefusal(TypedDict):
    """The body of an error whose message is never left out."""

    ok: Literal[False]
    error: str
    message: str


EXPLAINED: Final = frozenset({404, 422})


def shape(status: int) -> type[Refusal | ExplainedRefusal]:
    """Return the shape that the document gives for an error."""
    return ExplainedRefusal if status in EXPLAINED else Refusal


def refuse(error: RefusedError) -> Reply:
    """Return Port's answer to a refusal."""
    body = {"ok": False, "error": WORDS[error.fault], "message": str(error)}
    return Reply(STATUSES[error.fault], body)


def fail(status: int, message: str) -> Reply:
    """Return Port's envelope with any status, for what goes wrong on purpose.

    Assumed: where no refusal of the fake has that status, its error word is what HTTP calls it.
    """
    return Reply(status, {"ok": False, "error": _word(status), "message": message})


def _word(status: int) -> str:
    for fault, known in STATUSES.items():
        if known == status:
            return WORDS[fault]
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:  # such as 520, which some proxies made up
        return f"status_{status}"
    return re.sub(r"[^a-z]+", "_", phrase.lower())
