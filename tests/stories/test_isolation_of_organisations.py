"""No data crosses organisations, whatever two of them with the same identifiers ask.

Told twice: nothing of one is in any answer to the other, and what one is answered is just what it
would be answered if the other did not exist.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from port_fake import FakePort, FakePortServer
from port_fake.delivery.ledger import Ledger
from port_fake.delivery.office import Office
from port_fake.dialects.port.dialect import PORT
from port_fake.engine.runs import Run
from port_fake.http.recorder import Recorder
from port_fake.http.tenants import Tenant
from port_fake.surface.dialect import Dialect
from port_fake.world.queries import RunFilter
from port_fake.world.runs import Runs
from port_fake.world.world import World
from tests.support.client import NOTHING, Answer, Client, assert_refused
from tests.support.same_words import ANA, MARK, NODE_RUN, ROWS, RUN, filled, furnish_alike

EXECUTE: Final = "POST /v1/actions/{action_identifier}/runs"
ROUTES: Final = [route for route in ROWS if route in {one.route for one in PORT.operations}]
AIMED: Final = [name for name in ROUTES if RUN in str(ROWS[name]) or NODE_RUN in str(ROWS[name])]
"""Routes that name what only one organisation has: the other's may be put in its place."""

WHO: Final = st.sampled_from([None, ANA])
IDS: Final = re.compile(
    r"\b(?:r|e|action|log|event|team|token|org|wfnr)_[A-Za-z0-9]{16}\b|auth0\|[0-9a-f]{24}"
)


@dataclass(frozen=True, kw_only=True)
class Played:
    """A request as it went out, and what came back."""

    who: str | None
    method: str
    path: str
    body: Any
    query: Mapping[str, Any]
    answer: Answer
    is_aimed: bool = False
    """Whether it named something of the other organisation."""

    @property
    def asked(self) -> str:
        body = None if self.body is NOTHING else self.body
        return json.dumps([self.path, dict(self.query), body])

    @property
    def told(self) -> str:
        return json.dumps([self.answer.json, dict(self.answer.headers)])

    @property
    def verdict(self) -> tuple[str, int, Any, str | None]:
        """All of the answer that is the same each time."""
        left = self.answer.headers.get("x-ratelimit-remaining")
        return f"{self.method} {self.path}", self.answer.status, self.answer.json, left


@dataclass(kw_only=True)
class Side:
    """One of two organisations: how it asks, and what it was told."""

    port: FakePort
    words: dict[str, str]
    tokens: Mapping[str | None, str]
    played: list[Played] = field(default_factory=list)

    def ask(self, who: str | None, route: str, aim: Mapping[str, str] | None = None) -> Played:
        """Ask a route as its row says; *aim* says what else placeholders mean."""
        row = ROWS[route]
        words = {**self.words, **(aim or {})}
        path, body, query = (filled(one, words) for one in (row.path, row.body, row.query))
        method = route.partition(" ")[0]
        is_aimed = bool(aim) and route in AIMED
        played = self.send(who, method, path, body, query, is_aimed=is_aimed)
        if route == EXECUTE and played.answer.status == 202:
            self.words[RUN] = played.answer.json["run"]["id"]
        return played

    def send(
        self,
        who: str | None,
        method: str,
        path: str,
        body: Any,
        query: Mapping[str, Any],
        *,
        is_aimed: bool = False,
    ) -> Played:
        answer = Client(self.port.base_url, self.tokens[who]).ask(method, path, body, query=query)
        self.port.settle()
        played = Played(
            who=who,
            method=method,
            path=path,
            body=body,
            query=query,
            answer=answer,
            is_aimed=is_aimed,
        )
        self.played.append(played)
        return played

    @property
    def own(self) -> set[str]:
        """All that is nobody else's: texts, ids, credentials and tokens."""
        told = [one.told for one in self.played if not one.is_aimed]
        credentials = [self.port.credentials, self.port.credentials_of(ANA)]
        return {
            self.words[MARK],
            *self.tokens.values(),
            *(one.client_id for one in credentials),
            *(one.client_secret for one in credentials),
            *IDS.findall("\n".join([*told, *self.letters])),
        }

    @property
    def letters(self) -> list[str]:
        return [f"{one} {one.message} {one.attempts}" for one in self.port.deliveries]

    @property
    def record(self) -> list[str]:
        return [f"{one} {one.caller} {one.body!r} {one.answer!r}" for one in self.port.requests]


@contextmanager
def organisation(server: FakePortServer, mark: str) -> Iterator[Side]:
    """An organisation of which all is known beforehand, whenever it is made."""
    with server.organisation(name=f"isolation of {mark}", seed=len(mark)) as port:
        words = furnish_alike(port, mark)
        tokens = {who: port.token(as_user=who) for who in (None, ANA)}
        yield Side(port=port, words=words, tokens=tokens)


@contextmanager
def two(server: FakePortServer) -> Iterator[tuple[Side, Side]]:
    with organisation(server, "quokka") as one, organisation(server, "capybara") as other:
        yield one, other


def assert_apart(one: Side, other: Side) -> None:
    """Nothing of either is in what the other was told, or can look up."""
    for mine, theirs in ((one, other), (other, one)):
        own = theirs.own
        for played in mine.played:
            leaked = {word for word in own if word in played.told and word not in played.asked}
            assert leaked == set(), f"{played.method} {played.path} told of another organisation"
        # Whoever names an id of the other finds it again in the own record.
        named = "".join(played.asked for played in mine.played)
        kept = "\n".join([*mine.letters, *mine.record])
        assert {word for word in own if word in kept and word not in named} == set()


