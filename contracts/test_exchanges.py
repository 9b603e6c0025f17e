"""Recorded exchanges, asked again in their order: the same answers, value by value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from port_fake._resources import directory
from port_fake.contracts.exchanges.asking import asker_at
from port_fake.contracts.exchanges.binding import Bindings
from port_fake.contracts.exchanges.comparing import MESSAGE, Tier
from port_fake.contracts.exchanges.lines import Exchange, read
from port_fake.contracts.exchanges.presupposed import presupposed
from port_fake.contracts.exchanges.replaying import Replayed, replay
from port_fake.contracts.pace import TimeIsUpError
from port_fake.contracts.questions import MARKER, Need, Question
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.sites import Site
from port_fake.contracts.wire import UnreachableError

FILES = sorted(directory("fixtures").glob("exchanges/port/*.jsonl"))
RECORDED = {file.stem: read(file).exchanges for file in FILES}
TELLABLE = {
    name: exchanges
    for name, exchanges in RECORDED.items()
    if not any(presupposed(exchanges).things.values())
}
"""Stories that begin with nothing; the others need what no operation makes."""

NEEDS = frozenset({Need.EMPTY, Need.FURNISH, Need.PEOPLE})


class Stories:
    """The recordings, each asked when its first question is, and once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._told: dict[str, Sequence[Replayed] | Exception] = {}

    def told(self, name: str) -> Sequence[Replayed]:
        """Return what came of all exchanges of a recording."""
        if name not in self._told:
            self._told[name] = self._asked(name)
        found = self._told[name]
        if isinstance(found, Exception):
            raise found
        return found

    def _asked(self, name: str) -> Sequence[Replayed] | Exception:
        try:
            with self._site.organisation() as port:
                ask = asker_at(port)
                known = presupposed(TELLABLE[name]).organisation
                if known is not None:
                    port.get("change-organization", body={"name": known["name"]})
                return list(
                    replay(
                        TELLABLE[name],
                        ask,
                        bindings=Bindings(),
                        credentials_of=ask.credentials_of,
                        settle=port.settle,
                    )
                )
        except (AssertionError, UnreachableError, TimeIsUpError) as error:
            return error


@pytest.fixture(scope="session")
def stories(site: Site) -> Stories:
    return Stories(site)


def operation_of(exchange: Exchange) -> str:
    return exchange.operation or "unknown-route"


def asked() -> Iterator[object]:
    """Make a question of each operation in each file."""
    for name, exchanges in TELLABLE.items():
        for operation in sorted({operation_of(one) for one in exchanges}):
            question = Question(
                "exchange",
                source="recorded from the fake, after OpenAPI 1.0 and docs",
                needs=NEEDS,
                text="recorded requests are answered as they were",
            )
            marks = getattr(pytest.mark, MARKER)(question)
            yield pytest.param(name, operation, id=f"{name}.{operation}", marks=marks)


@pytest.mark.parametrize(("name", "operation"), list(asked()))
def test_recorded_requests_are_answered_as_they_were(
    stories: Stories, name: str, operation: str
) -> None:
    told = [one for one in stories.told(name) if operation_of(one.exchange) == operation]

    different = [
        f"{one.exchange} (number {one.exchange.number}): {each.place}: {each.text}"
        for one in told
        for each in one.differences
        if each.tier is not Tier.INFO or (each.place.startswith("$.") and each.place != MESSAGE)
    ]
    unasked = [f"{one.exchange} was not asked: {one.reason}" for one in told if one.reason]
    if different or unasked:
        raise AnswerError("\n".join([*different, *unasked]))
