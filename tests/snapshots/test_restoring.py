"""A snapshot is the organisation: what is restored shows the same, and goes on the same."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any, Final

import pytest
from Crypto.Cipher import AES
from hypothesis import given, settings

from port_fake import FakePort, RunView
from port_fake.inputs.encryption import IV_BYTES
from tests.snapshots.lives import LEAD, LIVES, SECRET, STEPS, Step, shown, stocked

ENOUGH: Final = settings(max_examples=20)


def lived(steps: list[Step], port: FakePort) -> list[str | None]:
    return [each.attempt(port) for each in steps]


def through_json(document: dict[str, Any]) -> dict[str, Any]:
    """Return *document* as somebody reads it who got it as a text."""
    read: dict[str, Any] = json.loads(json.dumps(document, allow_nan=False))
    return read


@ENOUGH
@given(LIVES)
def test_restoring_a_snapshot_changes_nothing_that_can_be_seen(steps: list[Step]) -> None:
    port = stocked()
    lived(steps, port)
    before, snapshot = shown(port), port.snapshot()

    port.restore(through_json(snapshot))

    assert shown(port) == before
    assert port.snapshot() == snapshot


@ENOUGH
@given(LIVES, LIVES)
def test_what_is_restored_goes_on_as_what_was_kept(before: list[Step], after: list[Step]) -> None:
    first = stocked()
    lived(before, first)
    second = FakePort(state=through_json(first.snapshot()))

    told = lived(after, first)

    assert lived(after, second) == told
    assert shown(second) == shown(first)
    assert second.snapshot() == first.snapshot()


@ENOUGH
@given(LIVES)
def test_whatever_happened_since_a_snapshot_is_undone_by_it(steps: list[Step]) -> None:
    port = stocked()
    snapshot, before = port.snapshot(), shown(port)
    lived(steps, port)

    port.restore(snapshot)

    assert shown(port) == before


def test_a_life_that_is_drawn_touches_everything() -> None:
    port = stocked()

    told = lived(STEPS, port)

    assert sum(one is None for one in told) > len(STEPS) / 2, "most steps are refused"


def test_a_snapshot_shares_nothing_with_the_organisation() -> None:
    port = stocked()
    snapshot = port.snapshot()
    kept = through_json(snapshot)

    snapshot["runs"][0]["inputs"]["version"] = "spoilt"
    snapshot["entities"].clear()
    port.restore(kept)
    kept["runs"][0]["inputs"]["version"] = "spoilt"

    assert port.runs()[-1].properties == {"version": "1"}
    assert port.snapshot() != snapshot


def test_a_snapshot_says_what_it_is_and_reads_as_plain_values() -> None:
    snapshot = stocked().snapshot()

    assert (snapshot["format"], snapshot["version"]) == ("port-fake organisation", 1)
    assert snapshot["runs"][0]["state"] == "awaiting approval"
    assert snapshot["runs"][0]["created_at"].startswith("2026-01-05T10:00:00")
    assert [one["name"] for one in snapshot["secrets"]] == ["TOKEN"]


def test_an_action_is_kept_once_for_each_version_that_runs_were_made_of() -> None:
    port = stocked()
    for _ in range(3):
        port.execute("poll")
    port.perform("delete-action", path={"action_identifier": "poll"})

    snapshot = port.snapshot()
    other = FakePort(state=snapshot)

    assert [one["identifier"] for one in snapshot["former_actions"]] == ["poll"]
    assert snapshot["runs"][-1]["action"] == len(snapshot["actions"])
    newest, second = (other.world.runs[one.id].action for one in other.runs()[:2])
    assert newest is second


def test_a_snapshot_of_another_organisation_leaves_this_one_its_credentials() -> None:
    other = stocked(name="other")
    with FakePort(name="mine", seed=3) as port:
        token, identity = port.token(), (port.client_id, port.client_secret, port.world.id)

        port.restore(other.snapshot())

        assert (port.client_id, port.client_secret, port.world.id) == identity
        assert port.token() == token
        assert [one.id for one in port.runs()] == [one.id for one in other.runs()]


def test_an_organisation_may_begin_as_another_was_credentials_and_all() -> None:
    other = stocked(name="other")
    personal = other.credentials_of(LEAD)

    port = FakePort(name="mine", state=other.snapshot(), scenario="microservice")

    assert port.world.id == other.world.id
    assert port.credentials == other.credentials
    assert port.credentials_of(LEAD) == personal


def test_what_was_encrypted_can_be_read_by_who_takes_the_organisation_up() -> None:
    port = FakePort(state=stocked().snapshot())

    (run,) = port.runs(action="sealed")

    sealed = b64decode(run.properties["password"])
    cipher = AES.new(port.client_secret[:32].encode(), AES.MODE_GCM, nonce=sealed[:IV_BYTES])
    assert cipher.decrypt_and_verify(sealed[IV_BYTES:-16], sealed[-16:]).decode() == SECRET


def test_a_run_that_waits_in_a_queue_waits_there_still() -> None:
    port = FakePort(state=stocked().snapshot())
    body = {"installationId": "ocean", "limit": 10}

    claimed = port.perform("claim-pending-runs", body=body)["runs"]
    nodes = port.perform("claim-pending-node-runs", body=body)["nodeRuns"]

    assert [one["action"]["identifier"] for one in claimed] == ["poll"]
    assert len(nodes) == 1


def test_what_came_and_what_left_is_no_part_of_a_snapshot() -> None:
    with FakePort() as port:
        port.add_action("deploy", invokes={"type": "KAFKA", "payload": {}})
        snapshot = port.snapshot()
        run = port.execute("deploy")
        left = port.settle()

        port.restore(snapshot)

        assert port.deliveries == left
        assert port.runs() == []
        assert isinstance(run, RunView)


def test_restoring_lets_nothing_leave() -> None:
    with FakePort() as port:
        port.add_action("deploy", invokes={"type": "KAFKA", "payload": {}})
        port.execute("deploy")
        before = port.settle()

        port.restore(port.snapshot())

        assert port.settle() == before


@pytest.mark.parametrize("seed", [None, 0])
def test_time_goes_on(seed: int | None) -> None:
    port = FakePort(seed=seed)
    port.advance(3600)

    other = FakePort(seed=seed, state=port.snapshot())

    gap = other.world.clock.peek() - port.world.clock.peek()
    assert abs(gap.total_seconds()) < 60


def test_secrets_are_in_no_repr() -> None:
    port = stocked()
    state = port._state()  # noqa: SLF001 - what a traceback could show

    assert SECRET not in repr(state)
    assert port.client_secret not in repr(state)
