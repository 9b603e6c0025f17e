"""The filters of lists: each honoured, alone and two by two, whatever else is there."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, Final

import pytest

from port_fake.contracts.anatomy import text_of
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Button, Scene

SOURCE = "OpenAPI 1.0, GET /v1/actions/runs: filters, combined with AND"

NAMES: Final = (
    *("action", "blueprint", "entity", "external_run_id"),
    *("user_id", "user_email", "active", "source"),
)
UNIQUE: Final = {"action", "blueprint", "entity", "external_run_id", "user_email"}
"""What nobody else has runs of, wherever the questions are asked."""


class Crowd:
    """Runs that differ in all that can be filtered by, newest first, with what is true of each."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        service, other = scene.blueprint("service"), scene.blueprint("machine")
        checkout = scene.entity(service, "checkout")
        billing = scene.entity(service, "billing")
        restart = scene.action("restart", blueprint=service, operation="DAY-2")
        deploy = scene.action("deploy", approval=None)
        gated = scene.action("gated", approval="ANY", blueprint=other)
        ana, ben = scene.user("ana"), scene.user("ben")
        self.runs: list[tuple[str, Mapping[str, Any]]] = []
        self._add(restart, blueprint=service, entity=checkout)
        self._add(restart, blueprint=service, entity=billing, email=ana)
        self._add(deploy, email=ben)
        self._add(restart, blueprint=service, entity=checkout, email=ana, external="one", ends=True)
        self._add(deploy, external="one")
        self._add(gated, blueprint=other, email=ana, external="two")
        self._add(deploy, email=ana, external="two", ends=True)
        self._add(restart, blueprint=service, entity=billing, email=ben)
        self.runs.reverse()

    def _add(
        self,
        action: str,
        *,
        blueprint: str | None = None,
        entity: str | None = None,
        email: str | None = None,
        external: str | None = None,
        ends: bool = False,
    ) -> None:
        scene = self.scene
        reply = scene.port.get(
            "execute-self-service-action",
            path={"action_identifier": action},
            query={"run_as": email} if email else None,
            body={"properties": {}, **({"entity": entity} if entity else {})},
        )
        run = reply.object("run")
        run_id = text_of(run, "id")
        external = scene.named(f"build-{external}") if external else None
        if external is not None:
            scene.update(run_id, externalRunId=external)
        if ends:
            scene.update(run_id, status="SUCCESS")
        facts = {
            "action": action,
            "blueprint": blueprint,
            "entity": entity,
            "external_run_id": external,
            "user_id": text_of(run, "createdBy"),
            "user_email": email,
            "active": not ends and run.get("status") == "IN_PROGRESS",
            "source": "API",
        }
        self.runs.append((run_id, facts))

    def values(self, name: str) -> list[Any]:
        """Return what can be filtered by, one value each."""
        if name == "active":
            return [True]
        if name == "source":
            return ["API", "UI", ["UI", "API"], ["AUTOMATION", "UI"]]
        found = {facts[name] for _, facts in self.runs} - {None}
        nobody = "nobody.contracts@example.com" if name == "user_email" else "contracts_nothing"
        return [*sorted(found), nobody]

    def wanted(self, query: Mapping[str, Any]) -> list[str]:
        """Return the ids of those that match all of a query."""
        return [
            run_id
            for run_id, facts in self.runs
            if all(_matches(facts[name], value) for name, value in query.items())
        ]

    def found(self, query: Mapping[str, Any]) -> list[Any]:
        """Return the ids that a list holds; strangers are left out where there may be some."""
        listed = [one.get("id") for one in self.scene.runs(**query)]
        mine = [run_id for run_id, _ in self.runs]
        return listed if UNIQUE & query.keys() else [one for one in listed if one in mine]


def _matches(fact: Any, value: Any) -> bool:
    return fact in value if isinstance(value, list) else bool(fact == value)


@question("filters.alone", source=SOURCE, needs={Need.FURNISH})
@pytest.mark.parametrize("name", NAMES)
def test_a_filter_leaves_what_matches_newest_first(scene: Scene, name: str) -> None:
    crowd = Crowd(scene)

    for value in crowd.values(name):
        query = {name: value}
        assert (query, crowd.found(query)) == (query, crowd.wanted(query))


@question("filters.in-pairs", source=SOURCE, needs={Need.FURNISH})
@pytest.mark.parametrize("name", NAMES[:-1])
def test_two_filters_leave_what_matches_both(scene: Scene, name: str) -> None:
    crowd = Crowd(scene)

    for other in NAMES[NAMES.index(name) + 1 :]:
        for one, two in product(crowd.values(name), crowd.values(other)):
            query = {name: one, other: two}
            assert (query, crowd.found(query)) == (query, crowd.wanted(query))


@question("filters.all-together", source=SOURCE, needs={Need.FURNISH})
def test_all_filters_together_find_the_one_run_they_tell_of(scene: Scene) -> None:
    crowd = Crowd(scene)

    for run_id, facts in crowd.runs:
        query = {name: value for name, value in facts.items() if value not in {None, False}}
        assert run_id in crowd.found(query)
        assert crowd.found(query) == crowd.wanted(query)


