"""What nobody expected of a test: why it is told, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from port_fake.dialects.port.dialect import PORT
from port_fake.http.contexts import UNREADABLE
from port_fake.http.faults import Fault
from port_fake.http.nearest import methods_of, nearest
from port_fake.http.recorder import Exchange
from port_fake.surface.letters import Delivery, Fate


class Kind(StrEnum):
    """Kinds of surprises, as they are told."""

    ROUTE = "unknown route"
    METHOD = "wrong method"
    TOKEN = "no valid token"  # noqa: S105 - that is what is wrong
    BODY = "unreadable"
    DEFECT = "failure of the fake"
    FAULT = "unused fault"
    LETTER = "unanswered letter"


ADVICE: Final = {
    Kind.ROUTE: "correct the address in the code under test (`port-fake openapi` prints all that "
    "there are); a part of Port that the fake does not have cannot be tested with it",
    Kind.METHOD: "correct the method in the code under test",
    Kind.TOKEN: "give the code under test port.token() or port.env; a token that was valid has "
    "expired on the organisation's clock, or is of another organisation",
    Kind.BODY: "send HTTP with a body of JSON in UTF-8",
    Kind.DEFECT: "read the traceback in the log, and report it: that is a defect of port-fake",
    Kind.FAULT: "see that the code under test makes such a request, or take the fault out",
    Kind.LETTER: "let an action invoke a backend that answers 2xx (the fixture port_backend is "
    "one), or something that is only recorded, such as {'type': 'GITHUB', ...}; or let the test "
    "go without strict mode: @pytest.mark.port_fake(strict=False)",
}
"""What to do, for each kind."""

UNREACHED: Final = frozenset({Kind.ROUTE, Kind.METHOD})
"""Requests that no operation has seen."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """One of them: of which kind, and what there is to say."""

    kind: Kind
    text: str


def of_requests(exchanges: Iterable[Exchange]) -> list[Surprise]:
    """Return what is unexpected of requests; what a fault has made of one is expected."""
    found = ((_kind(one), one) for one in exchanges)
    return [Surprise(kind, f"{one}{_reason(kind, one)}") for kind, one in found if kind is not None]


def of_faults(faults: Iterable[Fault]) -> list[Surprise]:
    """Return the faults that no request was fit for; what chance has spared was used."""
    return [Surprise(Kind.FAULT, repr(one)) for one in faults if not one.fitting]


def of_letters(deliveries: Iterable[Delivery]) -> list[Surprise]:
    """Return the letters that nobody has answered, or not with success."""
    return [
        Surprise(Kind.LETTER, f"{one.kind}{_whose(one)}: {_outcome(one)}")
        for one in deliveries
        if one.fate in {Fate.WAITING, Fate.FAILED, Fate.NOT_SENT}
    ]


def told(title: str, surprises: Sequence[Surprise]) -> str:
    """Return the message of a failure."""
    kinds = [kind for kind in Kind if any(one.kind is kind for one in surprises)]
    return "\n".join(
        [
            f"{title}:",
            *(f"  {one.kind}: {one.text}" for one in surprises),
            "what to do:",
            *(f"  {kind}: {ADVICE[kind]}" for kind in kinds),
        ]
    )


def _kind(one: Exchange) -> Kind | None:
    if one.method == UNREADABLE:
        return Kind.BODY
    if one.operation is None:
        return {404: Kind.ROUTE, 405: Kind.METHOD}.get(one.status)
    if one.fault is not None:
        return None
    if one.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Kind.DEFECT
    return {400: Kind.BODY, 401: Kind.TOKEN}.get(one.status)


def _reason(kind: Kind, one: Exchange) -> str:
    if kind is Kind.METHOD:
        return f"; this path has {', '.join(methods_of(one.path, PORT.operations))}"
    if kind is Kind.ROUTE:
        known = nearest(one.method, one.path, PORT.operations)
        return f"; the nearest is {known.route} ({known.name})"
    answer = one.answer_json
    return f"; {answer['message']}" if isinstance(answer, dict) and "message" in answer else ""


def _whose(one: Delivery) -> str:
    return f" of run {one.run_id}" if one.run_id else ""


def _outcome(one: Delivery) -> str:
    if one.fate is Fate.WAITING:
        return "still on its way"
    if one.attempts:
        last = one.attempts[-1]
        return f"failed, {last.error or f'status code {last.status}'}"
    return f"{one.fate}, {one.reason}"
