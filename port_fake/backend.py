"""A backend for tests: a webhook receiver that checks, remembers, answers and reports."""

from __future__ import annotations

import json as json_codec
import logging
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self

from port_fake.delivery.receiver import Arrival, Receiver, ScriptedAnswer, is_well
from port_fake.dialects.port.invocation.signature import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    is_signed,
)
from port_fake.errors import MisuseError
from port_fake.fake import FakePort

LOG: Final = logging.getLogger("port_fake.backend")

TOLERANCE_S: Final = 300
"""How old a signature may be, by the organisation's clock. A rule of the receiver's own."""

PLACES: Final = (
    ("port_context", "runId"),
    ("context", "runId"),
    ("payload", "context", "runId"),
    ("runId",),
    ("run_id",),
)
"""Where bodies of Port's guides, of 2022 and of agents carry the id of the run."""

UNSIGNED: Final = ScriptedAnswer.of(401, json={"ok": False, "error": "not signed by Port"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedLetter:
    """A letter as it came. Names of *headers* are in lower case; *signed*: by Port, and lately."""

    method: str
    path: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    run_id: str | None
    signed: bool

    @property
    def json(self) -> Any:
        """The body as JSON; None if it is no JSON."""
        return _json(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    logs: tuple[str, ...]
    update: Mapping[str, Any]


class Backend:
    """A local webhook receiver for one organisation; the fixture ``port_backend`` is one.

    Give its `url`, or any address below it, to an action. A letter that is not signed with the
    organisation's client secret, or was signed long ago, is answered with 401.
    """

    def __init__(self, port: FakePort) -> None:
        """Prepare to receive the letters of *port*; listen in a with statement."""
        self._port = port
        self._lock = Lock()
        self._letters: list[ReceivedLetter] = []
        self._matched: set[int] = set()
        self._next: deque[ScriptedAnswer] = deque()
        self._usual = ScriptedAnswer.of(200)
        self._report: _Report | None = None
        self._refused: list[str] = []
        self._receiver: Receiver | None = None

    def __enter__(self) -> Self:
        if self._receiver is not None:
            raise MisuseError("this Backend is in use already: make another one")
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
        """The address, without a slash at the end.

        Raises:
            MisuseError: The receiver does not run.
        """
        if self._receiver is None:
            raise MisuseError("the backend is not running: use it in a with statement")
        return self._receiver.url

    @property
    def letters(self) -> list[ReceivedLetter]:
        """Every letter that came, in order."""
        with self._lock:
            return list(self._letters)

    @property
    def refused(self) -> list[str]:
        """Reports that did not get through, one sentence each."""
        with self._lock:
            return list(self._refused)

    def answers(
        self,
        status: int = 200,
        *,
        json: Any = None,
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        delay_s: float = 0.0,
        drop: bool = False,
        times: int | None = None,
    ) -> None:
        """Say what to answer: to the next *times* letters, or to all that have no such answer.

        *body* goes out as it is, *json* as JSON; with *drop* the connection ends without answer.
        """
        answer = ScriptedAnswer.of(
            status, json=json, body=body, headers=headers, delay_s=delay_s, drop=drop
        )
        with self._lock:
            if times is None:
                self._usual = answer
            else:
                self._next.extend([answer] * times)

    def reports(
        self,
        status: str | None = "SUCCESS",
        *,
        logs: Iterable[str] = (),
        link: str | list[str] | None = None,
        summary: str | None = None,
    ) -> None:
        """Report on the run of each letter that is answered 2xx from now on.

        Over HTTP and after the answer: each of *logs*, then one update with the rest;
        ``port_fake.settle()`` waits for it. What does not get through is in `refused`.
        """
        given = {"status": status, "link": link, "summary": summary}
        update = {key: value for key, value in given.items() if value is not None}
        with self._lock:
            self._report = _Report(logs=tuple(logs), update=update)

    def _take(self, arrival: Arrival) -> None:
        letter, answer, report = self._read(arrival)
        if report is None or letter.run_id is None:
            arrival.give(answer)
            return
        # Counted before the answer leaves: else there is a moment in which nothing is under way.
        ledger = self._port.api.office.ledger(self._port.world)
        ledger.start()
        try:
            arrival.give(answer)
            self._tell(arrival.server, letter.run_id, report)
        finally:
            ledger.finish()

    def _read(self, arrival: Arrival) -> tuple[ReceivedLetter, ScriptedAnswer, _Report | None]:
        headers = {name.lower(): value for name, value in arrival.headers.items()}
        body = arrival.read()
        signed = self._is_genuine(headers, body)
        with self._lock:
            letter = ReceivedLetter(
                method=arrival.command,
                path=arrival.path,
                headers=headers,
                body=body,
                run_id=headers.get("run_id") or _run_in(body) or self._run_signed(headers),
                signed=signed,
            )
            self._letters.append(letter)
            if not signed:
                return letter, UNSIGNED, None
            answer = self._next.popleft() if self._next else self._usual
            accepted = is_well(answer.status) and not answer.drop
            return letter, answer, self._report if accepted else None

    def _is_genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        timestamp = headers.get(TIMESTAMP_HEADER, "")
        signature = headers.get(SIGNATURE_HEADER, "")
        if not (timestamp.isascii() and timestamp.isdecimal()):
            return False
        age_s = self._port.world.clock.peek().timestamp() - int(timestamp)
        secret = self._port.client_secret
        return age_s <= TOLERANCE_S and is_signed(secret, timestamp, signature, body)

    def _run_signed(self, headers: Mapping[str, str]) -> str | None:
        signature = headers.get(SIGNATURE_HEADER)
        for delivery in self._port.deliveries if signature else ():
            sent = delivery.message.get("headers") or {}
            if sent.get(SIGNATURE_HEADER) == signature and delivery.number not in self._matched:
                self._matched.add(delivery.number)  # the same body may go out for many runs
                return delivery.run_id
        return None

    def _tell(self, receiver: Receiver, run_id: str, report: _Report) -> None:
        one = f"/v1/actions/runs/{run_id}"
        calls = [("POST", f"{one}/logs", {"message": line}) for line in report.logs]
        try:
            with receiver.calling(self._port.base_url) as connection:
                for method, path, body in [*calls, ("PATCH", one, report.update)]:
                    self._call(connection, method, path, body)
        except (OSError, HTTPException, MisuseError) as error:
            self._note(f"report on run {run_id!r}: {type(error).__name__}: {error}")

    def _call(
        self, connection: HTTPConnection, method: str, path: str, body: Mapping[str, Any]
    ) -> None:
        headers = {
            "Authorization": f"Bearer {self._port.token()}",
            "Content-Type": "application/json",
        }
        connection.request(method, path, json_codec.dumps(body), headers)
        response = connection.getresponse()
        text = response.read().decode()
        if not is_well(response.status):
            self._note(f"{method} {path}: {response.status} {text}")

    def _note(self, problem: str) -> None:
        LOG.info(problem)
        with self._lock:
            self._refused.append(problem)


def _run_in(body: bytes) -> str | None:
    document = _json(body)
    for place in PLACES:
        value = document
        for key in place:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str):
            return value
    return None


def _json(body: bytes) -> Any:
    try:
        return json_codec.loads(body)
    except ValueError:
        return None
