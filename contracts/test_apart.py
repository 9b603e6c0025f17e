"""That organisations stay apart: however long somebody asks, and whatever they have in common."""

from __future__ import annotations

import re

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Scene

READ = "get-action-run-s-details"
LIST = "get-all-action-runs"


@question(
    "isolation.holds-however-often-one-asks",
    source="docs: an organisation's credentials give access to that organisation",
    needs={Need.FURNISH, Need.SECOND},
)
def test_a_run_of_others_is_not_found_however_often_one_asks(
    scene: Scene, second: Organisation
) -> None:
    run_id = scene.run(scene.action())["id"]

    replies = [second.ask(READ, path={"run_id": run_id}) for _ in range(15)]
    lists = [second.get(LIST).objects("runs") for _ in range(5)]

    assert [reply.status for reply in replies] == [404] * 15
    assert lists == [[]] * 5


@question(
    "isolation.tokens-are-ones-own-however-often",
    source="OpenAPI 1.0, POST /v1/auth/access_token",
    needs={Need.SECOND},
)
def test_every_log_in_gives_a_token_of_ones_own(port: Organisation, second: Organisation) -> None:
    own = {of: of.get("get-organization").object("organization").get("id") for of in (port, second)}

    for _ in range(6):
        for of, identifier in own.items():
            reply = of.send("GET", "/v1/organization", token=of.log_in(of.credentials))
            assert reply.must(200).object("organization").get("id") == identifier


@question(
    "isolation.filtered-lists-hold-ones-own",
    source="OpenAPI 1.0, GET /v1/actions/runs",
    needs={Need.FURNISH, Need.SECOND},
)
@pytest.mark.parametrize("name", ["action", "blueprint", "entity", "external_run_id", "source"])
def test_a_filter_by_a_name_that_both_have_finds_ones_own(
    scene: Scene, second: Organisation, name: str
) -> None:
    own = named_alike(scene)
    named_alike(Scene(second, suffix=scene.named("")))
    value = {
        "action": scene.named("deploy"),
        "blueprint": scene.named("service"),
        "entity": scene.named("checkout"),
        "external_run_id": "job-1",
        "source": "API",
    }[name]

    listed = [one.get("id") for one in scene.runs(**{name: value})]

    assert listed == [own]


def named_alike(scene: Scene) -> str:
    """Make a run all of whose names are the same in every organisation."""
    blueprint = scene.blueprint()
    action = scene.action(blueprint=blueprint, operation="DAY-2")
    run_id = str(scene.run(action, entity=scene.entity(blueprint))["id"])
    scene.update(run_id, externalRunId="job-1")
    return run_id


@question("organisation.id.is-of-its-form", source="docs: identifiers; client: ocean reads it")
def test_the_id_of_an_organisation_has_the_form_of_one(port: Organisation) -> None:
    found = port.get("get-organization").object("organization").get("id")

    assert isinstance(found, str)
    assert re.fullmatch("org_[A-Za-z0-9]{16}", found)
