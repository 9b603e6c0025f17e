"""Asks recorded exchanges again, in their order, and says of each what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from port_fake.contracts.exchanges.asking import (
    Ask,
    NoCredentialsError,
    Request,
    Response,
    asker_at,
    asker_of,
)
from port_fake.contracts.exchanges.binding import Bindings
from port_fake.contracts.exchanges.comparing import Difference, Mode, Tier, compare
from port_fake.contracts.exchanges.furnishing import arranged
from port_fake.contracts.exchanges.lines import Answer, Body, Exchange, Kind, Recorded
from port_fake.contracts.exchanges.recording import TOKENS, headers_that_matter
from port_fake.contracts.exchanges.targets import in_path, in_query
from port_fake.contracts.organisations import Organisation
from port_fake.contracts.pace import TimeIsUpError
from port_fake.contracts.permits import NotPermittedError
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.wire import UnreachableError
from port_fake.fake import FakePort
from port_fake.settings import Settings
from port_fake.world.organisations import Credentials

READ: Final = "GET"
"""What sets nothing off."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """An exchange that was asked again, or that could not be: then *reason* says why."""

    exchange: Exchange
    differences: Sequence[Difference] = ()
    reason: str = ""

    @property
    def was_compared(self) -> bool:
        """Whether there was anything to compare."""
        return not self.reason

    @property
    def tier(self) -> Tier | None:
        """The worst of the differences."""
        return max((one.tier for one in self.differences), default=None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file."""

    recorded: Recorded
    target: str
    replayed: Sequence[Replayed] = ()
    notes: Sequence[str] = field(default_factory=tuple)
    """What could not be arranged before."""

    @property
    def compared(self) -> Sequence[Replayed]:
        """The exchanges that were compared."""
        return [one for one in self.replayed if one.was_compared]

    def counts(self) -> Mapping[Tier, int]:
        """Return how many differences there are of each tier; a broken line is an error."""
        tiers = [one.tier for each in self.replayed for one in each.differences]
        tiers += [Tier.ERROR] * len(self.recorded.broken)
        return {tier: tiers.count(tier) for tier in Tier}


def replay(
    exchanges: Iterable[Exchange],
    ask: Ask,
    *,
    mode: Mode = Mode.STRICT,
    bindings: Bindings | None = None,
    lacking: Mapping[int, str] | None = None,
    credentials_of: Callable[[str], Credentials] | None = None,
    settle: Callable[[], object] | None = None,
) -> Iterator[Replayed]:
    """Ask exchanges again, one after the other, and yield what came of each.

    *bindings* hold what placeholders stand for already; *lacking* says, by number, which
    exchanges cannot be compared and why; *credentials_of* gives those of a caller, to log in
    with; *settle* is called after each answer.

    Raises:
        UnreachableError: The server gives no answer; nothing after that was asked.
    """
    bound = Bindings() if bindings is None else bindings
    for exchange in exchanges:
        reason = (lacking or {}).get(exchange.number) or _unaskable(exchange, bound)
        if reason:
            yield Replayed(exchange, reason=reason)
            continue
        try:
            if credentials_of is not None and is_log_in(exchange):
                _bind_login(exchange, credentials_of, bound)
            response = ask(_request(exchange, bound))
        except (NoCredentialsError, NotPermittedError, TimeIsUpError) as error:
            yield Replayed(exchange, reason=str(error))
            continue
        if settle is not None and exchange.method != READ:
            settle()
        answer = answer_of(response)
        yield Replayed(exchange, compare(exchange.answer, answer, mode=mode, bindings=bound))


def replay_on_fake(recorded: Recorded, *, mode: Mode = Mode.STRICT) -> Outcome:
    """Ask a file's exchanges of a fake that is furnished with what the file presupposes."""
    # The backends of a recording are not here to answer, so their silence must mean nothing.
    settings = Settings(failed_calls_fail_runs=False)
    with FakePort(name="port-fake replay", settings=settings) as port:
        before = arranged(port, recorded.exchanges, exact_times=is_own(recorded))
        ask = asker_of(port)
        try:
            done = list(
                replay(
                    recorded.exchanges,
                    ask,
                    mode=mode,
                    bindings=before.bindings,
                    lacking=before.lacking,
                    credentials_of=ask.credentials_of,
                    settle=port.settle,
                )
            )
        finally:
            ask.close()
    return Outcome(recorded, "the fake", done, before.notes)


def replay_at(recorded: Recorded, port: Organisation, *, mode: Mode = Mode.STRICT) -> Outcome:
    """Ask a file's exchanges of the organisation of any target, as it is, so far as is permitted.

    What it does not answer, or may not be asked, is not comparable.
    """
    ask = asker_at(port)
    done: list[Replayed] = []
    try:
        for one in replay(recorded.exchanges, ask, mode=mode, credentials_of=ask.credentials_of):
            done.append(one)  # noqa: PERF402 - what came before a failure counts
    except (AnswerError, UnreachableError) as error:
        rest = recorded.exchanges[len(done) :]
        done += [Replayed(exchange, reason=str(error)) for exchange in rest]
    return Outcome(recorded, port.wire.base_url, done)


def is_own(recorded: Recorded) -> bool:
    """Whether a file was recorded from the fake itself, whose time repeats."""
    return recorded.header is not None and recorded.header.source == "fake"


def answer_of(response: Response) -> Answer:
    """Return a response as a file would hold it, but for placeholders."""
    return Answer(response.status, headers_that_matter(response.headers), Body.of(response.body))


def _unaskable(exchange: Exchange, bound: Bindings) -> str | None:
    if exchange.request.kind is Kind.CUT:
        return f"the body of the request was not recorded: {exchange.request.value}"
    if exchange.answer.status >= HTTPStatus.BAD_REQUEST:
        return None
    texts = (exchange.path, exchange.query, *_texts(exchange.request.value))
    for text in texts:
        for placeholder in bound.unbound(text):
            return f"{placeholder} was there before the recording and could not be arranged"
    return None


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def is_log_in(exchange: Exchange) -> bool:
    """Whether credentials were exchanged for a token, with success."""
    return exchange.operation == TOKENS and exchange.answer.status == HTTPStatus.OK


def _request(exchange: Exchange, bound: Bindings) -> Request:
    target = in_path(exchange.path, bound.filled)
    if exchange.query:
        target += f"?{in_query(exchange.query, bound.filled)}"
    return Request(
        method=exchange.method,
        target=target,
        caller=bound.known(exchange.caller),
        body=_filled(exchange.request, bound).data(),
    )


def _bind_login(
    exchange: Exchange, credentials_of: Callable[[str], Credentials], bound: Bindings
) -> None:
    """Let the credentials of a log-in be those of whoever logged in."""
    sent = exchange.request.value
    if isinstance(sent, dict):
        who = credentials_of(bound.known(exchange.caller))
        for key, value in (("clientId", who.client_id), ("clientSecret", who.client_secret)):
            if isinstance(sent.get(key), str):
                bound.bind(sent[key], value)


def _filled(body: Body, bound: Bindings) -> Body:
    return Body(body.kind, _value(body.value, bound))


def _value(value: Any, bound: Bindings) -> Any:
    if isinstance(value, dict):
        return {bound.filled(key): _value(one, bound) for key, one in value.items()}
    if isinstance(value, list):
        return [_value(one, bound) for one in value]
    return bound.filled(value) if isinstance(value, str) else value
