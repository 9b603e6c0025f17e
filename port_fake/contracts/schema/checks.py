"""What must be true of every answer, whatever was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias

import jsonschema_rs

from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.schema.complaints import cut
from port_fake.dialects.port.dialect import PORT
from port_fake.surface.document import document

SUCCESSES: Final = range(200, 300)
FAULTS: Final = range(500, 600)
PARTLY: Final = 207
"""What answers a bulk request some of whose parts failed: ``ok`` says which it was."""

RATE_HEADERS: Final = (
    "x-ratelimit-limit",
    "x-ratelimit-period",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
)

UNCOUNTED: Final = frozenset({"create-access-token"})
"""Nobody is known yet whose requests could be counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A request and its answer; *secrets* are texts that no answer may hold.

    *query* and *body* are as they were meant, before they became text.
    """

    operation: str
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    reply: Reply
    secrets: tuple[str, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the answer is a success."""
        return self.reply.status in SUCCESSES

    @property
    def version(self) -> str:
        """The version that is asked for; v1 unless said otherwise."""
        return str(self.query.get("version", "v1"))


Check: TypeAlias = Callable[[Deed], object]


def not_a_server_error(deed: Deed) -> None:
    """A request is never answered by a fault of the server.

    Raises:
        AnswerError: It is.
    """
    if deed.reply.status in FAULTS:
        raise AnswerError("a fault of the server")


def envelope(deed: Deed) -> None:
    """A success says ``ok``, a refusal says why, in the one envelope that there is.

    Source: OpenAPI 1.0, all responses.

    Raises:
        AnswerError: It does not.
    """
    if not deed.is_accepted:
        deed.reply.refused(deed.reply.status)
    elif deed.reply.status == PARTLY:
        if not isinstance(deed.reply["ok"], bool):
            raise AnswerError("'ok' must be true or false")
    elif deed.reply["ok"] is not True:
        raise AnswerError("'ok' must be true")


def rate_limit_headers(deed: Deed) -> None:
    """Every answer to a known caller tells how many requests are left.

    Source: docs, rate limits.

    Raises:
        AnswerError: It does not, or not in numbers.
    """
    if deed.operation in UNCOUNTED:
        return
    for name in RATE_HEADERS:
        value = deed.reply.headers.get(name)
        if value is None or not value.isdecimal():
            raise AnswerError(f"the header {name} must be a number, and is {value!r}")


def no_secret(deed: Deed) -> None:
    """No answer holds a secret.

    Raises:
        AnswerError: It does.
    """
    if any(secret in deed.reply.text for secret in deed.secrets):
        raise AnswerError("a secret is in the answer")


def answer_of_version(deed: Deed) -> None:
    """A success has the shape of the version that was asked for.

    Source: OpenAPI 1.0 for v2; docs, examples, for v1.

    Raises:
        AnswerError: It has another.
    """
    if not deed.is_accepted:
        return
    validator = _shapes().get((deed.operation, deed.reply.status, deed.version))
    if validator is None:
        return
    error = next(iter(validator.iter_errors(deed.reply.json)), None)
    if error is not None:
        place = "".join(f"/{part}" for part in error.instance_path)
        raise AnswerError(
            f"not the shape of {deed.version}: at {place or '/'} {cut(error.message)}"
        )


CHECKS: Final[Mapping[str, Check]] = {
    "not_a_server_error": not_a_server_error,
    "envelope": envelope,
    "rate_limit_headers": rate_limit_headers,
    "no_secret": no_secret,
    "answer_of_version": answer_of_version,
}
"""By the name under which they complain."""


def versioned() -> Iterator[tuple[str, str, str, str]]:
    """Yield path, method, status and version one for every answer that has two versions."""
    for path, item in document(PORT)["paths"].items():
        for method, operation in item.items():
            for status, answer in operation["responses"].items():
                if V1 in answer:
                    yield path, method, status, operation["operationId"]


V1: Final = "x-answer-of-version-v1"


@cache
def _shapes() -> Mapping[tuple[str, int, str], jsonschema_rs.Validator]:
    """Return the validators of answers with two versions, by operation, status and version."""
    ours = document(PORT)
    found: dict[tuple[str, int, str], jsonschema_rs.Validator] = {}
    for path, method, status, name in versioned():
        answer = ours["paths"][path][method]["responses"][status]
        shapes = {"v1": answer[V1], "v2": answer["content"]["application/json"]["schema"]}
        for version, shape in shapes.items():
            schema = {**shape, "components": ours["components"]}
            found[name, int(status), version] = jsonschema_rs.Draft202012Validator(
                schema, validate_formats=True
            )
    return found
