"""Teams: made, listed, read, replaced, changed, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Need, question
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import moment, text, thing, things, whole

LIST = "OpenAPI 1.0, GET /v1/teams"
ONE = "OpenAPI 1.0, GET /v1/teams/{name}"
MAKE = "OpenAPI 1.0, POST /v1/teams"
REPLACE = "OpenAPI 1.0, PUT /v1/teams/{name}"
CHANGE = "OpenAPI 1.0, PATCH /v1/teams/{name}"
DELETE = "OpenAPI 1.0, DELETE /v1/teams/{name}"
NEEDS = {Need.FURNISH}


def make(scene: Scene, name: str, **body: Any) -> dict[str, Any]:
    reply = scene.port.get("create-team", body={"name": scene.named(name), **body})
    return thing(reply, "team")


def read(scene: Scene, name: str) -> dict[str, Any]:
    return thing(scene.port.get("get-team", path={"name": scene.named(name)}), "team")


def listed(scene: Scene, **query: Any) -> list[dict[str, Any]]:
    return things(scene.port.get("get-teams", query=query), "teams")


def names(scene: Scene) -> list[str]:
    return [text(one, "name") for one in listed(scene)]


def members(found: dict[str, Any]) -> list[str]:
    held = found.get("users")
    if not isinstance(held, list) or not all(isinstance(one, dict) for one in held):
        raise AnswerError(f"a team must have a list of users, and has {held!r}")
    return [text(one, "email") for one in held]


def teams_of(scene: Scene, email: str) -> Any:
    return scene.port.get("get-user", path={"user_email": email}).object("user").get("teams")


@question("teams.made.is-read-back", source=f"{MAKE}; {ONE}", needs=NEEDS)
def test_a_new_team_is_read_as_it_was_answered(scene: Scene) -> None:
    ana, ben = scene.user("ana"), scene.user("ben")

    made = make(scene, "Größe \U0001f680", users=[ben, ana], description="who they are")

    assert made.keys() == {
        "id", "name", "provider", "description", "createdAt", "updatedAt", "users"
    }  # fmt: skip
    assert made.get("name") == scene.named("Größe \U0001f680")
    assert made.get("description") == "who they are"
    assert sorted(members(made)) == [ana, ben]
    assert moment(made, "createdAt") == moment(made, "updatedAt")
    assert read(scene, "Größe \U0001f680") == made
    assert listed(scene)[-1:] == [made]
    assert teams_of(scene, ana) == [made.get("name")]


@question("teams.made.ids-differ", source=LIST, needs=NEEDS)
def test_teams_have_ids_of_their_own_and_are_listed_once(scene: Scene) -> None:
    made = [make(scene, name) for name in ("mm", "aa", "zz")]

    assert len({text(one, "id") for one in made}) == 3
    assert [one for one in listed(scene) if one in made] == made


@question("teams.made.twice-conflicts", source="docs: teams; Assumed: 409", needs=NEEDS)
def test_a_name_is_taken_once(scene: Scene) -> None:
    made = make(scene, "sre", description="old")

    scene.port.ask("create-team", body={"name": scene.named("sre")}).refused(409)

    assert read(scene, "sre") == made
    assert names(scene).count(scene.named("sre")) == 1


BAD: dict[str, Any] = {
    "empty": {},
    "empty-name": {"name": ""},
    "slash": {"name": "a/b"},
    "number": {"name": 5},
    "users-text": {"name": "sre", "users": "ana@example.com"},
    "users-number": {"name": "sre", "users": [1]},
    "description-number": {"name": "sre", "description": 5},
}


@question("teams.made.bad-body-refused", source=MAKE, needs=NEEDS)
@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_a_team_that_makes_no_sense_is_refused(scene: Scene, body: Any) -> None:
    before = listed(scene)

    scene.port.ask("create-team", body=body).refused(422)

    assert listed(scene) == before


@question("teams.made.unknown-member", source=f"{MAKE}, 404", needs=NEEDS)
def test_a_team_has_no_members_who_do_not_exist(scene: Scene) -> None:
    before = listed(scene)

    scene.port.ask(
        "create-team", body={"name": scene.named("sre"), "users": ["nobody@example.com"]}
    ).refused(404)

    assert listed(scene) == before


@question("teams.changed.keeps-the-rest", source=CHANGE, needs=NEEDS)
def test_a_change_keeps_what_it_does_not_name(scene: Scene) -> None:
    ana, ben = scene.user("ana"), scene.user("ben")
    before = make(scene, "sre", users=[ana], description="old")
    other = make(scene, "web", users=[ben])
    path = {"name": scene.named("sre")}

    first = thing(scene.port.get("change-team", path=path, body={"description": "new"}), "team")
    second = thing(scene.port.get("change-team", path=path, body={"users": [ben]}), "team")

    kept = {key: value for key, value in before.items() if key not in {"description", "updatedAt"}}
    assert {key: first.get(key) for key in kept} == kept
    assert first.get("description") == second.get("description") == "new"
    assert moment(first, "updatedAt") > moment(before, "updatedAt")
    assert members(second) == [ben]
    assert read(scene, "sre") == second
    assert read(scene, "web") == other


@question("teams.changed.new-name", source=CHANGE, needs=NEEDS)
def test_the_members_of_a_team_follow_a_new_name(scene: Scene) -> None:
    ana = scene.user("ana")
    before = make(scene, "sre", users=[ana], description="d")
    path, body = {"name": scene.named("sre")}, {"name": scene.named("ops")}

    after = thing(scene.port.get("change-team", path=path, body=body), "team")

    assert {**before, "name": scene.named("ops"), "updatedAt": after.get("updatedAt")} == after
    assert read(scene, "ops") == after
    assert teams_of(scene, ana) == [scene.named("ops")]
    scene.port.ask("get-team", path=path).refused(404)


@question("teams.changed.taken-name-conflicts", source=f"{CHANGE}; Assumed: 409", needs=NEEDS)
def test_a_team_cannot_take_the_name_of_another(scene: Scene) -> None:
    one, other = make(scene, "sre"), make(scene, "web")
    path, body = {"name": scene.named("sre")}, {"name": scene.named("web")}

    scene.port.ask("change-team", path=path, body=body).refused(409)

    assert read(scene, "sre") == one
    assert read(scene, "web") == other


@question("teams.replaced.whole", source=REPLACE, needs=NEEDS)
def test_a_replacement_leaves_nothing_of_the_old(scene: Scene) -> None:
    ana = scene.user("ana")
    before = make(scene, "sre", users=[ana], description="old")
    path, body = {"name": scene.named("sre")}, {"name": scene.named("sre")}

    after = thing(scene.port.get("replace-team", path=path, body=body), "team")

    assert members(after) == []
    assert after.get("description") is None
    assert (after.get("id"), after.get("createdAt")) == (before.get("id"), before.get("createdAt"))
    assert read(scene, "sre") == after
    assert teams_of(scene, ana) == []


@question("teams.replaced.bad-body-refused", source=f"{REPLACE}; {CHANGE}", needs=NEEDS)
@pytest.mark.parametrize("body", [{"name": 5}, {"name": "x", "users": "y"}], ids=["name", "users"])
def test_a_replacement_that_makes_no_sense_is_refused(scene: Scene, body: Any) -> None:
    before = make(scene, "sre", description="old")
    path = {"name": scene.named("sre")}

    scene.port.ask("replace-team", path=path, body=body).refused(422)
    scene.port.ask("replace-team", path=path, body={}).refused(422)
    scene.port.ask("change-team", path=path, body=body).refused(422)

    assert read(scene, "sre") == before


@question("teams.unknown.not-found", source=f"{ONE}, 404", needs=NEEDS)
def test_a_team_that_does_not_exist_is_not_found(scene: Scene) -> None:
    path = {"name": scene.named("nowhere")}

    scene.port.ask("get-team", path=path).refused(404)
    scene.port.ask("change-team", path=path, body={}).refused(404)
    scene.port.ask("replace-team", path=path, body={"name": "x"}).refused(404)
    scene.port.ask("delete-team", path=path).refused(404)


@question("teams.deleted.is-gone", source=DELETE, needs=NEEDS)
def test_a_deleted_team_is_gone_and_its_users_stay(scene: Scene) -> None:
    ana = scene.user("ana")
    for name in ("aa", "bb", "cc"):
        make(scene, name, users=[ana])
    path = {"name": scene.named("bb")}

    whole(scene.port.get("delete-team", path=path))

    scene.port.ask("get-team", path=path).refused(404)
    assert [one for one in names(scene) if one in map(scene.named, ("aa", "bb", "cc"))] == [
        scene.named("aa"),
        scene.named("cc"),
    ]
    assert teams_of(scene, ana) == [scene.named("aa"), scene.named("cc")]


@question("teams.list.fields", source=f"{LIST}, fields", needs=NEEDS)
def test_only_the_fields_that_are_asked_for_come(scene: Scene) -> None:
    make(scene, "sre", description="d")
    query = {"fields": ["name", "description"]}

    one = scene.port.get("get-team", path={"name": scene.named("sre")}, query=query)

    assert thing(one, "team") == {"name": scene.named("sre"), "description": "d"}
    assert {"name": scene.named("sre"), "description": "d"} in listed(scene, **query)


@question("teams.list.bad-field-refused", source=f"{LIST}, fields")
def test_a_field_of_teams_that_does_not_exist_is_refused(port: Organisation) -> None:
    port.ask("get-teams", query={"fields": ["colour"]}).refused(422)
