"""A backend of the suites' own: it keeps what arrives and answers what it is told to."""

from __future__ import annotations

import hmac
import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Condition
from types import TracebackType
from typing import Any, Final, Self

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.scenes import run_of
from port_fake.delivery.receiver import Arrival, Receiver, ScriptedAnswer
from port_fake.errors import MisuseError

PATIENCE_S: Final = 5.0
"""How long something that must come may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A request as it came. Names of *headers* are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            AnswerError: It is none.
        """
        try:
            return json.loads(self.body)
        except ValueError:
            raise AnswerError(
                f"{self.method} {self.path} came with a body that is no JSON"
            ) from None

    def is_signed(self, secret: str) -> bool:
        """Whether it was signed with that client secret.

        Source: docs, webhook security: ``v1,`` and base64 of HMAC-SHA256 over ``timestamp.body``.
        """
        timestamp = self.headers.get("x-port-timestamp", "")
        message = timestamp.encode() + b"." + self.body
        digest = hmac.new(secret.encode(), message, sha256).digest()
        wanted = "v1," + b64encode(digest).decode()
        return timestamp.isdecimal() and self.headers.get("x-port-signature") == wanted


class Inbox:
    """Listens on this machine in a with statement; `url` is where."""

    def __init__(self) -> None:
        """Prepare to answer 200 to whatever comes."""
        self._came = Condition()
        self._letters: list[Letter] = []
        self._answer = ScriptedAnswer.of(200)
        self._meanwhile: Callable[[Letter], None] | None = None
        self._receiver: Receiver | None = None

    def __enter__(self) -> Self:
        self._receiver = Receiver(self._take)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        receiver, self._receiver = self._receiver, None
        if receiver is not None:
            receiver.end()

    @property
    def url(self) -> str:
        """The address.

        Raises:
            MisuseError: It does not listen.
        """
        if self._receiver is None:
            raise MisuseError("the inbox is not open: use it in a with statement")
        return self._receiver.url

    def webhook(self, **changes: Any) -> dict[str, Any]:
        """Return an invocation method that calls it and says which run it is about."""
        body = {"run": "{{ .run.id }}"}
        return {"type": "WEBHOOK", "url": self.url, "body": body, **changes}

    def answers(self, status: int, *, body: Any = None, text: str | None = None) -> None:
        """Say what to answer from now on: *body* as JSON, or *text* as it is."""
        self._answer = ScriptedAnswer.of(status, json=body, body=text)

    def meanwhile(self, do: Callable[[Letter], None]) -> None:
        """Say what to do with each letter before it is answered, on a thread of its own."""
        self._meanwhile = do

    @property
    def letters(self) -> Sequence[Letter]:
        """What came so far."""
        with self._came:
            return tuple(self._letters)

    def wait_for(self, number: int) -> Sequence[Letter]:
        """Return what came, once that many have.

        Raises:
            AnswerError: They do not come.
        """
        with self._came:
            self._came.wait_for(lambda: len(self._letters) >= number, PATIENCE_S)
            if len(self._letters) < number:
                raise AnswerError(
                    f"{number} requests must arrive at the backend, "
                    f"and {len(self._letters)} did within {PATIENCE_S:g} s"
                )
            return tuple(self._letters)

    def _take(self, arrival: Arrival) -> None:
        letter = Letter(
            method=arrival.command,
            path=arrival.path,
            headers={name.lower(): value for name, value in arrival.headers.items()},
            body=arrival.read(),
        )
        try:
            if self._meanwhile is not None:
                self._meanwhile(letter)
        finally:
            with self._came:
                self._letters.append(letter)
                self._came.notify_all()
            arrival.give(self._answer)


def runs_of(letters: Sequence[Letter]) -> list[Any]:
    """Return the runs that letters of `Inbox.webhook` are about.

    Raises:
        AnswerError: A letter is no JSON.
    """
    found = [letter.json for letter in letters]
    return [one.get("run") if isinstance(one, dict) else one for one in found]


def await_run(port: Organisation, run_id: str, *statuses: str) -> dict[str, Any]:
    """Return a run as v2 shows it, once it has one of these statuses.

    Raises:
        AnswerError: It does not get there.
    """
    until = time.monotonic() + PATIENCE_S
    while True:
        run = run_of(
            port.get("get-action-run-s-details", path={"run_id": run_id}, query={"version": "v2"})
        )
        if run["status"] in statuses:
            return run
        if time.monotonic() > until:
            wanted = " or ".join(statuses)
            raise AnswerError(
                f"run {run_id} must become {wanted}, and is {run['status']} after {PATIENCE_S:g} s"
            )
