"""What can go wrong, as values: `Fault` names each refusal, one exception class carries each.

A refusal knows no status code; a dialect maps `Fault` to its own codes and envelope, once.
`MisuseError` is for the author of a test and never reaches a wire.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class Fault(StrEnum):
    """Why a request was refused. Every dialect answers each of these."""

    MALFORMED = "malformed"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"
    METHOD_NOT_ALLOWED = "method not allowed"
    CONFLICT = "conflict"
    TOO_LARGE = "too large"
    INVALID = "invalid"
    ILLEGAL_TRANSITION = "illegal transition"
    UNEXPECTED = "unexpected"


class PortFakeError(Exception):
    """Everything that port-fake raises on purpose."""


class RefusedError(PortFakeError):
    """A request that is refused. Whoever raises it has changed nothing."""

    fault: ClassVar[Fault] = Fault.INVALID


class MalformedError(RefusedError):
    """The request is not readable: broken HTTP, broken JSON, bytes that are not UTF-8."""

    fault = Fault.MALFORMED


class UnauthorizedError(RefusedError):
    """No token, or one that is not valid here and now."""

    fault = Fault.UNAUTHORIZED


class ForbiddenError(RefusedError):
    """The caller is known and may not do this."""

    fault = Fault.FORBIDDEN


class NotFoundError(RefusedError):
    """Nothing of that kind has that identifier."""

    fault = Fault.NOT_FOUND


class MethodNotAllowedError(RefusedError):
    """The route exists, the method does not."""

    fault = Fault.METHOD_NOT_ALLOWED


class ConflictError(RefusedError):
    """The identifier is taken, or something still depends on the thing."""

    fault = Fault.CONFLICT


class TooLargeError(RefusedError):
    """The body is over the limit."""

    fault = Fault.TOO_LARGE


class InvalidError(RefusedError):
    """The request is readable and breaks a rule."""

    fault = Fault.INVALID


class IllegalTransitionError(RefusedError):
    """The run's state has no such exit."""

    fault = Fault.ILLEGAL_TRANSITION


class UnexpectedError(RefusedError):
    """A defect of the fake itself; its traceback is on the log."""

    fault = Fault.UNEXPECTED


class MisuseError(PortFakeError):
    """The test asked something of the fake that makes no sense; the text says what to do."""
