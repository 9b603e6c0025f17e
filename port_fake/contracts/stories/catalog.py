"""Blueprints and entities."""

from __future__ import annotations

from typing import Any, Final

from port_fake.contracts.stories.stage import ADMIN, NOTHING, Stage, action, blueprint, button

BLUEPRINTS: Final = "/v1/blueprints"
SERVICE: Final = "/v1/blueprints/service"
ENTITIES: Final = f"{SERVICE}/entities"
RELATIONS: Final[dict[str, Any]] = {
    "domain": {"target": "domain", "many": False, "required": False, "title": "Domain"},
    "uses": {"target": "service", "many": True, "required": False},
}


def blueprints(stage: Stage) -> None:
    """Kinds of things are defined, changed and removed."""
    stage.get(BLUEPRINTS)
    stage.post(BLUEPRINTS, blueprint("domain"), query={"create_catalog_page": "false"})
    stage.post(BLUEPRINTS, blueprint("service", relations=RELATIONS, description="Runs"))
    stage.post(BLUEPRINTS, blueprint("service"))
    stage.post(BLUEPRINTS, blueprint("broken", relations={"x": {"target": "nowhere"}}))
    to_nowhere = {"x": {"target": "nowhere", "many": False, "required": False}}
    stage.post(BLUEPRINTS, blueprint("broken", relations=to_nowhere))
    stage.post(BLUEPRINTS, blueprint("with space"))
    stage.post(BLUEPRINTS, blueprint("broken", title=""))
    stage.post(BLUEPRINTS, {"identifier": "broken", "title": "Broken"})
    untyped = {"properties": {"x": {"title": "X"}}}
    stage.post(BLUEPRINTS, blueprint("broken", schema=untyped))
    stage.post(BLUEPRINTS, blueprint("x"), query={"create_catalog_page": "maybe"})
    kafka = {"type": "KAFKA"}
    mirror = {"domainTitle": {"path": "domain.$title", "title": "Domain"}}
    full = blueprint(
        "full",
        relations={"domain": RELATIONS["domain"]},
        mirrorProperties=mirror,
        changelogDestination=kafka,
        calculationProperties={"short": {"type": "string", "calculation": ".identifier[:3]"}},
        ownership={"type": "Direct", "title": "Owners"},
    )
    stage.post(BLUEPRINTS, full)
    stage.get(f"{BLUEPRINTS}/full")
    stage.get(SERVICE)
    stage.get(f"{BLUEPRINTS}/nothing")
    stage.get(BLUEPRINTS)
    stage.patch(SERVICE, {"title": "Services", "icon": "Cart"})
    stage.patch(SERVICE, {"schema": {"properties": {"extra": {"type": "string"}}}})
    stage.patch(SERVICE, {"title": ""})
    stage.patch(SERVICE, {"title": None})
    stage.patch(SERVICE, {})
    stage.patch(f"{BLUEPRINTS}/nothing", {"title": "No"})
    stage.get(SERVICE)
    stage.put(SERVICE, blueprint("service", title="Again", relations=RELATIONS))
    stage.put(SERVICE, {"title": "Less"})
    stage.put(SERVICE, blueprint("services", title="Renamed", relations={}))
    stage.get(SERVICE)
    stage.put(f"{BLUEPRINTS}/nothing", blueprint("nothing"))
    on_domain = button("DAY-2", blueprint="domain")
    stage.post("/v1/actions", action("tidy", trigger=on_domain))
    stage.post(f"{BLUEPRINTS}/domain/entities", {"identifier": "shop"})
    for query in ({}, {"delete_actions": "false"}, {"delete_actions": "true"}):
        stage.delete(f"{BLUEPRINTS}/domain", query=query)
    stage.delete(f"{BLUEPRINTS}/full")
    stage.delete(f"{BLUEPRINTS}/full")
    stage.get(BLUEPRINTS)


def _catalog(stage: Stage) -> None:
    stage.post(BLUEPRINTS, blueprint("domain"))
    stage.post(BLUEPRINTS, blueprint("service", relations=RELATIONS))
    stage.post(f"{BLUEPRINTS}/domain/entities", {"identifier": "shop", "title": "Shop"})


FULL: Final[dict[str, Any]] = {
    "identifier": "checkout",
    "title": "Checkout",
    "icon": "Cart",
    "team": ["payments"],
    "properties": {
        "region": "eu-west-1",
        "replicas": 3,
        "public": True,
        "tags": ["api", "web"],
        "spec": {"deep": [1, {"er": None}]},
        "owner": ADMIN,
        "since": "2026-01-05T09:00:00Z",
    },
    "relations": {"domain": "shop"},
}


