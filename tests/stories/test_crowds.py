"""Many at once: hundreds of requests on the wire, and each run decided once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from threading import Thread
from typing import Any

import aiohttp
import pytest

from port_fake import Backend, FakePort
from tests.support.client import client_of

RUNS = "/v1/actions/runs"
APPROVE = {"status": "APPROVE"}
SEED = 20260105
TIMEOUT = aiohttp.ClientTimeout(total=60)
CROWD = [f"user{number:02}@example.com" for number in range(20)]
SERVICES = {
    "combinator": "and",
    "rules": [{"property": "$blueprint", "operator": "=", "value": "service"}],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request that somebody is about to make."""

    who: str | None
    method: str
    path: str
    body: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """Who asked, and what came back."""

    who: str | None
    status: int
    json: Any


def at_once(port: FakePort, asks: Iterable[Ask]) -> list[Got]:
    """Send all requests at the same time, each on a connection of its own."""
    tokens = {who: port.token(as_user=who) for who in (None, *CROWD)}

    async def send(session: aiohttp.ClientSession, ask: Ask) -> Got:
        headers = {"Authorization": f"Bearer {tokens[ask.who]}"}
        async with session.request(ask.method, ask.path, json=ask.body, headers=headers) as answer:
            return Got(who=ask.who, status=answer.status, json=await answer.json())

    async def send_all() -> list[Got]:
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(
            port.base_url, connector=connector, timeout=TIMEOUT
        ) as session:
            return await asyncio.gather(*(send(session, ask) for ask in asks))

    return asyncio.run(send_all())


def votes(run_id: str, voters: Iterable[str | None]) -> list[Ask]:
    path = f"{RUNS}/{run_id}/approval"
    return [Ask(who=who, method="PATCH", path=path, body=APPROVE) for who in voters]


def shuffled(voters: Iterable[str | None]) -> list[str | None]:
    order = list(voters)
    Random(SEED).shuffle(order)  # noqa: S311 - the same in every run, and no secret
    return order


def outcome(got: Iterable[Got]) -> Counter[tuple[int, str]]:
    """Count the answers by status, and by what became of the run or what was wrong."""
    return Counter(
        (one.status, one.json["run"]["status"] if one.json["ok"] else one.json["error"])
        for one in got
    )


@pytest.fixture(autouse=True)
def _crowd(port_fake: FakePort) -> None:
    for email in CROWD:
        port_fake.add_user(email)


def press(port: FakePort, backend: Backend, kind: str) -> str:
    """Press a button that the whole crowd must approve, and return the id of the run."""
    port.add_action("deploy", approval=kind, approvers=CROWD, invokes=backend.url)
    return port.execute("deploy").id


def test_two_hundred_approve_at_once_and_one_of_them_releases_the_run(
    port_fake: FakePort, port_backend: Backend
) -> None:
    port_backend.reports()
    run_id = press(port_fake, port_backend, "ANY")

    got = at_once(port_fake, votes(run_id, shuffled(CROWD * 10)))
    port_fake.settle()

    assert outcome(got) == {(201, "IN_PROGRESS"): 1, (422, "invalid_request"): 199}
    [winner] = [one.who for one in got if one.status == 201]
    run = port_fake.run(run_id)
    assert run.status == "SUCCESS"
    assert run.json["approval"]["userId"] == port_fake.caller(winner).id
    assert [letter.run_id for letter in port_backend.letters] == [run_id]


def test_one_who_votes_two_hundred_times_at_once_has_one_vote(
    port_fake: FakePort, port_backend: Backend
) -> None:
    run_id = press(port_fake, port_backend, "ALL")

    got = at_once(port_fake, votes(run_id, [CROWD[0]] * 200))

    assert outcome(got) == {(201, "WAITING_FOR_APPROVAL"): 1, (422, "invalid_request"): 199}
    assert port_backend.letters == []


def test_the_last_of_twenty_releases_the_run_however_often_each_votes(
    port_fake: FakePort, port_backend: Backend
) -> None:
    run_id = press(port_fake, port_backend, "ALL")

    got = at_once(port_fake, votes(run_id, shuffled(CROWD * 10)))
    port_fake.settle()

    assert outcome(got) == {
        (201, "WAITING_FOR_APPROVAL"): 19,
        (201, "IN_PROGRESS"): 1,
        (422, "invalid_request"): 180,
    }
    assert Counter(one.who for one in got if one.status == 201) == Counter(CROWD)
    [last] = [one for one in got if one.json.get("run", {}).get("status") == "IN_PROGRESS"]
    approvers = client_of(port_fake).get(f"{RUNS}/{run_id}/approvers").json["approvers"]
    assert approvers[-1]["userId"] == port_fake.caller(last.who).id
    assert len(approvers) == 20
    assert [letter.run_id for letter in port_backend.letters] == [run_id]


