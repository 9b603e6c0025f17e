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


MINE: Final = {"property": "region", "context": "user"}
PERIODS: Final = ("today", "yesterday", "tomorrow", "lastDay", "lastWeek", "lastMonth")
MORE: Final[tuple[dict[str, Any], ...]] = (
    {"property": "since", "operator": "<", "value": "2026-01-03T00:00:00Z"},
    {"property": "since", "operator": ">=", "value": "2026-01-03T00:00:00Z"},
    {
        "property": "since",
        "operator": "notBetween",
        "value": {"from": "2026-01-01T00:00:00Z", "to": "2026-01-03T00:00:00Z"},
    },
    *(
        {"property": "since", "operator": "between", "value": {"preset": preset}}
        for preset in PERIODS
    ),
    {"property": "since", "operator": "=", "value": {"preset": "last12Months"}},
    {"property": "since", "operator": "between", "value": {"preset": "lastCentury"}},
    {"property": "since", "operator": "isExpired"},
    {"property": "since", "operator": "isNotExpired"},
    {"property": "tags", "operator": "contains", "value": ["api", "web"]},
    {"property": "tags", "operator": "=", "value": ["api"]},
    {"property": "tags", "operator": "in", "value": ["web"]},
    {"property": "region", "operator": "contains", "value": ["e", "u"]},
    {"property": "region", "operator": "=", "value": None},
    {"property": "replicas", "operator": "=", "value": 1.0},
    {"property": "replicas", "operator": ">", "value": "2"},
    {"property": "spec", "operator": "=", "value": "x"},
    {"property": "$createdAt", "operator": ">", "value": "2026-01-01T00:00:00Z"},
    {"property": "$updatedAt", "operator": "between", "value": {"preset": "today"}},
    {"property": "$nothing", "operator": "=", "value": 1},
    {"property": "$identifier", "operator": "matchAny", "value": ["cart", "shop"]},
    {"property": "region", "operator": "=", "value": MINE},
    {"property": MINE, "operator": "=", "value": "eu"},
    {"property": {"property": "$identifier", "context": "user"}, "operator": "=", "value": BUILDER},
    {"property": "owner", "operator": "=", "value": {"property": "$identifier", "context": "user"}},
    {"relation": "domain", "operator": "=", "value": "shop"},
    {"relation": "domain", "operator": "!=", "value": "shop"},
    {"relation": "domain", "operator": "isEmpty"},
    {"relation": "uses", "operator": "containsAny", "value": ["cart"]},
    {"relation": "domain", "operator": "contains", "value": "ho", "targetProperty": "$title"},
    {"relation": "domain", "operator": "=", "value": "shop", "targetProperty": "icon"},
    {"propertySchema": {"type": "string"}, "operator": "=", "value": "eu"},
    {"propertySchema": {"type": "string"}, "operator": "!=", "value": "eu"},
    {"propertySchema": {"type": "string", "format": "user"}, "operator": "=", "value": BUILDER},
    {
        "propertySchema": {"type": "array", "items": {"type": "string"}},
        "operator": "contains",
        "value": "api",
    },
    {"scorecard": "gold", "operator": "=", "value": "Gold"},
    {"operator": "relatedTo", "blueprint": "domain", "value": ["shop"], "direction": "downstream"},
    {"operator": "relatedTo", "blueprint": "domain", "value": "shop", "required": True},
    {"operator": "relatedTo", "blueprint": "domain", "value": "shop", "direction": "sideways"},
    {"property": {"path": ["domain"]}, "operator": "matchAny", "value": ["shop"]},
    {"property": {"path": ["uses", "domain"]}, "operator": "matchAny", "value": "shop"},
    {
        "property": {"path": [{"relation": "uses", "maxHops": 2}]},
        "operator": "matchAny",
        "value": ["cart"],
    },
    {
        "property": {"path": ["domain"], "fromBlueprint": "service"},
        "operator": "matchAny",
        "value": ["cart"],
    },
    {"property": {"path": []}, "operator": "matchAny", "value": ["shop"]},
)


def rules(stage: Stage) -> None:
    """The finer rules: times, relations, paths, kinds of properties, and the caller's own."""
    _furnish(stage)
    stage.patch(f"{ENTITIES}/checkout", {"properties": {"owner": BUILDER, "tags": ["api", "web"]}})
    for rule in MORE:
        stage.post(SEARCH, _search(rule), query={"include": "identifier"}, caller=BUILDER)
        body = {"query": _search(rule), "include": ["identifier"]}
        stage.post(PAGES, body, caller=BUILDER)
    _queries(stage)


def _queries(stage: Stage) -> None:
    """Entities may be named by what is true of them."""

    def named(region: str) -> dict[str, Any]:
        return _search({"property": "region", "operator": "=", "value": region})

    upsert = {"upsert": "true", "merge": "true"}
    stage.post(ENTITIES, {"identifier": named("eu"), "title": "Found"}, query=upsert)
    stage.post(ENTITIES, {"identifier": named("nowhere"), "title": "None"}, query=upsert)
    both = _search({"property": "region", "operator": "in", "value": ["eu", "us"]})
    stage.post(ENTITIES, {"identifier": both, "title": "Two"}, query=upsert)
    stage.patch(f"{ENTITIES}/basket", {"relations": {"uses": named("us")}})
    stage.patch(f"{ENTITIES}/basket", {"relations": {"uses": "cart"}})
    stage.patch(f"{ENTITIES}/basket", {"team": named("us")})
    stage.get(ENTITIES)


def _search(*each: Any, combinator: str = "and") -> dict[str, Any]:
    return {"combinator": combinator, "rules": list(each)}


def search(stage: Stage) -> None:
    """Each rule finds what it should, and a wrong one says what is wrong."""
    _furnish(stage)
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


def _furnish(stage: Stage) -> None:
    invite(stage, BUILDER)
    stage.post("/v1/teams", {"name": "payments", "users": [BUILDER]})
    stage.post(BLUEPRINTS, blueprint("domain"))
    stage.post(BLUEPRINTS, blueprint("service", relations=RELATIONS))
    shop = {"identifier": "shop", "title": "Shop"}
    made = stage.post(f"{BLUEPRINTS}/domain/entities", shop)["entity"]
    # A time of the server's own is as old for a clock that shows another year.
    now, long_ago = made["createdAt"], "2020-01-01T00:00:00Z"
    _write(stage, "cart", {"region": "eu", "replicas": 1, "tags": ["api"]}, {"domain": "shop"})
    _write(
        stage,
        "checkout",
        {"region": "us", "replicas": 2, "public": True, "since": long_ago},
        {"uses": ["cart"]},
    )
    _write(stage, "basket", {"replicas": 3, "since": now}, {})
    stage.patch(f"{ENTITIES}/basket", {"team": ["payments"]})


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