def entities(stage: Stage) -> None:
    """Things are made, read, changed and removed, with what they relate to."""
    _catalog(stage)
    stage.post("/v1/teams", {"name": "payments"})
    stage.post(ENTITIES, FULL)
    stage.post(ENTITIES, FULL)
    stage.post(ENTITIES, {"properties": {}})
    upsert = {"upsert": "true"}
    stage.post(ENTITIES, {"identifier": "checkout", "title": "Replaced"}, query=upsert)
    merge = {"upsert": "true", "merge": "true"}
    stage.post(ENTITIES, {**FULL, "title": "Merged"}, query=merge)
    stage.post(ENTITIES, {"identifier": "try"}, query={"validation_only": "true"})
    stage.get(f"{ENTITIES}/try")
    lost = {"identifier": "cart", "relations": {"domain": "lost", "uses": ["checkout"]}}
    stage.post(ENTITIES, lost)
    stage.post(ENTITIES, lost, query={"create_missing_related_entities": "true"})
    stage.get(f"{BLUEPRINTS}/domain/entities/lost")
    _bad_entities(stage)
    _read_entities(stage)
    _change_entities(stage)
    stage.post(ENTITIES, {"identifier": "basket", "relations": {"uses": ["cart"]}})
    stage.delete(f"{ENTITIES}/cart", query={"delete_dependents": "false"})
    stage.delete(f"{ENTITIES}/checkout", query={"delete_dependents": "true"})
    stage.delete(f"{ENTITIES}/checkout")
    stage.delete(f"{BLUEPRINTS}/domain/entities/shop")
    stage.delete(f"{ENTITIES}/basket", query={"delete_dependents": "perhaps"})
    stage.get(ENTITIES)
    stage.get(f"{SERVICE}/entities-count")


def _bad_entities(stage: Stage) -> None:
    for properties in ({"replicas": "three"}, {"public": 1}, {"tags": "x"}, {"since": "noon"}, 5):
        stage.post(ENTITIES, {"identifier": "bad", "properties": properties})
    stage.post(ENTITIES, {"identifier": "with space"})
    stage.post(ENTITIES, {"identifier": "bad", "relations": {"unknown": "x"}})
    stage.post(ENTITIES, {"identifier": "bad", "relations": {"domain": ["shop"]}})
    stage.post(ENTITIES, {"identifier": "bad", "team": 5})
    stage.post(ENTITIES, {"identifier": "odd", "properties": {"unknown": 1}})
    stage.post(f"{BLUEPRINTS}/nothing/entities", {"identifier": "x"})
    stage.post(ENTITIES, {"identifier": "x"}, query={"upsert": "yes"})
    stage.post(ENTITIES, {"identifier": "x"}, query={"run_id": "r_unknown"})
    stage.post(ENTITIES)


def _read_entities(stage: Stage) -> None:
    one = f"{ENTITIES}/checkout"
    stage.get(one)
    stage.get(ENTITIES)
    for query in (
        {"include": "title"},
        {"include": ["identifier", "properties.region"]},
        {"exclude": "properties"},
        {"exclude": ["relations", "icon"]},
        {"exclude_calculated_properties": "true"},
        {"attach_title_to_relation": "true"},
        {"attach_identifier_to_title_mirror_properties": "true"},
        {"allow_partial_results": "true"},
        {"attach_title_to_relation": "5"},
    ):
        stage.get(one, query)
        stage.get(ENTITIES, query)
    stage.get(f"{ENTITIES}/nothing")
    stage.get(f"{BLUEPRINTS}/nothing/entities")
    stage.get(f"{BLUEPRINTS}/nothing/entities/x")
    stage.get(f"{SERVICE}/entities-count")
    stage.get(f"{BLUEPRINTS}/nothing/entities-count")


def _change_entities(stage: Stage) -> None:
    one = f"{ENTITIES}/checkout"
    stage.patch(one, {"title": "Patched"})
    stage.patch(one, {"properties": {"replicas": 5, "region": None}})
    stage.patch(one, {"icon": None, "team": []})
    stage.patch(one, {"relations": {"domain": None, "uses": ["cart"]}})
    stage.patch(one, {"relations": {"domain": "unmade"}})
    stage.patch(
        one, {"relations": {"domain": "made"}}, query={"create_missing_related_entities": "true"}
    )
    stage.patch(one, {"properties": {"replicas": "many"}})
    stage.patch(one, {"surprise": 1})
    stage.patch(one, {"title": 5})
    stage.patch(one, {})
    stage.patch(one, {"title": "x"}, query={"run_id": "r_unknown"})
    stage.patch(f"{ENTITIES}/nothing", {"title": "x"})
    stage.get(one)
    stage.put(one, {"title": "Put", "properties": {"replicas": 1}})
    stage.put(one, {"identifier": "checkout", "properties": {"replicas": "x"}})
    stage.put(one, {"title": "Put"}, query={"run_id": "r_unknown"})
    stage.put(f"{ENTITIES}/fresh", {"identifier": "fresh", "title": "Fresh"})
    stage.put(f"{BLUEPRINTS}/nothing/entities/x", {"title": "x"})
    stage.put(one, {"relations": {"domain": "unmade"}})
    missing = {"create_missing_related_entities": "true"}
    stage.put(one, {"relations": {"domain": "made-too"}}, query=missing)
    stage.get(one)