@question("filters.with-limit", source=SOURCE, needs={Need.FURNISH})
def test_a_limit_cuts_what_filters_leave(scene: Scene) -> None:
    crowd = Crowd(scene)

    for name, limit in product(("action", "user_email", "entity"), (1, 2)):
        for value in crowd.values(name):
            query = {name: value, "source": "API"}
            listed = [one.get("id") for one in scene.runs(**query, limit=limit)]
            assert (query, limit, listed) == (query, limit, crowd.wanted(query)[:limit])


@question("filters.in-v1", source=SOURCE, needs={Need.FURNISH})
def test_filters_are_the_same_in_v1(scene: Scene) -> None:
    crowd = Crowd(scene)

    for name in NAMES:
        for value in crowd.values(name):
            query = {name: value, "version": "v1"}
            wanted = crowd.wanted({name: value})
            assert (query, crowd.found(query)) == (query, wanted)


@question("filters.external-id", source=SOURCE, needs={Need.WRITE})
def test_a_run_is_found_by_its_external_id_and_by_no_other(button: Button) -> None:
    run_id = button.press()["id"]
    external = f"ci/Build #7 é&=+ {run_id}"
    button.scene.update(run_id, externalRunId=external)

    def found(value: str) -> list[Any]:
        return [one.get("id") for one in button.scene.runs(external_run_id=value)]

    assert found(external) == [run_id]
    assert found(external.lower()) == []
    assert found(external[:-1]) == []
    assert found(external[1:]) == []
    assert found(f"{external}x") == []


@question("filters.external-id-is-the-last-one", source=SOURCE, needs={Need.WRITE})
def test_a_run_is_found_by_its_newest_external_id_only(button: Button) -> None:
    run_id = button.press()["id"]
    button.scene.update(run_id, externalRunId=f"{run_id}-first")
    button.scene.update(run_id, externalRunId=f"{run_id}-second")

    first, second = (
        [one.get("id") for one in button.scene.runs(external_run_id=f"{run_id}-{which}")]
        for which in ("first", "second")
    )

    assert (first, second) == ([], [run_id])


@question("filters.external-id-of-several", source=SOURCE, needs={Need.WRITE})
def test_runs_may_share_an_external_id(button: Button) -> None:
    older, newer = button.press()["id"], button.press()["id"]
    for run_id in (newer, older):
        button.scene.update(run_id, externalRunId=f"shared-{older}")

    listed = button.scene.runs(external_run_id=f"shared-{older}")

    assert [one.get("id") for one in listed] == [newer, older]


@question("filters.active", source=SOURCE, needs={Need.WRITE})
@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE"])
def test_active_runs_are_those_that_go_on(button: Button, status: str) -> None:
    ended, going = button.press()["id"], button.press()["id"]
    button.scene.update(ended, status=status)

    listed = [one.get("id") for one in button.scene.runs(action=button.action, active=True)]

    assert going in listed
    assert ended not in listed


@question("filters.declined-is-not-active", source=SOURCE, needs={Need.FURNISH})
def test_a_declined_run_is_not_active(scene: Scene) -> None:
    action = scene.action(approval="ANY")
    run_id = scene.run(action)["id"]
    scene.rule(run_id, "DECLINE").must(201)

    assert scene.runs(action=action, active=True) == []


@question("filters.approved-is-active", source=SOURCE, needs={Need.FURNISH})
def test_a_run_is_active_once_it_is_approved(scene: Scene) -> None:
    action = scene.action(approval="ANY")
    run_id = scene.run(action)["id"]
    scene.rule(run_id, "APPROVE").must(201)

    assert [one.get("id") for one in scene.runs(action=action, active=True)] == [run_id]


@question(
    "filters.waiting-is-not-active",
    source="Assumed: a run that waits for approval is not running",
    level=Level.UNKNOWN,
    needs={Need.FURNISH},
)
def test_a_waiting_run_is_not_active(scene: Scene) -> None:
    action = scene.action(approval="ANY")
    scene.run(action)

    assert scene.runs(action=action, active=True) == []


@question(
    "filters.inactive-is-no-filter",
    source="Assumed: active=false filters nothing",
    level=Level.UNKNOWN,
    needs={Need.WRITE},
)
def test_active_false_lists_all(button: Button) -> None:
    ended, going = button.press()["id"], button.press()["id"]
    button.scene.update(ended, status="SUCCESS")

    listed = [one.get("id") for one in button.scene.runs(action=button.action, active=False)]

    assert [one for one in listed if one in (ended, going)] == [going, ended]


@question(
    "filters.names-are-exact",
    source="OpenAPI 1.0: identifiers are matched whole",
    needs={Need.FURNISH},
)
@pytest.mark.parametrize("name", ["action", "blueprint", "entity"])
def test_a_name_is_matched_whole_and_as_it_is_written(scene: Scene, name: str) -> None:
    service = scene.blueprint("Service")
    entity = scene.entity(service, "Checkout")
    action = scene.action("Restart", blueprint=service, operation="DAY-2")
    run_id = scene.run(action, entity=entity)["id"]
    value = {"action": action, "blueprint": service, "entity": entity}[name]

    found = [one.get("id") for one in scene.runs(**{name: value})]

    assert found == [run_id]
    for other in (value.lower(), value.upper(), value[:-1], f"{value}x", f"{value}*"):
        assert (other, scene.runs(**{name: other})) == (other, [])
