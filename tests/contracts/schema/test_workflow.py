"""A walk along links notices what does not lead where it must."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import pytest

from port_fake import FakePortServer
from port_fake.contracts.proxy import Answered, Asked, Forward, Proxy
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.scenes import Scene
from port_fake.contracts.schema.links import LINKED, LINKS, write_links
from port_fake.contracts.schema.stock import Made
from port_fake.contracts.schema.workflow import Walk
from port_fake.contracts.sites import Wanted, open_site
from port_fake.contracts.veil import Veil
from port_fake.dialects.port.dialect import PORT
from port_fake.strategies.playing.targets import OPERATIONS
from port_fake.surface.document import document


@pytest.fixture(scope="module")
def server() -> Iterator[FakePortServer]:
    with FakePortServer(seed=1) as server:
        yield server


def walk(url: str, *, least: int, scenarios: int = 4, steps: int = 8) -> Walk:
    site = open_site(Wanted(target=url), veil=Veil())
    try:
        with site.organisation() as port:
            walked = Walk(Made(Scene(port)), scenarios=scenarios, steps=steps, seed=1)
            walked.carry_out(least=least)
    finally:
        site.close()
    return walked


def test_links_lead_from_one_operation_to_the_next(server: FakePortServer) -> None:
    walked = walk(server.base_url, least=4)

    assert len(walked.followed) >= 4
    assert walked.complaints.accepted > 4


async def loses_all(asked: Asked, forward: Forward) -> Answered:
    """Find nothing that was made."""
    answered = await forward(asked)
    made = asked.method in {"GET", "PATCH", "POST"} and asked.target.count("/") > 3
    if "/_fake/" in asked.target or not made or answered.status >= 300:
        return answered
    if asked.target.endswith("/runs"):
        return answered
    body = {"ok": False, "error": "not_found", "message": "it is lost"}
    return replace(answered, status=404, body=json.dumps(body).encode())


async def keeps_all(asked: Asked, forward: Forward) -> Answered:
    """Delete nothing, and say that it was done."""
    if asked.method == "DELETE" and "/_fake/" not in asked.target:
        got = await forward(replace(asked, method="GET"))
        return replace(got, body=b'{"ok": true}')
    return await forward(asked)


async def forgets_ids(asked: Asked, forward: Forward) -> Answered:
    """Answer what is made as if it had no name."""
    answered = await forward(asked)
    if asked.method != "POST" or "/_fake/" in asked.target or "access_token" in asked.target:
        return answered
    body = json.loads(answered.body)
    for key in ("action", "run", "team", "secret", "blueprint", "entity"):
        body.pop(key, None)
    return replace(answered, body=json.dumps(body).encode())


@pytest.mark.parametrize("between", [loses_all, forgets_ids])
def test_links_that_lead_nowhere_are_told(server: FakePortServer, between: object) -> None:
    with (
        Proxy(server.base_url, between=between) as proxy,  # type: ignore[arg-type]
        pytest.raises(AnswerError, match="was answered"),
    ):
        walk(proxy.base_url, least=4)


@pytest.mark.slow
def test_what_was_deleted_and_is_still_there_is_told(server: FakePortServer) -> None:
    with (
        Proxy(server.base_url, between=keeps_all) as proxy,
        pytest.raises(AnswerError, match="use_after_free"),
    ):
        walk(proxy.base_url, least=0, scenarios=12, steps=12)


async def breaks_off(asked: Asked, forward: Forward) -> Answered:
    """Know everybody, and answer nothing but nonsense."""
    answered = await forward(asked)
    mine = "/_fake/" not in asked.target and "access_token" not in asked.target
    return replace(answered, body=b"<html>") if mine else answered


def test_nonsense_is_told_and_breaks_nothing(server: FakePortServer) -> None:
    with (
        Proxy(server.base_url, between=breaks_off) as proxy,
        pytest.raises(AnswerError, match=r"was answered \d+ <html>"),
    ):
        walk(proxy.base_url, least=4)


def test_too_few_links_are_told(server: FakePortServer) -> None:
    with pytest.raises(AnswerError, match=r"links led to a success .* it must be 999"):
        walk(server.base_url, least=999)


def test_every_link_is_between_operations_of_the_document() -> None:
    assert OPERATIONS.keys() >= LINKED


def test_links_are_written_where_successes_are_described() -> None:
    written = deepcopy(document(PORT))

    write_links(written)

    found = {
        operation["operationId"]: set(answer["links"])
        for item in written["paths"].values()
        for operation in item.values()
        for answer in operation["responses"].values()
        if "links" in answer
    }
    assert found == {name: set(one.targets) for name, one in LINKS.items()}
