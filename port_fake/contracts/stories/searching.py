"""Searches, by every operator and page by page."""

from __future__ import annotations

from typing import Any, Final

from port_fake.contracts.stories.catalog import BLUEPRINTS, ENTITIES, RELATIONS, SERVICE
from port_fake.contracts.stories.stage import BUILDER, Stage, blueprint, invite

SEARCH: Final = "/v1/entities/search"
PAGES: Final = f"{SERVICE}/entities/search"

RULES: Final[tuple[dict[str, Any], ...]] = (
    {"property": "region", "operator": "=", "value": "eu"},
    {"property": "region", "operator": "!=", "value": "eu"},
    {"property": "region", "operator": "beginsWith", "value": "e"},
    {"property": "region", "operator": "doesNotBeginsWith", "value": "e"},
    {"property": "region", "operator": "endsWith", "value": "s"},
    {"property": "region", "operator": "doesNotEndsWith", "value": "s"},
    {"property": "region", "operator": "contains", "value": "u"},
    {"property": "region", "operator": "doesNotContains", "value": "eu"},
    {"property": "region", "operator": "in", "value": ["eu", "ap"]},
    {"property": "region", "operator": "notIn", "value": ["eu", "ap"]},
    {"property": "region", "operator": "isEmpty"},
    {"property": "region", "operator": "isNotEmpty"},
    {"property": "replicas", "operator": ">", "value": 2},
    {"property": "replicas", "operator": ">=", "value": 2},
    {"property": "replicas", "operator": "<", "value": 2},
    {"property": "replicas", "operator": "<=", "value": 2},
    {"property": "tags", "operator": "containsAny", "value": ["api", "db"]},
    {"property": "public", "operator": "=", "value": True},
    {"property": "since", "operator": "between", "value": {"preset": "lastWeek"}},
    {"property": "$title", "operator": "contains", "value": "art"},
    {"property": "$identifier", "operator": "=", "value": "cart"},
    {"property": "$blueprint", "operator": "=", "value": "domain"},
    {"property": "$team", "operator": "containsAny", "value": ["payments"]},
    {"operator": "relatedTo", "blueprint": "domain", "value": "shop"},
    {"operator": "relatedTo", "blueprint": "service", "value": "cart", "direction": "upstream"},
    {"property": "region", "operator": "loves", "value": "eu"},
    {"property": "region", "operator": "="},
    {"operator": "relatedTo", "value": "shop"},
)


def _search(*rules: Any, combinator: str = "and") -> dict[str, Any]:
    return {"combinator": combinator, "rules": list(rules)}


def search(stage: Stage) -> None:
    """Each rule finds what it should, and a wrong one says what is wrong."""
    invite(stage, BUILDER)
    stage.post("/v1/teams", {"name": "payments", "users": [BUILDER]})
    stage.post(BLUEPRINTS, blueprint("domain"))
    stage.post(BLUEPRINTS, blueprint("service", relations=RELATIONS))
    stage.post(f"{BLUEPRINTS}/domain/entities", {"identifier": "shop", "title": "Shop"})
    _write(stage, "cart", {"region": "eu", "replicas": 1, "tags": ["api"]}, {"domain": "shop"})
    _write(stage, "checkout", {"region": "us", "replicas": 2, "public": True}, {"uses": ["cart"]})
    _write(stage, "basket", {"replicas": 3, "since": "2026-01-02T10:00:00Z"}, {})
    stage.patch(f"{ENTITIES}/basket", {"team": ["payments"]})
    stage.post(SEARCH, _search())
    of_service = {"property": "$blueprint", "operator": "=", "value": "service"}
    for rule in RULES:
        stage.post(SEARCH, _search(rule))
        stage.post(PAGES, {"query": _search(rule), "include": ["$identifier"]})
    stage.post(SEARCH, _search(RULES[0], RULES[12], combinator="or"))
    stage.post(SEARCH, _search(RULES[0], RULES[12]))
    nested = _search(of_service, _search(RULES[0], RULES[17], combinator="or"))
    stage.post(SEARCH, nested)
    mine = {"property": "$team", "operator": "containsAny"}
    own = {**mine, "value": {"property": "x", "context": "userTeams"}}
    stage.post(SEARCH, _search(own), caller=BUILDER)
    for query in (
        {"include": "identifier"},
        {"exclude": "properties"},
        {"exclude_calculated_properties": "true"},
        {"attach_title_to_relation": "true"},
        {"attach_identifier_to_title_mirror_properties": "true"},
        {"allow_partial_results": "x"},
    ):
        stage.post(SEARCH, _search(of_service), query=query)
    bodies: tuple[object, ...] = (
        {},
        {"combinator": "xor", "rules": []},
        {"combinator": "and"},
        _search(5),
        [],
    )
    for body in bodies:
        stage.post(SEARCH, body)
        stage.post(PAGES, {"query": body})
    _pages(stage)


def _pages(stage: Stage) -> None:
    stage.post(PAGES)
    stage.post(PAGES, {})
    first = stage.post(PAGES, {"limit": 2})
    second = stage.post(PAGES, {"limit": 2, "from": first["next"]})
    stage.post(PAGES, {"limit": 1, "from": first["next"], "exclude": ["properties"]})
    stage.post(PAGES, {"limit": 3, "include": ["title", "relations"]})
    assert "next" not in second  # noqa: S101 - the story would be another one
    for body in ({"limit": 0}, {"limit": "2"}, {"from": "x"}, {"surprise": 1}, {"limit": 100_000}):
        stage.post(PAGES, body)
    stage.post(f"{BLUEPRINTS}/nothing/entities/search", {})
    stage.post(f"{BLUEPRINTS}/_user/entities/search", {})


def _write(stage: Stage, identifier: str, properties: Any, relations: Any) -> None:
    body = {"identifier": identifier, "title": identifier.title()}
    stage.post(ENTITIES, {**body, "properties": properties, "relations": relations})
