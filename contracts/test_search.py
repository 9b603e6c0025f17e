"""Entities found by queries: those of all blueprints at once, or of one, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import text, things, whole

ALL = "OpenAPI 1.0, POST /v1/entities/search; docs: search and query"
PAGES = "OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/entities/search"
NEEDS = {Need.FURNISH}


@pytest.fixture
def service(scene: Scene) -> str:
    """A blueprint with four entities, and another with one of the same name as one of them."""
    other = scene.blueprint("cluster")
    scene.port.get("create-entity", path=path_of(other), body={"identifier": "api", "title": "x"})
    service = scene.named("service")
    body = {
        "identifier": service,
        "title": "service",
        "schema": {"properties": PROPERTIES},
        "relations": {"home": {"target": other, "required": False, "many": False}},
    }
    scene.port.get("create-blueprint", body=body)
    drafts = [
        {
            "identifier": "api",
            "title": "The API",
            "properties": {"tier": 1, "lang": "go", "tags": ["a", "b"], "live": True},
            "relations": {"home": "api"},
        },
        {"identifier": "web", "title": "Web", "properties": {"tier": 2, "lang": "Go"}},
        {"identifier": "old", "properties": {"tier": 3, "lang": "cobol", "tags": ["b", "c"]}},
        {
            "identifier": "new",
            "team": "sre",
            "properties": {"live": False, "until": "2020-01-01T00:00:00Z"},
        },
    ]
    scene.port.get("write-entities", path=path_of(service), body={"entities": drafts})
    return service


PROPERTIES: dict[str, Any] = {
    "tier": {"type": "number"},
    "lang": {"type": "string"},
    "tags": {"type": "array"},
    "live": {"type": "boolean"},
    "until": {"type": "string", "format": "date-time"},
}


def path_of(blueprint: str) -> dict[str, str]:
    return {"blueprint_identifier": blueprint}


def rule(name: str, operator: str, value: Any = None) -> dict[str, Any]:
    found = {"property": name, "operator": operator, "value": value}
    return {key: one for key, one in found.items() if one is not None}


def both(*rules: Any) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(rules)}


def either(*rules: Any) -> dict[str, Any]:
    return {"combinator": "or", "rules": list(rules)}


def names(reply: Reply) -> list[str]:
    return [text(one, "identifier") for one in reply.objects("entities")]


def search(scene: Scene, query: Any, **wishes: Any) -> Reply:
    return scene.port.get("search-entities", query=wishes, body=query)


def page(scene: Scene, blueprint: str, **body: Any) -> Reply:
    reply = scene.port.get("search-blueprint-entities", path=path_of(blueprint), body=body)
    reply.objects("entities")
    return reply


def only(reply: Reply) -> dict[str, Any]:
    found = reply.objects("entities")
    if len(found) != 1:
        raise AnswerError(f"{reply.told}, and must hold one entity")
    return found[0]


RULES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "equal": (rule("tier", "=", 2), ["web"]),
    "equal-text": (rule("lang", "=", "go"), ["api"]),
    "equal-boolean": (rule("live", "=", value=False), ["new"]),
    "not-equal": (rule("tier", "!=", 2), ["api", "old", "new"]),
    "greater": (rule("tier", ">", 2), ["old"]),
    "greater-or-equal": (rule("tier", ">=", 2), ["web", "old"]),
    "less": (rule("tier", "<", 2), ["api"]),
    "less-or-equal": (rule("tier", "<=", 2), ["api", "web"]),
    "contains-in-text": (rule("lang", "contains", "obo"), ["old"]),
    "contains-in-list": (rule("tags", "contains", "b"), ["api", "old"]),
    "does-not-contain": (rule("tags", "doesNotContains", "b"), ["web", "new"]),
    "contains-any": (rule("tags", "containsAny", ["a", "x"]), ["api"]),
    "begins-with": (rule("lang", "beginsWith", "co"), ["old"]),
    "does-not-begin-with": (rule("lang", "doesNotBeginsWith", "co"), ["api", "web", "new"]),
    "ends-with": (rule("lang", "endsWith", "ol"), ["old"]),
    "in": (rule("lang", "in", ["go", "cobol"]), ["api", "old"]),
    "not-in": (rule("lang", "notIn", ["go", "cobol"]), ["web", "new"]),
    "is-empty": (rule("tier", "isEmpty"), ["new"]),
    "is-not-empty": (rule("tier", "isNotEmpty"), ["api", "web", "old"]),
    "identifier": (rule("$identifier", "=", "web"), ["web"]),
    "identifiers": (rule("$identifier", "in", ["new", "api"]), ["api", "new"]),
    "title": (rule("$title", "contains", "API"), ["api"]),
    "team": (rule("$team", "containsAny", ["sre"]), ["new"]),
    "before": (rule("until", "<", "2021-01-01T00:00:00Z"), ["new"]),
    "and": (both(rule("tier", ">", 1), rule("lang", "=", "Go")), ["web"]),
    "or": (either(rule("tier", "=", 1), rule("tier", "=", 3)), ["api", "old"]),
    "nested": (
        either(
            both(rule("tier", ">", 2), rule("lang", "=", "cobol")), rule("live", "=", value=False)
        ),
        ["old", "new"],
    ),
    "nothing": (rule("tier", "=", 99), []),
}


@question("search.rules.of-all-blueprints", source=ALL, needs=NEEDS)
@pytest.mark.parametrize(("asked", "found"), RULES.values(), ids=RULES.keys())
def test_a_rule_finds_what_it_means(
    scene: Scene, service: str, asked: dict[str, Any], found: list[str]
) -> None:
    reply = search(scene, both(rule("$blueprint", "=", service), asked))

    assert sorted(names(reply)) == sorted(found)
    assert all(one.get("blueprint") == service for one in reply.objects("entities"))
    assert reply["matchingBlueprints"] == ([service] if found else [])


@question("search.rules.of-one-blueprint", source=PAGES, needs=NEEDS)
@pytest.mark.parametrize(("asked", "found"), list(RULES.values())[::3], ids=list(RULES)[::3])
def test_a_rule_finds_the_same_in_one_blueprint(
    scene: Scene, service: str, asked: dict[str, Any], found: list[str]
) -> None:
    reply = page(scene, service, query=both(asked))

    assert sorted(names(whole(reply, "entities"))) == sorted(found)


@question("search.found.as-read", source=ALL, needs=NEEDS)
def test_an_entity_is_found_as_it_is_read(scene: Scene, service: str) -> None:
    stored = things(scene.port.get("get-entities", path=path_of(service)), "entities")

    found = search(scene, both(rule("$blueprint", "=", service)))

    assert found.objects("entities") == stored
    assert page(scene, service).objects("entities") == stored


@question("search.found.in-any-blueprint", source=ALL, needs=NEEDS)
def test_a_query_finds_entities_of_several_blueprints(scene: Scene, service: str) -> None:
    kinds = [service, scene.named("cluster")]

    reply = search(scene, both(rule("$blueprint", "in", kinds), rule("$identifier", "=", "api")))

    found = [(text(one, "blueprint"), text(one, "identifier")) for one in reply.objects("entities")]
    assert sorted(found) == sorted((kind, "api") for kind in kinds)
    assert sorted(map(str, reply["matchingBlueprints"])) == sorted(kinds)


@question("search.found.related", source=ALL, needs=NEEDS)
def test_a_query_finds_what_relates_to_an_entity(scene: Scene, service: str) -> None:
    related = {"operator": "relatedTo", "blueprint": scene.named("cluster"), "value": "api"}

    assert names(search(scene, both(rule("$blueprint", "=", service), related))) == ["api"]


@question("search.found.fresh", source=ALL, needs=NEEDS)
def test_a_search_sees_what_was_just_written(scene: Scene, service: str) -> None:
    query = both(rule("$blueprint", "=", service), rule("tier", ">=", 3))
    one = {**path_of(service), "entity_identifier": "web"}
    before = names(search(scene, query))

    scene.port.get("change-entity", path=one, body={"properties": {"tier": 9}})
    between = names(search(scene, query))
    scene.port.get("delete-entity", path={**one, "entity_identifier": "old"})

    assert (before, sorted(between)) == (["old"], ["old", "web"])
    assert names(search(scene, query)) == ["web"]


@question("search.wishes.include-and-exclude", source=f"{ALL}, include and exclude", needs=NEEDS)
@pytest.mark.parametrize("way", ["all", "one"])
def test_only_what_is_wished_for_comes(scene: Scene, service: str, way: str) -> None:
    query = both(rule("$blueprint", "=", service), rule("$identifier", "=", "api"))

    def found(**wishes: Any) -> dict[str, Any]:
        if way == "all":
            return only(search(scene, query, **wishes))
        return only(page(scene, service, query=query, **wishes))

    stored, few, most = found(), found(include=["$title", "tier"]), found(exclude=["tier", "tags"])

    assert few.get("properties") == {"tier": 1}
    assert few.get("title") == "The API"
    assert "createdAt" not in few
    assert most == {**stored, "properties": {"lang": "go", "live": True}}


BAD_QUERIES: dict[str, Any] = {
    "no-combinator": {"rules": []},
    "no-rules": {"combinator": "and"},
    "unknown-combinator": {"combinator": "xor", "rules": []},
    "rules-object": {"combinator": "and", "rules": {}},
    "unknown-operator": both(rule("tier", "~", 1)),
    "operator-case": both(rule("tier", "ISEMPTY")),
    "rule-text": both("tier"),
    "no-value": both({"property": "tier", "operator": ">"}),
    "between-text": both(rule("tier", "between", "today")),
}


@question("search.bad-query.refused", source=ALL, needs=NEEDS)
@pytest.mark.parametrize("query", BAD_QUERIES.values(), ids=BAD_QUERIES.keys())
def test_a_query_that_makes_no_sense_is_refused(scene: Scene, query: Any) -> None:
    blueprint = scene.blueprint()

    scene.port.ask("search-entities", body=query).refused(422)
    scene.port.ask(
        "search-blueprint-entities", path=path_of(blueprint), body={"query": query}
    ).refused(422)


# -- page by page


@question("search.pages.are-the-whole", source=f"{PAGES}, limit, from and next", needs=NEEDS)
@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_of_any_size_are_the_whole(scene: Scene, service: str, limit: int) -> None:
    everything = names(page(scene, service))
    seen: list[list[str]] = []
    reply = page(scene, service, limit=limit)

    while len(seen) < len(everything) and "next" in reply.json:
        seen.append(names(reply))
        reply = page(scene, service, limit=limit, **{"from": reply["next"]})
    seen.append(names(reply))

    assert [one for part in seen for one in part] == everything
    assert [len(part) for part in seen[:-1]] == [limit] * (len(seen) - 1)
    assert "next" not in reply.json


@question("search.pages.of-a-query", source=f"{PAGES}, query", needs=NEEDS)
def test_pages_of_a_query_hold_what_it_means(scene: Scene, service: str) -> None:
    query = both(rule("tier", "isNotEmpty"))

    first = page(scene, service, query=query, limit=2)
    second = page(scene, service, query=query, limit=2, **{"from": first["next"]})

    assert (names(first), names(second)) == (["api", "web"], ["old"])
    assert "next" not in second.json


@question("search.pages.stand-still", source=f"{PAGES}; Assumed: oldest first", needs=NEEDS)
def test_pages_stand_still_while_entities_come_and_go(scene: Scene, service: str) -> None:
    first = page(scene, service, limit=2)

    scene.port.get("create-entity", path=path_of(service), body={"identifier": "aaa"})
    scene.port.get("delete-entity", path={**path_of(service), "entity_identifier": "web"})

    assert names(page(scene, service, **{"from": first["next"]})) == ["old", "new", "aaa"]


@question("search.pages.default-size", source=f"{PAGES}: 200 by default", needs=NEEDS)
def test_a_page_has_two_hundred_entities_by_default(scene: Scene) -> None:
    blueprint = scene.blueprint()
    made = [f"e{number:03}" for number in range(201)]
    for start in range(0, len(made), 20):
        drafts = [{"identifier": name} for name in made[start : start + 20]]
        scene.port.get("write-entities", path=path_of(blueprint), body={"entities": drafts})

    first = page(scene, blueprint)
    second = page(scene, blueprint, **{"from": first["next"]})

    assert len(names(first)) == 200
    assert [*names(first), *names(second)] == made


BAD_PAGES: dict[str, Any] = {
    "limit-0": {"limit": 0},
    "limit-1001": {"limit": 1001},
    "limit-text": {"limit": "10"},
    "from-nowhere": {"from": "bm93aGVyZQ=="},
    "from-number": {"from": 5},
    "include-text": {"include": "title"},
    "unknown-key": {"page": 2},
    "query-list": {"query": []},
}


@question("search.pages.bad-body-refused", source=PAGES, needs=NEEDS)
@pytest.mark.parametrize("body", BAD_PAGES.values(), ids=BAD_PAGES.keys())
def test_a_page_that_makes_no_sense_is_refused(scene: Scene, service: str, body: Any) -> None:
    scene.port.ask("search-blueprint-entities", path=path_of(service), body=body).refused(422)


@question("search.pages.bounds", source=f"{PAGES}: limit from 1 to 1000", needs=NEEDS)
@pytest.mark.parametrize("limit", [1, 1000])
def test_the_bounds_of_a_page_are_accepted(scene: Scene, service: str, limit: int) -> None:
    assert len(names(page(scene, service, limit=limit))) == min(limit, 4)


@question("search.pages.unknown-blueprint", source=f"{PAGES}, 404", needs=NEEDS)
def test_a_blueprint_that_does_not_exist_has_no_pages(scene: Scene) -> None:
    path = path_of(scene.named("nowhere"))

    scene.port.ask("search-blueprint-entities", path=path, body={}).refused(404)


@question("search.order", source="Assumed: oldest first", level=Level.UNKNOWN, needs=NEEDS)
def test_entities_are_found_oldest_first(scene: Scene, service: str) -> None:
    found = search(scene, both(rule("$blueprint", "=", service)))

    assert names(found) == ["api", "web", "old", "new"]
