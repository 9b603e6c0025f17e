"""Snapshots that are none: refused with the place, and nothing has changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from port_fake import FakePort, MisuseError
from tests.snapshots.lives import stocked

WHOLE: Final = json.dumps(stocked().snapshot())

Damage = Callable[[dict[str, Any]], object]


def refusal(port: FakePort, document: Any) -> str:
    """Return why *document* is refused; the organisation must be as it was."""
    before = port.snapshot()
    with pytest.raises(MisuseError) as told:
        port.restore(document)
    assert port.snapshot() == before
    return str(told.value)


@pytest.fixture(scope="module")
def port() -> FakePort:
    """An organisation that nothing can be restored to here."""
    return stocked()


@pytest.mark.parametrize("document", [None, 7, "text", [], {}, {"format": "other"}])
def test_what_is_no_snapshot_at_all_is_told_so(port: FakePort, document: Any) -> None:
    assert refusal(port, document).startswith("not a snapshot: expected an object with the format")


@pytest.mark.parametrize("version", [None, "1", True, 0, -1, 1.5])
def test_a_version_must_be_a_number(port: FakePort, version: Any) -> None:
    document = {**json.loads(WHOLE), "version": version}

    assert refusal(port, document) == "version: expected a number from 1 to 1"


def test_a_newer_version_is_told_as_such_whatever_else_it_holds(port: FakePort) -> None:
    document = {**json.loads(WHOLE), "version": 2, "novelties": []}

    assert refusal(port, document) == (
        "version 2 was written by a newer port-fake; this one reads up to 1"
    )


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda one: one.pop("runs"), "'runs' is missing"),
        (lambda one: one.update(extra=1), "'extra' is unknown"),
        (lambda one: one.update(runs={}), "runs: expected a list"),
        (lambda one: one["runs"][1].pop("id"), "runs, item 1, id: field required"),
        (lambda one: one["runs"][0].update(state="busy"), "runs, item 0, state: input should be"),
        (lambda one: one["runs"][0].update(surplus=1), "runs, item 0, surplus: unexpected"),
        (lambda one: one["runs"][0].update(depth="1"), "runs, item 0, depth: input should be"),
        (lambda one: one["runs"][0].update(action=9), "runs, item 0, action: expected the number"),
        (lambda one: one["runs"][0].update(action=-1), "runs, item 0, action: expected"),
        (lambda one: one["runs"].append(None), "runs, item 4, action: expected"),
        (lambda one: one["runs"].append(one["runs"][0]), "runs, item 4: run '.*' exists already"),
        (lambda one: one["runs"].pop(0), "logs, '.*': no run has the identifier"),
        (lambda one: one["users"][0].update(teams="ops"), "users, item 0, teams: input should be"),
        (lambda one: one["users"][0].update(created_at="soon"), "users, item 0, created_at: "),
        (lambda one: one["actions"][0].update(policy="MOST"), "actions, item 0, policy: "),
        (lambda one: one["actions"].clear(), "runs, item 0, action: expected .* of 0 actions"),
        (lambda one: one["blueprints"].clear(), "entities, item 0: no blueprint"),
        (lambda one: one["secrets"][0].update(value=7), "secrets, item 0, value: input should be"),
        (lambda one: one["clock"].pop("time"), "clock, time: field required|clock.time: field"),
        (lambda one: one["ids"]["characters"].update(r_=-1), "ids, 'r_': expected 0 to"),
        (lambda one: one["accounts"].clear(), "accounts, item 0: expected the organisation's own"),
        (lambda one: one["accounts"][0].update(email="a"), "accounts, item 0: expected"),
        (lambda one: one["profile"].update(key={1, 2}), None),
        (lambda one: one["profile"].update(key="\ud800"), "profile: holds what is no JSON"),
    ],
)
def test_a_damaged_snapshot_is_told_by_its_place(
    port: FakePort, damage: Damage, told: str | None
) -> None:
    document = json.loads(WHOLE)
    damage(document)

    if told is None:
        port.restore(document)  # a set is written as a list
        return
    said = refusal(port, document)
    assert re.match(told, said), said


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path to every value inside of *value*."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


PLACES: Final = [place for place in places(json.loads(WHOLE)) if place]
STRANGE: Final[st.SearchStrategy[Any]] = st.sampled_from(
    [None, True, -1, 10**30, 0.5, "", "r_1", [], [[]], {}, {"a": 1}]
)


@settings(max_examples=150)
@given(st.sampled_from(PLACES), STRANGE)
def test_whatever_stands_wherever_is_taken_whole_or_refused(
    place: tuple[Any, ...], strange: Any
) -> None:
    document = json.loads(WHOLE)
    holder = document
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = strange
    port = FakePort()
    before = port.snapshot()

    try:
        port.restore(document)
    except MisuseError:
        assert port.snapshot() == before
    else:
        assert FakePort(state=port.snapshot()).snapshot() == port.snapshot()


def test_a_refusal_never_shows_a_secret(port: FakePort) -> None:
    document = json.loads(WHOLE)
    document["secrets"][0]["value"] = ["hunter2-and-more"]
    document["accounts"][0]["client_secret"] = [port.client_secret]

    said = refusal(port, document)

    assert "hunter2" not in said
    assert port.client_secret not in said


def test_an_organisation_cannot_begin_as_a_damaged_one() -> None:
    with pytest.raises(MisuseError, match="not a snapshot"):
        FakePort(state={"format": "a scenario"})


def test_other_credentials_than_those_of_the_snapshot_are_a_contradiction() -> None:
    document = json.loads(WHOLE)
    own = document["accounts"][0]

    with pytest.raises(MisuseError, match="give no other credentials") as told:
        FakePort(state=document, client_secret="guess")  # noqa: S106 - a guess
    FakePort(state=document, client_id=own["client_id"], client_secret=own["client_secret"])

    assert own["client_secret"] not in str(told.value)