@pytest.mark.parametrize("missing", [CROWD[0], CROWD[13]])
def test_nineteen_of_twenty_release_nothing(
    port_fake: FakePort, port_backend: Backend, missing: str
) -> None:
    run_id = press(port_fake, port_backend, "ALL")
    others = [email for email in CROWD if email != missing]

    early = at_once(port_fake, votes(run_id, shuffled([*others, None] * 10)))
    port_fake.settle()
    before = port_fake.run(run_id).status, len(port_backend.letters)
    late = at_once(port_fake, votes(run_id, [missing] * 10))
    port_fake.settle()

    assert outcome(early) == {(201, "WAITING_FOR_APPROVAL"): 20, (422, "invalid_request"): 180}
    assert before == ("WAITING_FOR_APPROVAL", 0)
    assert outcome(late) == {(201, "IN_PROGRESS"): 1, (422, "invalid_request"): 9}
    assert len(port_backend.letters) == 1


def test_a_run_is_either_approved_or_declined(port_fake: FakePort, port_backend: Backend) -> None:
    run_id = press(port_fake, port_backend, "ANY")
    path = f"{RUNS}/{run_id}/approval"
    words = ["APPROVE", "DECLINE"] * 50
    asks = [
        Ask(who=CROWD[number % 20], method="PATCH", path=path, body={"status": word})
        for number, word in enumerate(words)
    ]

    got = at_once(port_fake, asks)
    port_fake.settle()

    [ruled] = [one.json["run"]["status"] for one in got if one.status == 201]
    assert len(port_backend.letters) == (ruled == "IN_PROGRESS")
    assert port_fake.run(run_id).status == ruled


# Policies that need jq, while the catalog changes.


def level(number: int) -> Ask:
    """Return a request that writes the same number to both services, in one go."""
    entities = [{"identifier": name, "properties": {"level": number}} for name in ("left", "right")]
    path = "/v1/blueprints/service/entities/bulk?upsert=true"
    return Ask(who=None, method="POST", path=path, body={"entities": entities})


def govern(port: FakePort, condition: str, approve: str | None = None) -> None:
    """Let a policy judge the runs of an action by the two services."""
    port.add_blueprint("service", properties={"level": {"type": "number"}})
    for name in ("left", "right"):
        port.add_entity("service", name, properties={"level": 0})
    port.add_action("deploy", approval=approve is not None, invokes={"type": "KAFKA"})

    def policy(condition: str) -> dict[str, Any]:
        return {"queries": {"services": SERVICES}, "conditions": [condition]}

    port.permit("deploy", execute={"policy": policy(condition)})
    if approve is not None:
        port.permit("deploy", approve={"policy": policy(approve)})


LEVELS = "[.results.services.entities[].properties.level]"


def test_each_run_is_judged_on_one_state_of_the_catalog(port_fake: FakePort) -> None:
    named = f'["{CROWD[0]}", "{CROWD[1]}"]'
    approve = f"{LEVELS} | if unique | length == 1 then {named} else [] end"
    govern(port_fake, f"{LEVELS} | unique | length == 1", approve)
    presses = [
        Ask(who=who, method="POST", path="/v1/actions/deploy/runs", body={"properties": {}})
        for who in CROWD * 5
    ]
    writes = [level(number) for number in range(1, 51)]

    got = at_once(
        port_fake, [ask for pair in zip(presses, writes * 2, strict=True) for ask in pair]
    )

    pressed = [one for one in got if one.who is not None]
    assert outcome(pressed) == {(202, "WAITING_FOR_APPROVAL"): 100}
    assert len({one.json["run"]["id"] for one in pressed}) == len(port_fake.runs()) == 100
    approvers = {port_fake.caller(email).id for email in CROWD[:2]}
    client = client_of(port_fake)
    for run in port_fake.runs():
        path, wanted = f"{RUNS}/{run.id}/approvers", {"include_pending_approvers": "true"}
        found = client.get(path, wanted).json["approvers"]
        assert {one["userId"] for one in found} == approvers


def test_a_catalog_that_never_stands_still_keeps_nobody_waiting(port_fake: FakePort) -> None:
    # A round of jq takes longer than the write that makes it worthless.
    govern(port_fake, f"([range(10000)] | length) > 1 and ({LEVELS} | length == 2)")
    client, writer = client_of(port_fake, CROWD[0]), client_of(port_fake)
    statuses: list[int] = []

    def press() -> None:
        statuses.append(client.post("/v1/actions/deploy/runs", {"properties": {}}).status)

    thread = Thread(target=press)
    thread.start()
    number = 0
    while thread.is_alive():
        number += 1
        body = {"properties": {"level": number}}
        assert writer.patch("/v1/blueprints/service/entities/left", body).status == 200

    assert statuses == [202]
