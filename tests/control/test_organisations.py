"""Organisations that the control API makes, and those that it finds."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import pytest

from port_fake import FakePort, FakePortServer, MisuseError
from tests.support.client import Client
from tests.support.control import ROOT, ControlClient, assert_refused, named

MANY: Final = 16
AWKWARD: Final = ["tests/a.py::test_b[ü]", "a b?c#d%2F", "..."]


def client_of(control: ControlClient, name: str) -> Client:
    """Return a client of the fake with the credentials of an organisation."""
    token = control.post(named(name, "/credentials")).json["access_token"]
    return Client(control.base_url, token)


def names(control: ControlClient) -> list[str]:
    return [one["name"] for one in control.get(ROOT).json["organisations"]]


def test_a_new_organisation_works_with_the_credentials_that_are_told(
    control: ControlClient, shop: dict[str, Any]
) -> None:
    body = {"clientId": shop["client_id"], "clientSecret": shop["client_secret"]}
    token = Client(shop["base_url"]).post("/v1/auth/access_token", body).json["accessToken"]

    answer = Client(shop["base_url"], token).get("/v1/actions")

    assert len(answer.json["actions"]) == 2
    assert control.post(named("shop", "/credentials")).json["client_id"] == shop["client_id"]


def test_two_organisations_do_not_mix(control: ControlClient) -> None:
    control.create(name="one", scenario={"name": "microservice"})
    control.create(name="two")
    one, two = client_of(control, "one"), client_of(control, "two")

    control.post(named("one", "/faults"), {"status": 404, "times": None})
    control.patch(named("two", "/clock"), {"advance_s": 3600})

    assert two.get("/v1/actions").json["actions"] == []
    assert one.get("/v1/actions").status == 404
    assert [one_["path"] for one_ in control.get(named("two", "/requests")).json["requests"]] == [
        "/v1/actions"
    ]
    assert control.get(named("one", "/clock")).json["now"].startswith("2026-01-05T10:")
    assert control.get(named("two", "/faults")).json == {"faults": []}


def test_a_name_is_given_once_however_many_ask_for_it_together(control: ControlClient) -> None:
    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(lambda _: control.post(ROOT, {"name": "shop"}), range(MANY)))

    assert Counter(answer.status for answer in answers) == {201: 1, 409: MANY - 1}
    assert names(control) == ["shop"]


def test_who_gives_no_name_gets_one_that_is_free(control: ControlClient) -> None:
    control.create(name="organisation-2")

    with ThreadPoolExecutor(MANY) as pool:
        made = list(pool.map(lambda _: control.create(), range(MANY)))

    assert len({one["name"] for one in made}) == len({one["client_id"] for one in made}) == MANY
    assert len(names(control)) == MANY + 1


def test_a_deleted_organisation_is_gone_and_its_name_is_free(control: ControlClient) -> None:
    control.create(name="shop", scenario={"name": "microservice"})
    before = client_of(control, "shop")

    assert control.delete(named("shop")).json == {"name": "shop"}

    assert before.get("/v1/actions").status == 401
    assert_refused(control.get(named("shop")), 404, "'shop'")
    control.create(name="shop")
    assert client_of(control, "shop").get("/v1/actions").json["actions"] == []


@pytest.mark.parametrize("name", AWKWARD)
def test_a_name_may_be_any_text(name: str, control: ControlClient) -> None:
    control.create(name=name)

    assert control.get(named(name)).json["name"] == name
    assert control.post(named(name, "/deliveries/settle")).status == 200


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"name": "."}, 422, "body/name"),
        ({"name": "x" * 201}, 422, "body/name"),
        ({"name": None}, 422, "body/name"),
        ({"seed": 1.5}, 422, "body/seed must be integer"),
        ({"client_id": ""}, 422, "body/client_id"),
        ({"settings": {"no_such": 1}}, 422, "no_such"),
        ({"settings": {"list_limit": "5"}}, 422, "body/settings/list_limit"),
        ({"settings": {"rate_limit_period_s": 0}}, 422, "rate_limit_period_s"),
        ({"settings": {"rate_limit_reset": "never"}}, 422, "rate_limit_reset"),
        ({"scenario": {}}, 422, "body/scenario"),
        ({"scenario": "microservice"}, 422, "body/scenario"),
        ({"scenario": {"name": "no-such"}}, 422, "no scenario 'no-such'"),
        ({"scenario": {"parts": {"actoins": []}}}, 422, "'actoins'"),
        ({"scenario": {"parts": {"actions": [{}]}}}, 422, "actions, item 0"),
        ({"scenario": {"populate": {"people": 0}}}, 422, "people"),
        ({"snapshot": {"format": "x"}}, 422, "not a snapshot"),
        ({"snapshot": {}, "scenario": {"name": "microservice"}}, 422, "'snapshot' or 'scenario'"),
        ({"client_id": "taken"}, 409, "'taken'"),
        ({"name": "shop"}, 409, "'shop'"),
    ],
)
def test_an_organisation_that_cannot_be_made_leaves_nothing(
    body: dict[str, Any], status: int, told: str, control: ControlClient
) -> None:
    control.create(name="shop", client_id="taken")

    answer = control.post(ROOT, {"name": "other", **body})

    assert_refused(answer, status, told)
    assert names(control) == ["shop"]
    assert control.post(ROOT, {"name": "other"}).status == 201, "its name is still taken"


def test_settings_and_seed_are_those_of_the_organisation(control: ControlClient) -> None:
    settings = {"token_lifetime_s": 60, "allow_hosts": ["hooks.example"], "rate_limit": 7.0}
    body = {"clientId": "me", "clientSecret": "s"}
    account = {"client_id": "me", "client_secret": "s"}
    made = control.create(name="a", seed=None, settings=settings, **account)

    answer = Client(control.base_url).post("/v1/auth/access_token", body)

    assert answer.json["expiresIn"] <= 60
    assert made["client_id"] == "me"
    assert control.get(named("a", "/clock")).json["running"] is True


def test_the_same_name_and_seed_give_the_same_credentials_and_ids(control: ControlClient) -> None:
    first = control.create(name="shop", seed=3)
    control.delete(named("shop"))

    assert control.create(name="shop", seed=3) == first


def test_an_organisation_may_begin_as_another_one_was(control: ControlClient) -> None:
    made = control.create(name="shop", scenario={"populate": {"runs": 3}})
    snapshot = control.get(named("shop", "/snapshot")).json
    control.delete(named("shop"))

    again = control.create(name="branch", snapshot=snapshot)

    assert (again["id"], again["client_secret"]) == (made["id"], made["client_secret"])
    assert len(client_of(control, "branch").get("/v1/actions/runs").json["runs"]) == 3


def test_the_organisations_of_tests_are_found_and_belong_to_the_tests(
    server: FakePortServer, control: ControlClient
) -> None:
    with server.organisation(name="mine", scenario="microservice") as port:
        seen = control.get(ROOT).json["organisations"]
        control.post(named("mine", "/faults"), {"status": 404})

        assert [(one["name"], one["id"], one["removable"]) for one in seen] == [
            ("mine", port.world.id, False)
        ]
        assert port.faults[0].effect.status == 404
        assert_refused(control.delete(named("mine")), 409, "'mine'", "reset it instead")
        assert_refused(control.post(ROOT, {"name": "mine"}), 409, "'mine'")
        assert control.post(named("mine", "/reset")).status == 200
        assert port.runs() == []
    assert names(control) == []
    control.create(name="mine")


def test_a_test_gets_another_name_where_the_control_api_has_given_it_away(
    server: FakePortServer, control: ControlClient
) -> None:
    control.create(name="mine")

    with server.organisation(name="mine"):
        assert names(control) == ["mine", "mine#2"]


def test_what_the_control_api_has_made_ends_with_the_server() -> None:
    server = FakePortServer()
    for _ in range(2):
        with server:
            control = ControlClient(server.base_url)
            assert names(control) == []
            control.create(name="shop", client_id="mine")


def test_a_server_may_do_without_the_control_api() -> None:
    with FakePortServer(control=False) as server, server.organisation() as port:
        answer = Client(server.base_url, port.token()).get("/_fake/health")

        assert answer.status == 404
        assert "the fake has no route GET /_fake/health" in answer.message
        assert [one.path for one in port.requests] == ["/_fake/health"]


def test_an_organisation_joins_the_server_of_another_one() -> None:
    with FakePort(name="one") as one, FakePort(name="two", server=one) as two:
        assert two.base_url == one.base_url
        assert Client(two.base_url, two.token()).get("/v1/actions").status == 200
    with pytest.raises(MisuseError, match="not running"):
        assert two.base_url


def test_the_largest_body_is_larger_than_ports(control: ControlClient) -> None:
    control.create(name="shop")
    teams = [{"name": f"team {number} {'x' * 1000}"} for number in range(2000)]

    answer = control.post(named("shop", "/scenario"), {"parts": {"teams": teams}})

    assert answer.status == 200
    assert len(client_of(control, "shop").get("/v1/teams").json["teams"]) == 2000


def test_a_busy_organisation_holds_up_the_control_of_no_other_one(
    server: FakePortServer, control: ControlClient
) -> None:
    control.create(name="shop")
    with server.organisation(name="busy") as busy, busy.world.lock, ThreadPoolExecutor() as pool:
        held = pool.submit(control.get, named("busy", "/snapshot"))

        assert names(control) == ["shop", "busy"]
        assert control.post(named("shop", "/reset")).status == 200
        assert control.post(ROOT, {"name": "other"}).status == 201
        assert not held.done()

        busy.world.lock.release()
        answer = held.result()
        busy.world.lock.acquire()
    assert answer.status == 200
