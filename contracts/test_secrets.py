"""The organisation's secrets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import moment, text, thing, things, whole

LIST = "OpenAPI 1.0, GET /v1/organization/secrets"
MAKE = "OpenAPI 1.0, POST /v1/organization/secrets"
ONE = "OpenAPI 1.0, GET /v1/organization/secrets/{secret_name}"
CHANGE = "OpenAPI 1.0, PATCH /v1/organization/secrets/{secret_name}"
DELETE = "OpenAPI 1.0, DELETE /v1/organization/secrets/{secret_name}"
READ = "clients: Ocean, Terraform's provider: GET /v1/organization"
NEEDS = {Need.FURNISH}
VALUE = "quite-a-secret-4711"


def make(scene: Scene, name: str = "TOKEN", **body: Any) -> dict[str, Any]:
    body = {"secretName": scene.named(name), "secretValue": VALUE, **body}
    return thing(scene.port.get("create-organization-secret", body=body), "secret")


def read(scene: Scene, name: str = "TOKEN") -> dict[str, Any]:
    path = {"secret_name": scene.named(name)}
    return thing(scene.port.get("get-organization-secret", path=path), "secret")


def listed(scene: Scene) -> list[dict[str, Any]]:
    return things(scene.port.get("get-organization-secrets"), "secrets")


@question("secrets.made.is-read-back", source=f"{MAKE}; {ONE}; {LIST}", needs=NEEDS)
def test_a_new_secret_is_read_as_it_was_answered(scene: Scene) -> None:
    made = make(scene, description="what it opens")

    assert made.keys() == {"secretName", "description", "createdAt", "updatedAt"}
    assert made.get("secretName") == scene.named("TOKEN")
    assert made.get("description") == "what it opens"
    assert moment(made, "createdAt") == moment(made, "updatedAt")
    assert read(scene) == made
    assert listed(scene)[-1:] == [made]


@question("secrets.value.never-shown", source=f"{LIST}; docs: secrets", needs=NEEDS)
def test_no_answer_holds_the_value_of_a_secret(scene: Scene) -> None:
    path = {"secret_name": scene.named("TOKEN")}
    new = {"secretValue": f"{VALUE}-new"}

    answers = [
        make(scene),
        read(scene),
        listed(scene),
        scene.port.get("change-organization-secret", path=path, body=new).json,
        scene.port.get("get-audit-logs").json,
        read(scene),
    ]

    assert VALUE not in json.dumps(answers)


@question("secrets.made.twice-conflicts", source="Assumed: 409", needs=NEEDS)
def test_a_name_is_taken_once(scene: Scene) -> None:
    made = make(scene, description="old")
    body = {"secretName": scene.named("TOKEN"), "secretValue": "x", "description": "new"}

    scene.port.ask("create-organization-secret", body=body).refused(409)

    assert read(scene) == made
    assert [text(one, "secretName") for one in listed(scene)].count(scene.named("TOKEN")) == 1


BAD: dict[str, Any] = {
    "no-name": {"secretValue": "x"},
    "no-value": {"secretName": "A"},
    "empty-name": {"secretName": "", "secretValue": "x"},
    "long-name": {"secretName": "a" * 101, "secretValue": "x"},
    "dotted-name": {"secretName": "a.b", "secretValue": "x"},
    "value-number": {"secretName": "A", "secretValue": 5},
    "long-description": {"secretName": "A", "secretValue": "x", "description": "d" * 201},
    "unknown-key": {"secretName": "A", "secretValue": "x", "scope": "all"},
}


@question("secrets.made.bad-body-refused", source=MAKE, needs=NEEDS)
@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_a_secret_that_makes_no_sense_is_refused(scene: Scene, body: Any) -> None:
    before = listed(scene)

    scene.port.ask("create-organization-secret", body=body).refused(422)

    assert listed(scene) == before


@question("secrets.changed.keeps-the-rest", source=CHANGE, needs=NEEDS)
def test_a_change_keeps_what_it_does_not_name(scene: Scene) -> None:
    before = make(scene, description="old")
    other = make(scene, "OTHER", description="other")
    path = {"secret_name": scene.named("TOKEN")}

    first = scene.port.get("change-organization-secret", path=path, body={"secretValue": "new"})
    second = scene.port.get("change-organization-secret", path=path, body={"description": "new"})

    kept = thing(first, "secret")
    after = thing(second, "secret")
    assert kept.get("description") == "old"
    assert after == {**before, "description": "new", "updatedAt": after.get("updatedAt")}
    assert moment(after, "updatedAt") > moment(kept, "updatedAt") > moment(before, "updatedAt")
    assert read(scene) == after
    assert read(scene, "OTHER") == other


@question("secrets.changed.bad-body-refused", source=CHANGE, needs=NEEDS)
@pytest.mark.parametrize(
    "body",
    [{"secretName": "B"}, {"secretValue": 5}, {"description": "d" * 201}],
    ids=["name", "number", "long"],
)
def test_a_change_that_makes_no_sense_is_refused(scene: Scene, body: Any) -> None:
    made = make(scene, description="old")
    path = {"secret_name": scene.named("TOKEN")}

    scene.port.ask("change-organization-secret", path=path, body=body).refused(422)

    assert read(scene) == made


@question("secrets.unknown.not-found", source=f"{ONE}, 404", needs=NEEDS)
def test_a_secret_that_does_not_exist_is_not_found(scene: Scene) -> None:
    make(scene)
    for name in ("NOTHING", "token"):
        path = {"secret_name": scene.named(name)}
        scene.port.ask("get-organization-secret", path=path).refused(404)
        scene.port.ask("change-organization-secret", path=path, body={}).refused(404)
        scene.port.ask("delete-organization-secret", path=path).refused(404)


@question("secrets.deleted.is-gone", source=DELETE, needs=NEEDS)
def test_a_deleted_secret_is_gone_and_no_other(scene: Scene) -> None:
    kept = [make(scene, "A"), make(scene, "C")]
    make(scene, "B")
    path = {"secret_name": scene.named("B")}

    whole(scene.port.get("delete-organization-secret", path=path))

    scene.port.ask("get-organization-secret", path=path).refused(404)
    assert [one for one in listed(scene) if one in kept] == kept
    assert scene.named("B") not in [text(one, "secretName") for one in listed(scene)]


@question("secrets.list.order", source="Assumed: oldest first", level=Level.UNKNOWN, needs=NEEDS)
def test_secrets_are_listed_oldest_first(scene: Scene) -> None:
    made = [make(scene, name) for name in ("M", "A", "Z")]

    assert listed(scene)[-3:] == made
