"""The stories that come along say all that there is to say of the API, and say it each time."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import parse_qsl

import pytest

from port_fake import FakePort
from port_fake.contracts.exchanges.asking import asker_of
from port_fake.contracts.exchanges.furnishing import arranged
from port_fake.contracts.exchanges.lines import Exchange, Kind, Recorded, read
from port_fake.contracts.exchanges.presupposed import presupposed
from port_fake.contracts.exchanges.replaying import replay, replay_on_fake
from port_fake.contracts.proxy import Proxy
from port_fake.contracts.stories.book import STORIES
from port_fake.contracts.stories.telling import shelf, told
from port_fake.dialects.port.dialect import PORT
from port_fake.scenarios.lives import STATUSES
from port_fake.surface.operation import Nothing, Operation

RECORD_ANEW = "record them anew: python -m port_fake.contracts.stories.telling"
NAMES = [row.name for row in PORT.operations]
ROWS = {row.name: row for row in PORT.operations}


@pytest.fixture(scope="module")
def files() -> dict[str, Recorded]:
    return {name: read(shelf() / f"{name}.jsonl") for name in STORIES}


@pytest.fixture(scope="module")
def by_operation(files: dict[str, Recorded]) -> dict[str | None, list[Exchange]]:
    found = defaultdict(list)
    for recorded in files.values():
        for exchange in recorded.exchanges:
            found[exchange.operation].append(exchange)
    return found


def test_there_is_a_file_for_every_story_and_no_other() -> None:
    assert {file.stem for file in shelf().iterdir()} == set(STORIES), RECORD_ANEW


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_a_story_told_again_is_the_same(name: str) -> None:
    expected = (shelf() / f"{name}.jsonl").read_text("utf-8")

    assert told(STORIES[name]) == expected, RECORD_ANEW


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_a_story_replayed_on_the_fake_has_no_difference(
    files: dict[str, Recorded], name: str
) -> None:
    outcome = replay_on_fake(files[name])

    differences = [
        (str(one.exchange), each) for one in outcome.replayed for each in one.differences
    ]
    assert differences == [], RECORD_ANEW
    assert len(outcome.compared) == len(outcome.replayed) > 15
    assert not outcome.notes
    assert not outcome.recorded.broken


@pytest.mark.parametrize("name", STORIES)
def test_a_story_says_that_it_was_recorded_from_the_fake_and_needs_nothing(
    files: dict[str, Recorded], name: str
) -> None:
    recorded = files[name]
    wanted = presupposed(recorded.exchanges)
    wanted.things.pop("node run", None)  # the API has no way to make those

    assert recorded.header is not None
    assert recorded.header.source == "fake"
    assert not any(wanted.things.values())
    assert not wanted.missing


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_a_story_holds_whatever_the_ids_and_the_time_are_and_for_who_does_not_wait(
    files: dict[str, Recorded], name: str
) -> None:
    exchanges = files[name].exchanges
    with FakePort(name="elsewhere", seed=None) as port, Proxy(port.base_url) as proxy:
        before = arranged(port, exchanges)
        ask = asker_of(port, base_url=proxy.base_url)
        done = replay(exchanges, ask, bindings=before.bindings, credentials_of=ask.credentials_of)

        differences = [(str(one.exchange), each) for one in done for each in one.differences]
        ask.close()

    assert differences == []


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_succeeds_and_is_refused(
    by_operation: dict[str | None, list[Exchange]], name: str
) -> None:
    row = ROWS[name]
    statuses = {one.answer.status for one in by_operation[name]}

    assert row.success in statuses
    assert _refusals(row) - statuses == set()


def _refusals(row: Operation) -> set[int]:
    refusals = {401}
    if "{" in row.path:
        refusals.add(404)
    if row.shapes.body is not Nothing:
        refusals |= {400, 422}
    # The names of faults are those of statuses.
    words = {"conflict": 409, "forbidden": 403}
    return refusals | {words[one] for one in row.refuses if one in words}


@pytest.mark.parametrize(
    ("name", "parameter"),
    [(row.name, one) for row in PORT.operations for one in row.shapes.query.__annotations__],
)
def test_every_parameter_of_a_query_is_given(
    by_operation: dict[str | None, list[Exchange]], name: str, parameter: str
) -> None:
    queries = [one.query for one in by_operation[name]]

    assert parameter in {key for query in queries for key, _ in parse_qsl(query)}


def test_every_status_of_a_run_occurs_in_both_versions(
    by_operation: dict[str | None, list[Exchange]],
) -> None:
    seen = defaultdict(set)
    for exchange in by_operation["get-action-run-s-details"]:
        if exchange.answer.status == 200:
            version = "v2" if "version=v2" in exchange.query else "v1"
            seen[version].add(exchange.answer.body.value["run"]["status"])

    assert seen["v1"] == seen["v2"] == set(STATUSES)


def test_no_body_was_too_large_to_be_kept(files: dict[str, Recorded]) -> None:
    bodies = [
        body
        for recorded in files.values()
        for one in recorded.exchanges
        for body in (one.request, one.answer.body)
    ]

    assert len(bodies) > 2_000
    assert all(body.kind is not Kind.CUT for body in bodies)
