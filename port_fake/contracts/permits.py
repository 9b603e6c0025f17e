"""What may leave the process: asked before every request, in the one place that has a socket."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from port_fake.errors import MisuseError

LOG_IN: Final = ("POST", "/v1/auth/access_token")
OF_A_RUN: Final = re.compile(r"(PATCH|POST) /v1/actions/runs/([A-Za-z0-9_-]+)(?:/(approval|logs))?")
"""A request about a run, whose id is the same however often an address is decoded."""

IDENTIFIER: Final = re.compile(r"(?!\.{1,2}\Z)[\w@.+:=-]+")
"""Source: OpenAPI 1.0, POST /v1/actions, ``identifier``."""

CREATED: Final = frozenset(range(200, 300))
NOTHING_DONE: Final = frozenset({*range(300, 500)} - {408})
"""Statuses that say that nothing was carried out."""

HARMLESS: Final = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "authorization",
        "content-type",
        "if-modified-since",
        "if-none-match",
        "origin",
        "user-agent",
        "x-schemathesis-testcaseid",
    }
)
"""Headers that cannot make a request another one, as ``X-HTTP-Method-Override`` may."""


class NotPermittedError(Exception):
    """A question wanted to send what it may not; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is about to be sent; *target* is path and query, as they go on the wire."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    content: bytes | None = field(default=None, repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]


class Permit(ABC):
    """Says what may be sent, and keeps in mind what was made."""

    @property
    @abstractmethod
    def mode(self) -> str:
        """How reports call it."""

    @abstractmethod
    def allows(self, request: Request) -> bool:
        """Whether a request may be sent."""

    def check(self, request: Request) -> None:
        """Do nothing if the request may be sent.

        Raises:
            NotPermittedError: It may not.
        """
        if not self.allows(request):
            raise NotPermittedError(
                f"{request.method} {request.path} was not sent: the mode is {self.mode}"
            )

    def makes(self, request: Request) -> bool:  # noqa: ARG002 - most do not
        """Whether the answer to a request must be waited for, whatever happens."""
        return False

    def note(self, request: Request, *, status: int | None, body: bytes = b"") -> None:  # noqa: B027
        """Take note of an answer; *status* is None where none came."""


class Free(Permit):
    """Everything: of a fake, or of an organisation that is there for nothing else."""

    def __init__(self, mode: str) -> None:
        self._mode = mode

    @property
    def mode(self) -> str:
        """How reports call it."""
        return self._mode

    def allows(self, request: Request) -> bool:  # noqa: ARG002 - all the same
        """Whether a request may be sent: always."""
        return True


class ReadOnly(Permit):
    """GET without a body, and the log-in; with no header that could make them something else."""

    mode = "read-only"

    def allows(self, request: Request) -> bool:
        """Whether a request may be sent."""
        return _is_plain(request) and (
            (request.method == "GET" and not request.content)
            or (request.method, request.target) == LOG_IN
        )


class Writing(ReadOnly):
    """What `ReadOnly` allows, runs of one action, and what is reported on these very runs."""

    def __init__(self, action: str) -> None:
        """Allow runs of *action*.

        Raises:
            MisuseError: It cannot be the identifier of an action.
        """
        if not IDENTIFIER.fullmatch(action):
            raise MisuseError(f"--write {action!r}: this is no identifier of an action")
        self.action = action
        self.lost = 0
        """How many executions had no answer that says whether a run was made."""
        self.execution = f"/v1/actions/{quote(action, safe='')}/runs"
        self._made: dict[str, None] = {}

    @property
    def mode(self) -> str:  # type: ignore[override] # here it depends on the action
        """How reports call it."""
        return f"write {self.action}"

    @property
    def made(self) -> tuple[str, ...]:
        """The ids of the runs that were made, oldest first."""
        return tuple(self._made)

    def allows(self, request: Request) -> bool:
        """Whether a request may be sent."""
        if super().allows(request):
            return True
        if not _is_plain(request):
            return False
        if self.makes(request):
            return True
        found = OF_A_RUN.fullmatch(f"{request.method} {request.path}")
        if found is None or found[2] not in self._made:
            return False
        return (found[1] == "POST") == (found[3] == "logs")

    def makes(self, request: Request) -> bool:
        """Whether a request makes a run."""
        return (request.method, request.path) == ("POST", self.execution)

    def note(self, request: Request, *, status: int | None, body: bytes = b"") -> None:
        """Remember a run that was made, or that it is not known."""
        if not self.makes(request) or status in NOTHING_DONE:
            return
        found = _run_id(body) if status in CREATED else None
        if found is None:
            self.lost += 1
        else:
            self._made[found] = None


def _is_plain(request: Request) -> bool:
    is_path = request.target.startswith("/") and not request.target.startswith("//")
    return is_path and all(name.lower() in HARMLESS for name, _ in request.headers)


def _run_id(body: bytes) -> str | None:
    try:
        found = json.loads(body)["run"]["id"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    return found if isinstance(found, str) and found else None