def dependents(stage: Stage) -> None:
    """What others require stays, and a run leaves its mark on what it writes."""
    stage.post(BLUEPRINTS, blueprint("domain"))
    needs = {"domain": {"target": "domain", "many": False, "required": True}}
    stage.post(BLUEPRINTS, blueprint("service", relations=needs))
    domains = f"{BLUEPRINTS}/domain/entities"
    remove = f"{BLUEPRINTS}/domain/bulk/entities/delete"
    for name in ("shop", "bank", "free"):
        stage.post(domains, {"identifier": name})
    stage.post(ENTITIES, {"identifier": "cart"})
    stage.post(ENTITIES, {"identifier": "cart", "relations": {"domain": "shop"}})
    stage.post(ENTITIES, {"identifier": "till", "relations": {"domain": "bank"}})
    stage.patch(f"{ENTITIES}/cart", {"relations": {"domain": None}})
    stage.delete(f"{domains}/shop")
    stage.delete(f"{domains}/shop", query={"delete_dependents": "false"})
    stage.post(remove, {"entities": ["free", "bank"]})
    stage.get(domains)
    stage.post("/v1/actions", action("deploy"))
    run = stage.post("/v1/actions/deploy/runs", {"properties": {}})["run"]["id"]
    by_run = {"run_id": run}
    related = {"identifier": "new", "relations": {"domain": "shop"}}
    stage.post(ENTITIES, related, query=by_run)
    stage.patch(f"{ENTITIES}/new", {"title": "New"}, query=by_run)
    stage.put(f"{ENTITIES}/new", {**related, "title": "Newer"}, query=by_run)
    stage.post(f"{ENTITIES}/bulk", {"entities": [{**related, "identifier": "b"}]}, query=by_run)
    stage.post(f"{SERVICE}/bulk/entities/delete", {"entities": ["b"]}, query=by_run)
    stage.delete(f"{ENTITIES}/new", query=by_run)
    stage.get("/v1/audit-log", by_run)
    stage.get(f"/v1/actions/runs/{run}/logs")
    stage.delete(f"{domains}/shop", query={"delete_dependents": "true", "run_id": "r_unknown"})
    stage.delete(f"{domains}/shop", query={"delete_dependents": "true"})
    stage.get(ENTITIES)
    stage.delete(f"{BLUEPRINTS}/domain")
    stage.delete(f"{BLUEPRINTS}/domain/all-entities", query=by_run)
    stage.get(ENTITIES)
    stage.patch(f"/v1/actions/runs/{run}", {"status": "SUCCESS"})
    stage.delete(f"{BLUEPRINTS}/domain/all-entities", query=by_run)


def bulk(stage: Stage) -> None:
    """Many entities at once, each for itself."""
    _catalog(stage)
    write, remove = f"{ENTITIES}/bulk", f"{SERVICE}/bulk/entities/delete"
    several = [{"identifier": f"s{number}", "title": f"S{number}"} for number in range(4)]
    stage.post(write, {"entities": several})
    stage.post(write, {"entities": several})
    stage.post(write, {"entities": several}, query={"upsert": "true"})
    mixed = [{"identifier": "s9"}, {"identifier": "s8", "properties": {"replicas": "x"}}, {}]
    stage.post(write, {"entities": mixed}, query={"upsert": "true", "merge": "true"})
    stage.post(write, {"entities": [{"identifier": "s7"}]}, query={"validation_only": "true"})
    related = {"identifier": "s6", "relations": {"domain": "new", "uses": ["s1"]}}
    stage.post(write, {"entities": [related]})
    missing = {"create_missing_related_entities": "true"}
    stage.post(write, {"entities": [related]}, query=missing)
    stage.post(write, {"entities": []})
    stage.post(write, {"entities": [{"identifier": f"n{one}"} for one in range(21)]})
    stage.post(write, {"entities": [5]})
    stage.post(write, {"entities": [{"identifier": "x"}]}, query={"run_id": "r_unknown"})
    stage.post(write, {})
    stage.post(f"{BLUEPRINTS}/nothing/entities/bulk", {"entities": several})
    stage.get(ENTITIES)
    stage.get(f"{SERVICE}/entities-count")
    stage.post(remove, {"entities": ["s0", "unknown", "s0", "s2"]})
    stage.post(remove, {"entities": ["s6"]}, query={"delete_dependents": "true"})
    stage.post(remove, {"entities": ["s3"]}, query={"run_id": "r_unknown"})
    stage.post(remove, {"entities": []})
    stage.post(remove, {"entities": "s1"})
    stage.post(remove, {})
    stage.post(remove, {"entities": ["s1"]}, query={"delete_dependents": "x"})
    stage.post(f"{BLUEPRINTS}/nothing/bulk/entities/delete", {"entities": ["s1"]})
    stage.get(ENTITIES)
    stage.delete(f"{SERVICE}/all-entities", query={"run_id": "r_unknown"})
    stage.delete(f"{SERVICE}/all-entities", query={"delete_blueprint": "maybe"})
    stage.delete(f"{SERVICE}/all-entities", NOTHING)
    stage.get(f"{SERVICE}/entities-count")
    stage.delete(f"{SERVICE}/all-entities", query={"delete_blueprint": "true"})
    stage.delete(f"{SERVICE}/all-entities")
    stage.get(BLUEPRINTS)