def test_every_route_has_a_row() -> None:
    assert {one.route for one in PORT.operations} - set(ROWS) == set(), (
        "say in same_words.py how organisations with the same identifiers ask it"
    )


def test_nothing_crosses_when_both_ask_everything(port_fake_server: FakePortServer) -> None:
    with two(port_fake_server) as (one, other):
        for route in ROUTES:
            statuses = [side.ask(None, route).answer.status for side in (one, other)]
            assert max(statuses) < 300, f"{route}: {statuses}"

        assert {each.operation for each in other.port.requests} == {
            each.name for each in PORT.operations
        }
        assert_apart(one, other)


STEPS: Final = st.lists(
    st.tuples(st.integers(0, 1), WHO, st.sampled_from(ROUTES), st.booleans()),
    min_size=20,
    max_size=30,
)


# A failure shows its requests in order, and to shrink thirty of them over HTTP takes minutes.
@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])
@given(steps=STEPS)
def test_nothing_crosses_whoever_asks_what(
    port_fake_server: FakePortServer, steps: Sequence[tuple[int, str | None, str, bool]]
) -> None:
    with two(port_fake_server) as sides:
        for number, who, route, is_aimed in steps:
            mine, theirs = sides[number], sides[1 - number]
            aim = {RUN: theirs.words[RUN], NODE_RUN: theirs.words[NODE_RUN]} if is_aimed else {}
            mine.ask(who, route, aim)

        assert_apart(*sides)
        together = [(side.words[MARK], side.played) for side in sides]

    for mark, played in together:
        with organisation(port_fake_server, mark) as alone:
            for each in played:
                alone.send(each.who, each.method, each.path, each.body, each.query)
        assert [each.verdict for each in alone.played] == [each.verdict for each in played]


@pytest.mark.parametrize("who", [None, ANA])
@pytest.mark.parametrize("route", AIMED)
def test_a_token_is_of_no_use_for_what_another_organisation_has(
    port_fake_server: FakePortServer, route: str, who: str | None
) -> None:
    with two(port_fake_server) as (mine, theirs):
        before = [theirs.port.run(theirs.words[RUN]), theirs.port.deliveries]

        aim = {RUN: theirs.words[RUN], NODE_RUN: theirs.words[NODE_RUN]}
        played = mine.ask(who, route, aim)

        if route == "PATCH /v1/actions/runs/ack":
            assert played.answer.json["ackedCount"] == 0
        else:
            assert_refused(played.answer, 404)
        assert [theirs.port.run(theirs.words[RUN]), theirs.port.deliveries] == before


def test_ids_of_another_organisation_find_nothing(port_fake_server: FakePortServer) -> None:
    with two(port_fake_server) as (mine, theirs):
        run = theirs.words[RUN]
        author = theirs.port.client_id
        search = Client(mine.port.base_url, mine.tokens[None])
        entities = "/v1/blueprints/service/entities"

        assert search.get("/v1/audit-log", {"run_id": run}).json["audits"] == []
        assert search.get("/v1/audit-log", {"identifier": run}).json["audits"] == []
        assert search.get("/v1/actions/runs", {"user_id": author}).json["runs"] == []
        assert_refused(search.post(entities, {"identifier": "x"}, {"run_id": run}), 404, run)
        assert_refused(search.delete(f"{entities}/checkout", query={"run_id": run}), 404, run)


def test_a_user_of_another_organisation_is_nobody(port_fake_server: FakePortServer) -> None:
    with two(port_fake_server) as (mine, theirs):
        theirs.port.add_user("only@example.com")
        client = Client(mine.port.base_url, mine.tokens[None])

        answer = client.post(
            "/v1/actions/deploy/runs", {"properties": {}}, {"run_as": "only@example.com"}
        )

        assert_refused(answer, 404, "only@example.com")
        assert_refused(client.get("/v1/users/only@example.com"), 404)
        assert client.get("/v1/actions/runs", {"user_email": "only@example.com"}).json["runs"] == []


def share_letters(patch: pytest.MonkeyPatch) -> None:
    ledger = Ledger()
    patch.setattr(Office, "ledger", lambda *_: ledger)


def share_the_record(patch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    real = Tenant.__init__

    def planted(self: Tenant, world: World, dialect: Dialect) -> None:
        real(self, world, dialect)
        self.recorder = recorder

    patch.setattr(Tenant, "__init__", planted)


def share_runs(patch: pytest.MonkeyPatch) -> None:
    everybody: list[Runs] = []
    real = Runs.find

    def planted(self: Runs, wanted: RunFilter, limit: int) -> list[Run]:
        if self not in everybody:
            everybody.append(self)
        return [run for each in everybody for run in real(each, wanted, limit)]

    patch.setattr(Runs, "find", planted)


@pytest.mark.parametrize("bug", [share_letters, share_the_record, share_runs])
def test_what_is_shared_comes_to_light(
    port_fake_server: FakePortServer,
    monkeypatch: pytest.MonkeyPatch,
    bug: Callable[[pytest.MonkeyPatch], None],
) -> None:
    bug(monkeypatch)

    with two(port_fake_server) as sides:
        for side in sides:
            side.ask(None, EXECUTE)
            side.ask(None, "GET /v1/actions/runs")

        with pytest.raises(AssertionError):
            assert_apart(*sides)
