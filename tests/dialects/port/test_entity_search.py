"""Entities found by queries: over all blueprints at once, and over one, page by page."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from port_fake import FakePort, FakePortServer
from tests.support.client import NOTHING, Client, assert_refused, client_of
from tests.support.furniture import furnish

SEARCH: Final = "/v1/entities/search"
SERVICES: Final = "/v1/blueprints/service/entities/search"
NOW: Final = "2026-01-05T10:00:00Z"


def rule(name: Any, operator: str, *value: Any) -> dict[str, Any]:
    return {"property": name, "operator": operator, **({"value": value[0]} if value else {})}


def both(*rules: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(rules)}


def either(*rules: Any) -> dict[str, Any]:
    return {"combinator": "or", "rules": list(rules)}


def names(answer: Any) -> list[str]:
    assert answer.status == 200, answer
    return [entity["identifier"] for entity in answer.json["entities"]]


@pytest.fixture(autouse=True)
def _catalog(port_fake: FakePort) -> None:
    port_fake.add_blueprint("cluster")
    port_fake.add_blueprint(
        "service",
        properties={
            "tier": {"type": "number"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "until": {"type": "string", "format": "date-time"},
        },
        relations={"cluster": {"target": "cluster", "required": False, "many": False}},
    )
    port_fake.add_entity("cluster", "prod")
    port_fake.add_entity("service", "api", properties={"tier": 1, "tags": ["go"]})
    port_fake.add_entity(
        "service", "web", properties={"tier": 2, "until": NOW}, relations={"cluster": "prod"}
    )
    port_fake.add_entity("service", "old", properties={"tier": 3})


@pytest.mark.parametrize(
    ("query", "expected", "blueprints"),
    [
        (both(rule("$blueprint", "=", "service")), ["api", "web", "old"], ["service"]),
        (both(rule("tier", ">=", 2)), ["web", "old"], ["service"]),
        (either(rule("tags", "contains", "go"), rule("until", "isExpired")), ["api", "web"],
         ["service"]),
        (both(rule("$identifier", "in", ["prod", "api"])), ["prod", "api"],
         ["cluster", "service"]),
        (both(rule("$createdAt", "between", {"preset": "today"}), rule("tier", "isEmpty")),
         ["prod"], ["cluster"]),
        (both(either(rule("tier", "=", 1), both(rule("tier", "=", 3))), rule("tier", "!=", 1)),
         ["old"], ["service"]),
        (both({"operator": "relatedTo", "blueprint": "cluster", "value": "prod"}), ["web"],
         ["service"]),
        (both(rule({"path": ["cluster"]}, "matchAny", "prod")), ["web"], ["service"]),
        (both({"propertySchema": {"type": "number"}, "operator": "=", "value": 3}), ["old"],
         ["service"]),
        (either(), [], []),
    ],
)  # fmt: skip
def test_a_query_finds_entities_of_any_blueprint(
    client: Client, query: Any, expected: list[str], blueprints: list[str]
) -> None:
    answer = client.post(SEARCH, query)

    assert names(answer) == expected
    assert answer.json["matchingBlueprints"] == blueprints


def test_an_entity_is_found_as_it_is_read(client: Client) -> None:
    read = client.get("/v1/blueprints/service/entities/web").json["entity"]

    found = client.post(SEARCH, both(rule("$identifier", "=", "web"))).json["entities"]

    assert found == [read]


def test_users_and_teams_are_found_read_and_counted(port_fake: FakePort, client: Client) -> None:
    port_fake.add_team("Spider Team")
    port_fake.add_user("ada@x.io", teams=["Spider Team"])

    members = client.post(SEARCH, both(rule("port_role", "=", "Member")))
    teams = client.post("/v1/blueprints/_team/entities/search", {})

    assert members.json["matchingBlueprints"] == ["_user"]
    assert "ada@x.io" in names(members)
    assert names(teams) == ["Spider_Team"]
    assert teams.json["entities"][0]["title"] == "Spider Team"
    one = client.get("/v1/blueprints/_user/entities/ada@x.io").json["entity"]
    assert (one["team"], one["properties"]["status"]) == (["Spider Team"], "Active")
    assert names(client.get("/v1/blueprints/_team/entities")) == ["Spider_Team"]
    assert client.get("/v1/blueprints/_team/entities-count").json["count"] == 1
    assert client.get("/v1/blueprints/_user").status == 404


def test_a_user_finds_what_is_theirs_and_a_machine_has_nothing(
    port_fake: FakePort, client: Client
) -> None:
    port_fake.add_team("core")
    port_fake.add_user("ada@x.io", teams=["core"])
    client.patch("/v1/blueprints/service/entities/web", {"team": ["core"]})
    query = both(
        rule("$blueprint", "=", "service"),
        rule("$team", "containsAny", {"context": "userTeams", "property": "$identifier"}),
    )

    assert names(client_of(port_fake, "ada@x.io").post(SEARCH, query)) == ["web"]
    assert names(client.post(SEARCH, query)) == []


@pytest.mark.parametrize(
    ("asked", "keys", "properties"),
    [
        ({"include": ["$title", "tier"]}, set(), {"tier"}),
        ({"include": ["properties"]}, set(), {"tier", "tags"}),
        ({"exclude": ["tier", "team"]}, {"createdAt", "createdBy", "updatedAt", "updatedBy"},
         {"tags"}),
    ],
)  # fmt: skip
def test_only_the_keys_that_are_wished_for_come(
    client: Client, asked: dict[str, Any], keys: set[str], properties: set[str]
) -> None:
    only = both(rule("$identifier", "=", "api"))
    always = {"identifier", "blueprint", "properties", "relations"}

    anywhere = client.post(SEARCH, only, query=asked).json["entities"]
    here = client.post(SERVICES, {"query": only, **asked}).json["entities"]

    assert anywhere == here
    assert here[0].keys() == always | keys
    assert here[0]["properties"].keys() == properties


@pytest.mark.parametrize(
    ("rules", "about"),
    [
        ([rule("tier", "~", 1)], "rules[0]: unknown operator '~'"),
        ([rule("tier", "=", 1), both(rule("tier", "~", 1))], "rules[1].rules[0]: unknown operator"),
        ([rule("$nothing", "=", 1)], "unknown meta property '$nothing'"),
        ([rule("tier", ">", "many")], "rules[0]: > takes a number or a date-time, not 'many'"),
        ([rule("tier", "in", 1)], "rules[0]: in takes a list"),
        ([rule("tier", "between", {"preset": "someday"})], "rules[0]: between takes a period"),
        ([rule("tier", "=", {"context": "them", "property": "x"})], "unknown context 'them'"),
        ([{"scorecard": "x", "operator": "=", "value": "Gold"}], "the fake keeps no scorecards"),
        ([rule("tier", "isEmpty", 1)], "rules[0]: does not know 'value'"),
        ([{"combinator": "xor", "rules": []}], "rules[0]: unknown combinator 'xor'"),
        (["tier"], "rules[0]: a rule is an object"),
        (None, "'rules' is a list"),
    ],
)
def test_what_the_language_does_not_know_is_refused(client: Client, rules: Any, about: str) -> None:
    query = {"combinator": "and", "rules": rules}

    assert_refused(client.post(SEARCH, query), 422, about)
    assert_refused(client.post(SERVICES, {"query": query}), 422, about)


@pytest.mark.parametrize(
    "asked",
    [
        {"relation": "cluster", "operator": "=", "value": "prod"},
        rule({"context": "user", "property": "x"}, "isEmpty"),
        {"propertySchema": {"type": 3}, "operator": "=", "value": 1},
    ],
)
def test_what_only_the_document_forbids_is_refused_as_well(client: Client, asked: Any) -> None:
    assert_refused(client.post(SEARCH, both(asked)), 422, "body/rules/0")


def test_relations_are_known_to_the_search_of_one_blueprint(client: Client) -> None:
    query = both({"relation": "cluster", "operator": "=", "value": "prod"})

    assert names(client.post(SERVICES, {"query": query})) == ["web"]


# Pages.


@pytest.mark.parametrize("body", [NOTHING, {}, {"query": both()}, {"limit": 1000}])
def test_without_a_query_every_entity_is_found(client: Client, body: Any) -> None:
    answer = client.post(SERVICES, body)

    assert names(answer) == ["api", "web", "old"]
    assert "next" not in answer.json


@pytest.mark.parametrize(
    ("body", "about"),
    [
        ({"limit": 0}, "body/limit"),
        ({"limit": 1001}, "body/limit"),
        ({"limit": "1"}, "body/limit"),
        ({"include": "title"}, "body/include"),
        ({"exclude": [1]}, "body/exclude"),
        ({"query": None}, "query: is an object"),
        ({"query": []}, "query: is an object"),
        ({"rules": []}, "rules"),
        ({"from": 1}, "body/from"),
        ({"from": ""}, "body/from: '' is not the 'next'"),
        ({"from": "x"}, "body/from: 'x' is not the 'next'"),
        ({"from": "é"}, "body/from"),
        ({"from": "AAAAAAAAAAA="}, "body/from"),
        ({"from": "AAAAAAAAAABbIjIwMjYiLCAiYSJd"}, "body/from"),
        ([], "body"),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(client: Client, body: Any, about: str) -> None:
    assert_refused(client.post(SERVICES, body), 422, about)


def test_a_blueprint_that_does_not_exist_has_no_pages(client: Client) -> None:
    answer = client.post("/v1/blueprints/nothing/entities/search", {"query": both(rule("a", "~"))})

    assert_refused(answer, 404, "'nothing'")


def test_a_page_is_asked_for_where_the_last_one_was_told(client: Client) -> None:
    first = client.post(SERVICES, {"limit": 1})
    second = client.post(SERVICES, {"limit": 1, "from": first.json["next"]})
    third = client.post(SERVICES, {"limit": 1, "from": second.json["next"]})

    assert [*names(first), *names(second), *names(third)] == ["api", "web", "old"]
    assert "next" not in third.json


def test_a_page_has_two_hundred_entities_when_nobody_says(
    port_fake: FakePort, client: Client
) -> None:
    for index in range(201):
        port_fake.add_entity("cluster", f"c{index}")

    answer = client.post("/v1/blueprints/cluster/entities/search", {})
    rest = client.post("/v1/blueprints/cluster/entities/search", {"from": answer.json["next"]})

    assert (len(names(answer)), names(rest)) == (200, ["c199", "c200"])


def test_pages_stand_still_while_entities_come_and_go(port_fake: FakePort, client: Client) -> None:
    first = client.post(SERVICES, {"limit": 2})

    port_fake.add_entity("service", "aaa")
    client.delete("/v1/blueprints/service/entities/web")

    assert names(client.post(SERVICES, {"from": first.json["next"]})) == ["old", "aaa"]


def test_a_cursor_belongs_to_one_blueprint_and_one_organisation(
    port_fake_server: FakePortServer, client: Client
) -> None:
    cursor = client.post(SERVICES, {"limit": 1}).json["next"]
    twisted = cursor[:-4] + "AAAA"

    assert_refused(client.post(SERVICES, {"from": twisted}), 422, "body/from")
    assert_refused(
        client.post("/v1/blueprints/cluster/entities/search", {"from": cursor}), 422, "'cluster'"
    )
    with port_fake_server.organisation(name="another") as other:
        furnish(other)
        other.add_blueprint("service")
        assert_refused(client_of(other).post(SERVICES, {"from": cursor}), 422, "body/from")


@settings(max_examples=10)
@given(limit=st.integers(1, 4), least=st.integers(0, 4))
def test_pages_of_any_size_are_the_whole(
    port_fake_server: FakePortServer, limit: int, least: int
) -> None:
    with port_fake_server.organisation() as port:
        port.add_blueprint("service", properties={"tier": {"type": "number"}})
        for tier in range(5):
            port.add_entity("service", f"s{tier}", properties={"tier": tier})
        body: dict[str, Any] = {"query": both(rule("tier", ">=", least)), "limit": limit}
        client = client_of(port)

        seen = names(answer := client.post(SERVICES, body))
        while "next" in answer.json:
            assert len(names(answer)) == limit
            answer = client.post(SERVICES, {**body, "from": answer.json["next"]})
            seen += names(answer)

        assert seen == [f"s{tier}" for tier in range(least, 5)]
