"""What may leave the process: asked before every request, in the one place that has a socket."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from typing import Final
from urllib.parse import quote, unquote

LOG_IN: Final = ("POST", "/v1/auth/access_token")
OF_A_RUN: Final = re.compile(r"(PATCH|POST) /v1/actions/runs/([^/?#]+)(?:/(approval|logs))?")
CREATED: Final = frozenset(range(200, 300))


class NotPermittedError(Exception):
    """A question wanted to send what it may not; nothing was sent."""


class Permit(ABC):
    """Says what may be sent, and keeps in mind what was made."""

    @property
    @abstractmethod
    def mode(self) -> str:
        """How reports call it."""

    @abstractmethod
    def allows(self, method: str, path: str) -> bool:
        """Whether a request may be sent; *path* is as on the wire, without a query."""

    def check(self, method: str, path: str) -> None:
        """Do nothing if the request may be sent.

        Raises:
            NotPermittedError: It may not.
        """
        if not self.allows(method, path):
            raise NotPermittedError(f"{method} {path} was not sent: the mode is {self.mode}")

    def note(self, method: str, path: str, *, status: int, body: bytes) -> None:  # noqa: B027
        """Take note of an answer."""


class Free(Permit):
    """Everything: of a fake, or of an organisation that is there for nothing else."""

    def __init__(self, mode: str) -> None:
        self._mode = mode

    @property
    def mode(self) -> str:
        """How reports call it."""
        return self._mode

    def allows(self, method: str, path: str) -> bool:  # noqa: ARG002 - all the same
        """Whether a request may be sent: always."""
        return True


class ReadOnly(Permit):
    """GET and the log-in."""

    mode = "read-only"

    def allows(self, method: str, path: str) -> bool:
        """Whether a request may be sent."""
        return method == "GET" or (method, path) == LOG_IN


class Writing(ReadOnly):
    """What `ReadOnly` allows, runs of one action, and what is reported on these very runs."""

    def __init__(self, action: str) -> None:
        self.action = action
        self._execute = f"/v1/actions/{quote(action, safe='')}/runs"
        self._made: dict[str, None] = {}

    @property
    def mode(self) -> str:  # type: ignore[override] # here it depends on the action
        """How reports call it."""
        return f"write {self.action}"

    @property
    def made(self) -> tuple[str, ...]:
        """The ids of the runs that were made, oldest first."""
        return tuple(self._made)

    def allows(self, method: str, path: str) -> bool:
        """Whether a request may be sent."""
        if super().allows(method, path) or (method, path) == ("POST", self._execute):
            return True
        found = OF_A_RUN.fullmatch(f"{method} {path}")
        if found is None or unquote(found[2]) not in self._made:
            return False
        return (found[1] == "POST") == (found[3] == "logs")

    def note(self, method: str, path: str, *, status: int, body: bytes) -> None:
        """Remember a run that was made."""
        if (method, path) != ("POST", self._execute) or status not in CREATED:
            return
        try:
            found = json.loads(body)["run"]["id"]
        except (ValueError, LookupError, TypeError):
            return
        if isinstance(found, str) and found:
            self._made[found] = None
