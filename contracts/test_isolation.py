"""Organisations on one server know nothing of each other, whatever their things are called."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Need, question
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.resources import (
    INSTALLATION,
    RESOURCES,
    UNMARKED,
    Furniture,
    everything,
    furnish,
)
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import things

APART = "docs: organisations; OpenAPI 1.0, 401 and 404"
NEEDS = {Need.FURNISH, Need.SECOND}

MINE = "the-mark-of-the-first"
THEIRS = "the-mark-of-the-second"


@pytest.fixture
def theirs(second: Organisation, scene: Scene) -> Furniture:
    return furnish(Scene(second, suffix=scene.named("")), THEIRS)


LISTS = (*((one.many, one.key) for one in RESOURCES), ("get-audit-logs", "audits"))


@question("isolation.lists.hold-ones-own", source=APART, needs=NEEDS)
@pytest.mark.parametrize(("operation", "key"), LISTS, ids=[one for one, _ in LISTS])
def test_a_list_holds_nothing_of_others(
    port: Organisation, theirs: Furniture, operation: str, key: str
) -> None:
    reply = port.get(operation)

    assert things(reply, key) == []
    assert theirs.mark not in reply.text


@question("isolation.search.finds-ones-own", source=APART, needs=NEEDS)
def test_a_search_finds_nothing_of_others(port: Organisation, theirs: Furniture) -> None:
    rules = [{"property": "$blueprint", "operator": "=", "value": theirs.blueprint}]

    reply = port.get("search-entities", body={"combinator": "and", "rules": rules})
    port.ask(
        "search-blueprint-entities", path={"blueprint_identifier": theirs.blueprint}, body={}
    ).refused(404)

    assert reply.objects("entities") == []


@question("isolation.reads.not-found", source=APART, needs=NEEDS)
def test_things_of_others_are_not_found(port: Organisation, theirs: Furniture) -> None:
    for operation, path in theirs.reads:
        if path:
            port.ask(operation, path=path).refused(404)


@question("isolation.alike.each-reads-ones-own", source=APART, needs=NEEDS)
def test_things_that_are_called_alike_are_still_apart(scene: Scene, second: Organisation) -> None:
    port = scene.port
    own = furnish(scene, MINE)
    other = furnish(Scene(second, suffix=scene.named("")), THEIRS)

    for _ in range(2):
        must_be_of(port, own, not_of=THEIRS)
        must_be_of(second, other, not_of=MINE)


def must_be_of(port: Organisation, furniture: Furniture, *, not_of: str) -> None:
    for operation, path in furniture.reads:
        reply = port.get(operation, path=path)
        if not_of in reply.text:
            raise AnswerError(f"{reply.told}, which is of another organisation")
        if operation not in UNMARKED and furniture.mark not in reply.text:
            raise AnswerError(f"{reply.told}, which is not what this organisation holds")


@question("isolation.alike.writing-here-changes-nothing-there", source=APART, needs=NEEDS)
def test_what_is_done_here_is_not_done_there(scene: Scene, second: Organisation) -> None:
    own = furnish(scene, MINE)
    theirs = furnish(Scene(second, suffix=scene.named("")), THEIRS)
    before = everything(second, theirs)

    for operation, path, body in writes(own):
        scene.port.ask(operation, path=path, body=body)

    assert everything(second, theirs) == before


@question("isolation.lists.stay-apart-for-long", source=APART, needs=NEEDS)
def test_lists_stay_apart_for_many_requests(scene: Scene, second: Organisation) -> None:
    there = Scene(second, suffix=scene.named(""))
    mine, theirs = scene.run(scene.action("mine")), there.run(there.action("theirs"))

    # In threes, so that whatever happens at every so many requests happens to both.
    seen = [(scene.runs(), there.runs(), there.runs()) for _ in range(20)]

    assert seen == [([mine], [theirs], [theirs])] * 20


def writes(there: Furniture) -> list[tuple[str, dict[str, str], Any]]:
    """Operations that would change things of these names."""
    run, waiting = {"run_id": there.run}, {"run_id": there.waiting}
    action = {"action_identifier": there.action}
    blueprint = {"blueprint_identifier": there.blueprint}
    entity = {**blueprint, "entity_identifier": there.entity}
    secret = {"secret_name": there.secret}
    schema = {"title": "x", "schema": {"properties": {}}}
    return [
        ("add-log-action-run", run, {"message": "x"}),
        ("keep-run-response", run, {"response": "x"}),
        ("acknowledge-runs", {}, {"runId": there.run}),
        ("update-action-run", run, {"status": "SUCCESS"}),
        ("approve-action-run", waiting, {"status": "APPROVE"}),
        ("execute-self-service-action", action, {"properties": {}}),
        ("update-action-permissions", action, {"execute": {"roles": []}}),
        ("delete-action", action, None),
        ("change-entity", entity, {"title": "x"}),
        ("replace-entity", entity, {"title": "x"}),
        ("create-entity", blueprint, {"identifier": "new"}),
        ("write-entities", blueprint, {"entities": [{"identifier": "newer"}]}),
        ("delete-entities", blueprint, {"entities": [there.entity]}),
        ("delete-entity", entity, None),
        ("delete-all-entities", blueprint, None),
        ("change-blueprint", {"identifier": there.blueprint}, {"title": "x"}),
        ("replace-blueprint", {"identifier": there.blueprint}, schema),
        ("delete-blueprint", {"identifier": there.blueprint}, None),
        ("change-user", {"user_email": there.user}, {"roles": ["Member"]}),
        ("delete-user", {"user_email": there.user}, None),
        ("change-team", {"name": there.team}, {"description": "x"}),
        ("replace-team", {"name": there.team}, {"name": "x"}),
        ("delete-team", {"name": there.team}, None),
        ("change-organization-secret", secret, {"description": "x"}),
        ("delete-organization-secret", secret, None),
    ]


@question("isolation.writes.refused", source=APART, needs=NEEDS)
def test_things_of_others_cannot_be_changed(
    port: Organisation, second: Organisation, theirs: Furniture
) -> None:
    before = everything(second, theirs)

    for operation, path, body in writes(theirs):
        port.ask(operation, path=path, body=body).refused(404)

    assert everything(second, theirs) == before


@question("isolation.queue.claims-ones-own", source=APART, needs=NEEDS)
def test_runs_of_others_are_neither_claimed_nor_acknowledged(
    port: Organisation, second: Organisation, theirs: Furniture
) -> None:
    claim = {"installationId": INSTALLATION, "limit": 10}

    mine = port.get("claim-pending-runs", body=claim).objects("runs")
    count = port.get("acknowledge-runs", body={"runIds": [theirs.run]})["ackedCount"]
    there = second.get("claim-pending-runs", body=claim).objects("runs")

    assert (mine, count) == ([], 0)
    assert [run.get("id") for run in there] == [theirs.run]


@question("isolation.runs.cannot-name-others", source=APART, needs=NEEDS)
def test_an_entity_cannot_be_written_for_a_run_of_others(
    scene: Scene, second: Organisation, theirs: Furniture
) -> None:
    before = everything(second, theirs)
    blueprint = {"blueprint_identifier": scene.blueprint("mine")}

    scene.port.ask(
        "create-entity", path=blueprint, query={"run_id": theirs.run}, body={"identifier": "x"}
    ).refused(404)

    assert everything(second, theirs) == before
    assert scene.port.get("get-entities", path=blueprint).objects("entities") == []


@question("isolation.credentials.belong-to-one", source=APART, needs=NEEDS)
def test_a_secret_of_one_organisation_does_not_open_another(
    port: Organisation, second: Organisation
) -> None:
    body = {
        "clientId": port.credentials.client_id,
        "clientSecret": second.credentials.client_secret,
    }

    port.send("POST", "/v1/auth/access_token", body=body).refused(401)


@question("isolation.organisation.each-its-own", source=APART, needs=NEEDS)
def test_each_organisation_reads_itself(port: Organisation, second: Organisation) -> None:
    port.get("change-organization", body={"name": MINE})
    second.get("change-organization", body={"name": THEIRS})

    one = port.get("get-organization").object("organization")
    other = second.get("get-organization").object("organization")

    assert one.get("name") == MINE
    assert other.get("name") == THEIRS
    assert one.get("id") != other.get("id")
    assert port.token() != second.token()
