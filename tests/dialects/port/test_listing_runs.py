"""GET /v1/actions/runs, and GET /v1/actions/runs/{run_id}."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake import FakePort
from tests.support.client import Client, Query, assert_refused
from tests.support.furniture import BUILDER, LEAD, furnish

RUNS = "/v1/actions/runs"


@pytest.fixture(autouse=True)
def runs(port_fake: FakePort) -> dict[str, str]:
    """Four runs: their ids by name, oldest first."""
    furnish(port_fake)
    made = {
        "create": port_fake.execute("create_microservice", {"name": "a"}),
        "restart": port_fake.execute("restart", entity="checkout", as_user=LEAD),
        "waiting": port_fake.execute("deploy", as_user=BUILDER),
        "done": port_fake.execute("create_microservice", {"name": "b"}),
    }
    body = {"status": "SUCCESS", "externalRunId": "build-7"}
    port_fake.perform("update-action-run", path={"run_id": made["done"].id}, body=body)
    return {name: run.id for name, run in made.items()}


def names(found: list[dict[str, Any]], runs: dict[str, str]) -> list[str]:
    known = {run_id: name for name, run_id in runs.items()}
    return [known[run["id"]] for run in found]


def test_all_runs_are_listed_newest_first(client: Client, runs: dict[str, str]) -> None:
    answer = client.get(RUNS)

    assert answer.status == 200
    assert answer.json.keys() == {"ok", "runs"}
    assert names(answer.json["runs"], runs) == ["done", "waiting", "restart", "create"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"action": "create_microservice"}, ["done", "create"]),
        ({"action": "deploy"}, ["waiting"]),
        ({"action": "unknown"}, []),
        ({"blueprint": "microservice"}, ["done", "restart", "create"]),
        ({"blueprint": "unknown"}, []),
        ({"entity": "checkout"}, ["restart"]),
        ({"entity": "unknown"}, []),
        ({"user_email": LEAD}, ["restart"]),
        ({"user_email": "x@example.com"}, []),
        ({"user_id": "x"}, []),
        ({"external_run_id": "build-7"}, ["done"]),
        ({"external_run_id": "build-8"}, []),
        ({"source": "API"}, ["done", "waiting", "restart", "create"]),
        ({"source": "UI"}, []),
        ({"source": "AUTOMATION"}, []),
        ({"active": "true"}, ["restart", "create"]),
        ({"active": "false"}, ["done", "waiting", "restart", "create"]),
        ({"action": "create_microservice", "active": "true"}, ["create"]),
        ({"action": "restart", "entity": "checkout", "user_email": LEAD}, ["restart"]),
        ({"action": "deploy", "user_email": LEAD}, []),
    ],
)
def test_a_filter_leaves_what_matches(
    client: Client, runs: dict[str, str], query: Query, expected: list[str]
) -> None:
    answer = client.get(RUNS, query)

    assert answer.status == 200
    assert names(answer.json["runs"], runs) == expected


def test_a_user_is_found_by_id_as_well(
    port_fake: FakePort, client: Client, runs: dict[str, str]
) -> None:
    lea = port_fake.caller(LEAD).id

    found = [
        client.get(RUNS, query).json["runs"]
        for query in (
            {"user_id": lea},
            {"user_id": port_fake.client_id},
            {"user_id": lea, "user_email": LEAD},
            {"user_id": lea, "user_email": BUILDER},
        )
    ]

    expected = [["restart"], ["done", "create"], ["restart"], []]
    assert [names(each, runs) for each in found] == expected


@pytest.mark.parametrize(
    "query",
    [
        [("source", "UI"), ("source", "API")],
        [("source", "UI,API")],
        [("source[]", "UI"), ("source[]", "API")],
        [("source[]", "UI,API"), ("source", "AUTOMATION")],
    ],
)
def test_several_sources_are_told_in_any_of_the_usual_ways(
    client: Client, query: list[tuple[str, str]]
) -> None:
    answer = client.get(RUNS, query)

    assert len(answer.json["runs"]) == 4


@pytest.mark.parametrize(
    ("limit", "count"), [("1", 1), ("2", 2), ("1.5", 1), ("3.0", 3), ("1e0", 1), ("1000", 4)]
)
def test_a_limit_cuts_the_list_at_its_old_end(
    client: Client, runs: dict[str, str], limit: str, count: int
) -> None:
    answer = client.get(RUNS, {"limit": limit})

    expected = ["done", "waiting", "restart", "create"][:count]
    assert names(answer.json["runs"], runs) == expected


@pytest.mark.parametrize(
    ("query", "about"),
    [
        ({"limit": "0"}, "query/limit must be >= 1"),
        ({"limit": "0.5"}, "query/limit must be >= 1"),
        ({"limit": "-1"}, "query/limit must be >= 1"),
        ({"limit": "1001"}, "query/limit must be <= 1000"),
        ({"limit": "1000.5"}, "query/limit must be <= 1000"),
        ({"limit": "abc"}, "query/limit must be number"),
        ({"limit": ""}, "query/limit must be number"),
        ({"limit": "1_0"}, "query/limit must be number"),
        ({"limit": "nan"}, "query/limit must be a finite number"),
        ({"limit": "inf"}, "query/limit must be a finite number"),
        ({"active": "yes"}, "query/active must be boolean"),
        ({"active": "1"}, "query/active must be boolean"),
        ({"active": "True"}, "query/active must be boolean"),
        ({"active": ""}, "query/active must be boolean"),
        ({"version": "v3"}, "query/version must be 'v1' or 'v2'"),
        ({"version": "V2"}, "query/version must be 'v1' or 'v2'"),
        ({"version": ""}, "query/version must be 'v1' or 'v2'"),
        ({"source": "api"}, "query/source/0 must be 'UI', 'API' or 'AUTOMATION'"),
        ({"source": "API,CLI"}, "query/source/1 must be"),
        ({"source": ""}, "query/source/0 must be"),
        ([("limit", "1"), ("limit", "2")], "query/limit must be given once"),
        ([("action", "a"), ("action", "b")], "query/action must be given once"),
        ([("action", "a"), ("action[]", "b")], "query/action must be given once"),
        ([("version", "v1"), ("version", "v2")], "query/version must be given once"),
        ({"limit": "0", "version": "v3"}, "query/limit must be >= 1; query/version must be"),
    ],
)
def test_a_parameter_of_the_wrong_kind_is_refused(client: Client, query: Query, about: str) -> None:
    answer = client.get(RUNS, query)

    assert_refused(answer, 422, about)


@pytest.mark.parametrize(
    "query",
    [
        {"page": "2", "per_page": "10"},
        {"status": "SUCCESS"},
        {"offset": "3"},
        {"runId": "r_x"},
        {"entity": ""},
        {"action": "", "blueprint": "", "user_id": "", "external_run_id": ""},
    ],
)
def test_parameters_that_are_unknown_or_empty_change_nothing(client: Client, query: Query) -> None:
    answer = client.get(RUNS, query)

    assert len(answer.json["runs"]) == 4


@pytest.mark.parametrize(
    "query",
    [
        [("exclude", "properties"), ("exclude", "action")],
        [("exclude", "properties,action")],
        [("exclude[]", "properties"), ("exclude[]", "action"), ("exclude", "unknown")],
    ],
)
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_fields_may_be_excluded_even_required_ones(
    client: Client, query: list[tuple[str, str]], version: str
) -> None:
    plain = client.get(RUNS, {"version": version})

    answer = client.get(RUNS, [*query, ("version", version)])

    expected = [
        {key: value for key, value in run.items() if key not in {"properties", "action"}}
        for run in plain.json["runs"]
    ]
    assert answer.json["runs"] == expected


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_list_shows_runs_as_the_details_do(
    client: Client, runs: dict[str, str], version: str
) -> None:
    answer = client.get(RUNS, {"version": version})

    single = [
        client.get(f"{RUNS}/{run_id}", {"version": version}).json["run"]
        for run_id in reversed(runs.values())
    ]
    assert answer.json["runs"] == single


def test_without_a_version_reading_answers_v1(client: Client, runs: dict[str, str]) -> None:
    path = f"{RUNS}/{runs['create']}"

    answers = client.get(path), client.get(RUNS)

    assert answers[0].json["run"] == client.get(path, {"version": "v1"}).json["run"]
    assert isinstance(answers[0].json["run"]["action"], str)
    assert all(isinstance(run["action"], str) for run in answers[1].json["runs"])


def test_an_unknown_run_is_not_found(client: Client) -> None:
    answer = client.get(f"{RUNS}/r_unknown")

    assert_refused(answer, 404, "'r_unknown'")


def test_the_external_id_does_not_stand_in_for_the_id(client: Client) -> None:
    answer = client.get(f"{RUNS}/build-7")

    assert_refused(answer, 404, "'build-7'")


def test_an_unknown_version_of_a_run_is_refused(client: Client, runs: dict[str, str]) -> None:
    answer = client.get(f"{RUNS}/{runs['done']}", {"version": "2"})

    assert_refused(answer, 422, "query/version")


def test_a_list_without_a_match_is_empty_and_no_error(client: Client) -> None:
    answer = client.get(RUNS, {"action": "create_microservice", "limit": "1", "entity": "none"})

    assert answer.json == {"ok": True, "runs": []}
