"""Who a handle is: credentials, ids and timestamps that a name and a seed repeat."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from port_fake import FakePort, FakePortServer, RepeatableClock, SystemClock

ANA: Final = "ana@example.com"


def told(port: FakePort) -> dict[str, Any]:
    """Furnish the organisation, live a little, and return whatever names or dates it gave."""
    user = port.add_user(ANA, teams=["platform"])
    action = port.add_action("deploy", approval=True)
    run = port.decline(port.execute("deploy"), description="not now")
    line = port.perform("add-log-action-run", path={"run_id": run.id}, body={"message": "late"})
    entity = port.add_blueprint("service") and port.add_entity("service", "checkout")
    return {
        "credentials": (port.client_id, port.client_secret),
        "of ana": (port.credentials_of(ANA).client_id, port.credentials_of(ANA).client_secret),
        "organisation": port.perform("get-organization"),
        "token": port.token(),
        "user": user,
        "action": action,
        "run": port.run(run).json,
        "line": line,
        "entity": entity,
    }


def test_the_same_name_and_seed_give_the_same_of_everything() -> None:
    assert told(FakePort(name="acme", seed=3)) == told(FakePort(name="acme", seed=3))


def test_a_name_and_a_seed_are_there_if_none_is_given() -> None:
    assert told(FakePort()) == told(FakePort(name="port-fake", seed=0))


def test_another_name_gives_other_credentials() -> None:
    one, two = told(FakePort(name="one")), told(FakePort(name="two"))

    for key in ("credentials", "of ana", "organisation", "token"):
        assert one[key] != two[key], key


def test_another_seed_gives_other_ids_too() -> None:
    one, two = told(FakePort(seed=1)), told(FakePort(seed=2))

    assert one.keys() == two.keys()
    for key in ("credentials", "of ana", "organisation", "token"):
        assert one[key] != two[key], key
    assert one["run"]["id"] != two["run"]["id"]
    assert one["action"]["id"] != two["action"]["id"]
    assert one["run"]["createdAt"] == two["run"]["createdAt"]


def test_without_a_seed_nothing_repeats() -> None:
    before = SystemClock().peek()

    one, two = (told(FakePort(seed=None)) for _ in range(2))

    for key in ("credentials", "of ana", "organisation", "token"):
        assert one[key] != two[key], key
    assert one["run"]["id"] != two["run"]["id"]
    assert before <= datetime.fromisoformat(one["run"]["createdAt"]) <= SystemClock().peek()


def test_two_users_have_credentials_of_their_own() -> None:
    port = FakePort()
    for email in (ANA, "ben@example.com"):
        port.add_user(email)

    ids = {port.client_id, port.credentials_of(ANA).client_id}
    ids.add(port.credentials_of("ben@example.com").client_id)

    assert len(ids) == 3
    assert port.credentials_of(ANA) is port.credentials_of(ANA)


def test_credentials_do_not_depend_on_when_they_are_asked_for() -> None:
    early, late = FakePort(), FakePort()
    for port in (early, late):
        port.add_user(ANA)
    late.add_user("ben@example.com")
    late.credentials_of("ben@example.com")

    assert early.credentials_of(ANA) == late.credentials_of(ANA)


def test_credentials_may_be_chosen_and_their_secret_is_not_shown() -> None:
    port = FakePort(client_id="me", client_secret="my-secret")  # noqa: S106 - a fake's

    assert (port.client_id, port.client_secret) == ("me", "my-secret")
    assert "my-secret" not in repr(port.credentials)


def test_the_environment_names_what_clients_read() -> None:
    with FakePort() as port:
        assert port.env == {
            "PORT_BASE_URL": port.base_url,
            "PORT_CLIENT_ID": port.client_id,
            "PORT_CLIENT_SECRET": port.client_secret,
        }


def test_a_clock_of_ones_own_dates_everything() -> None:
    start = datetime(2030, 2, 3, 4, 5, 6, tzinfo=UTC)
    port = FakePort(clock=RepeatableClock(start))

    action = port.add_action("deploy")

    assert action["createdAt"] == "2030-02-03T04:05:06.001Z"


@pytest.mark.parametrize("seed", [0, None])
def test_advancing_moves_the_clock_of_this_organisation_alone(seed: int | None) -> None:
    port, other = FakePort(seed=seed), FakePort(seed=seed)
    port.add_action("deploy")
    before = datetime.fromisoformat(port.execute("deploy").json["createdAt"])

    port.advance(3_600)

    after = datetime.fromisoformat(port.execute("deploy").json["createdAt"])
    assert (after - before).total_seconds() >= 3_600
    assert datetime.fromisoformat(other.add_action("deploy")["createdAt"]) < after


def test_a_system_clock_goes_with_any_seed() -> None:
    before = SystemClock().peek()
    port = FakePort(seed=5, clock=SystemClock())

    action = port.add_action("deploy")

    assert datetime.fromisoformat(action["createdAt"]) >= before
    assert action["id"] == FakePort(seed=5).add_action("deploy")["id"]


def test_organisations_of_one_server_are_told_apart_while_they_live() -> None:
    with (
        FakePortServer() as server,
        server.organisation() as one,
        server.organisation() as two,
        server.organisation(name="acme") as third,
    ):
        assert len({one.client_id, two.client_id, third.client_id}) == 3


def test_an_organisation_is_the_same_whoever_came_and_went_before() -> None:
    with FakePortServer() as server:
        with server.organisation() as first, server.organisation() as beside:
            earlier = (first.client_id, beside.client_id)
        with server.organisation() as again, server.organisation() as beside:
            later = (again.client_id, beside.client_id)

    assert earlier == later


def test_organisations_that_are_prepared_together_may_be_used_together() -> None:
    with FakePortServer() as server:
        one, two = server.organisation(), server.organisation()
        with one, two:
            assert one.client_id != two.client_id


def test_the_seed_of_a_server_is_that_of_its_organisations_unless_they_name_one() -> None:
    with FakePortServer(seed=7) as server:
        inherited, own = server.organisation(), server.organisation(name="own", seed=8)

    assert inherited.client_id == FakePort(seed=7).client_id
    assert own.client_id == FakePort(name="own", seed=8).client_id
