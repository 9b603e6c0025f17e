"""The policies of Port's documentation, composed anew and told over HTTP by users."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake import Backend, FakePort, Settings
from tests.support.client import Answer, Client, assert_refused, client_of
from tests.support.furniture import ADMIN, BUILDER, HOOK, LEAD, STRANGER, furnish

RUNS = "/v1/actions/runs"
CREATE = "create_microservice"
OWN = "/v1/auth/permissions"
NOBODY: dict[str, Any] = {"users": [], "roles": [], "teams": []}


def rule(name: str, operator: str, value: Any) -> dict[str, Any]:
    return {"property": name, "operator": operator, "value": value}


def query(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"combinator": "and", "rules": list(rules)}


UNLESS_IT_EXISTS = {
    "queries": {
        "twins": query(
            rule("$blueprint", "=", "microservice"),
            rule("$identifier", "=", "{{ .inputs.name }}"),
        )
    },
    "conditions": [".results.twins.entities | length == 0"],
}
SAME_SQUAD = (
    ".results.me.entities[0].relations.squad as $squad"
    " | [.results.leaders.entities[] | select(.relations.squad == $squad) | .identifier]"
)
LEADERS_OF_THE_SQUAD = {
    "queries": {
        "me": query(
            rule("$blueprint", "=", "_user"),
            rule("$identifier", "=", "{{ .trigger.user.email }}"),
        ),
        "leaders": query(rule("$blueprint", "=", "_user"), rule("leads", "=", value=True)),
    },
    "conditions": [SAME_SQUAD],
}
ANYBODY_ELSE = {
    "queries": {"everybody": query(rule("$blueprint", "=", "_user"))},
    "conditions": ["[.results.everybody.entities[].identifier] - [.trigger.user.email]"],
}


@pytest.fixture(autouse=True)
def _furnished(port_fake: FakePort) -> None:
    furnish(port_fake)


def permit(client: Client, action: str, **permissions: Any) -> None:
    assert client.patch(f"/v1/actions/{action}/permissions", permissions).status == 200


def press(port: FakePort, who: str | None, action: str, **body: Any) -> Answer:
    body = {"properties": {}, **body}
    return client_of(port, who).post(f"/v1/actions/{action}/runs", body)


def approve(port: FakePort, who: str | None, run_id: str) -> Answer:
    return client_of(port, who).patch(f"{RUNS}/{run_id}/approval", {"status": "APPROVE"})


def asked(port: FakePort, who: str | None) -> str:
    """Press the button that waits for approval, and return the id of the run."""
    answer = press(port, who, "deploy")
    assert (answer.status, answer.json["run"]["status"]) == (202, "WAITING_FOR_APPROVAL")
    run_id: str = answer.json["run"]["id"]
    return run_id


def waiting_for(client: Client, run_id: str) -> list[str]:
    wanted = {"include_pending_approvers": "true"}
    approvers = client.get(f"{RUNS}/{run_id}/approvers", wanted).json["approvers"]
    return [one["userId"] for one in approvers if one["state"] == "PENDING"]


def gather_squads(port: FakePort) -> None:
    """Lay squads over the users: Lea leads Ben's, Ana leads Sam's."""
    port.add_blueprint("squad")
    port.add_blueprint(
        "_user",
        properties={"leads": {"type": "boolean"}},
        relations={
            "squad": {"title": "Squad", "target": "squad", "required": False, "many": False}
        },
    )
    for squad, leader, member in (("pay", LEAD, BUILDER), ("ship", ADMIN, STRANGER)):
        port.add_entity("squad", squad)
        port.add_entity("_user", leader, properties={"leads": True}, relations={"squad": squad})
        port.add_entity("_user", member, relations={"squad": squad})


# Nothing is made twice.


def test_what_exists_already_is_not_made_again(
    port_fake: FakePort, port_backend: Backend, client: Client
) -> None:
    definition = client.get(f"/v1/actions/{CREATE}").json["action"]
    method = {"type": "WEBHOOK", "url": port_backend.url}
    kept = ("identifier", "title", "icon", "trigger")
    body = {key: definition[key] for key in kept} | {"invocationMethod": method}
    assert client.put(f"/v1/actions/{CREATE}", body).status == 200
    permit(client, CREATE, execute={"policy": UNLESS_IT_EXISTS})

    refused = press(port_fake, BUILDER, CREATE, properties={"name": "checkout"})
    made = press(port_fake, BUILDER, CREATE, properties={"name": "basket"})
    port_fake.settle()

    assert_refused(refused, 403, CREATE, BUILDER)
    assert made.status == 202
    run_id = made.json["run"]["id"]
    assert [run["id"] for run in client.get(RUNS).json["runs"]] == [run_id]
    assert [letter.run_id for letter in port_backend.letters] == [run_id]


def test_an_entity_that_comes_or_goes_changes_the_next_answer(
    port_fake: FakePort, client: Client
) -> None:
    permit(client, CREATE, execute={"policy": UNLESS_IT_EXISTS})
    entities = "/v1/blueprints/microservice/entities"
    statuses = []

    for _ in range(2):
        statuses.append(press(port_fake, LEAD, CREATE, properties={"name": "basket"}).status)
        client.post(entities, {"identifier": "basket"})
        statuses.append(press(port_fake, LEAD, CREATE, properties={"name": "basket"}).status)
        client.delete(f"{entities}/basket")

    assert statuses == [202, 403, 202, 403]


def test_what_a_policy_forbids_changes_nothing(port_fake: FakePort, client: Client) -> None:
    permit(client, CREATE, execute={"policy": UNLESS_IT_EXISTS})
    audits = client.get("/v1/audit-log").json["audits"]

    refused = press(port_fake, BUILDER, CREATE, properties={"name": "checkout"})

    assert_refused(refused, 403)
    assert client.get(RUNS).json["runs"] == []
    assert port_fake.settle() == []
    assert client.get("/v1/audit-log").json["audits"] == audits
    assert port_fake.execute(CREATE, {"name": "a"}).id == _first_run_of_a_twin(port_fake)


def _first_run_of_a_twin(port: FakePort) -> str:
    """Return the id that the first run has in an organisation that was refused nothing."""
    twin = FakePort(name=port.world.name)
    furnish(twin)
    return twin.execute(CREATE, {"name": "a"}).id


def test_who_is_in_no_list_may_execute_what_the_policy_allows(
    port_fake: FakePort, client: Client
) -> None:
    permit(client, CREATE, execute={**NOBODY, "policy": UNLESS_IT_EXISTS})

    made = press(port_fake, STRANGER, CREATE, properties={"name": "basket"})

    assert made.status == 202
    assert (
        f"execute:actions:{CREATE}"
        not in client_of(port_fake, STRANGER).get(OWN).json["permissions"]
    ), "the lists still say to whom the button is shown"


def test_an_admin_is_bound_by_a_policy_but_by_no_list(port_fake: FakePort, client: Client) -> None:
    permit(client, CREATE, execute=NOBODY)
    free = press(port_fake, ADMIN, CREATE, properties={"name": "checkout"})
    permit(client, CREATE, execute={"policy": UNLESS_IT_EXISTS})

    bound = press(port_fake, ADMIN, CREATE, properties={"name": "checkout"})

    assert free.status == 202
    assert_refused(bound, 403, ADMIN)


def test_a_policy_that_is_taken_away_binds_nobody(port_fake: FakePort, client: Client) -> None:
    permit(client, CREATE, execute={"policy": UNLESS_IT_EXISTS})
    permit(client, CREATE, execute={"policy": None})

    made = press(port_fake, BUILDER, CREATE, properties={"name": "checkout"})

    assert made.status == 202


def test_the_credentials_of_the_organisation_are_bound_by_no_policy(
    port_fake: FakePort, client: Client
) -> None:
    permit(client, CREATE, execute={"policy": UNLESS_IT_EXISTS})

    made = press(port_fake, None, CREATE, properties={"name": "checkout"})

    assert made.status == 202


@pytest.mark.port_fake(settings=Settings(policies_bind_machines=True))
def test_a_setting_binds_the_credentials_of_the_organisation(
    port_fake: FakePort, client: Client
) -> None:
    permit(client, CREATE, execute={"policy": UNLESS_IT_EXISTS})

    refused = press(port_fake, None, CREATE, properties={"name": "checkout"})
    made = press(port_fake, None, CREATE, properties={"name": "basket"})

    assert_refused(refused, 403, "the organisation")
    assert made.status == 202


# A leader of one's own squad approves.


def test_only_the_leader_of_the_executors_squad_approves(
    port_fake: FakePort, client: Client
) -> None:
    gather_squads(port_fake)
    permit(client, "deploy", approve={"policy": LEADERS_OF_THE_SQUAD})
    run_id = asked(port_fake, BUILDER)

    others = [approve(port_fake, who, run_id) for who in (ADMIN, BUILDER, STRANGER)]
    pending = waiting_for(client, run_id)
    released = approve(port_fake, LEAD, run_id)

    for answer in others:
        assert_refused(answer, 403, run_id)
    assert pending == [port_fake.caller(LEAD).id]
    assert (released.status, released.json["run"]["status"]) == (201, "IN_PROGRESS")


def test_another_squad_has_another_leader(port_fake: FakePort, client: Client) -> None:
    gather_squads(port_fake)
    permit(client, "deploy", approve={"policy": LEADERS_OF_THE_SQUAD})

    run_id = asked(port_fake, STRANGER)

    assert waiting_for(client, run_id) == [port_fake.caller(ADMIN).id]
    assert_refused(approve(port_fake, LEAD, run_id), 403)
    assert approve(port_fake, ADMIN, run_id).status == 201


def test_a_machine_acts_as_somebody_whose_leader_then_approves(
    port_fake: FakePort, client: Client
) -> None:
    gather_squads(port_fake)
    permit(client, "deploy", approve={"policy": LEADERS_OF_THE_SQUAD})

    answer = client.post("/v1/actions/deploy/runs", {"properties": {}}, {"run_as": BUILDER})

    run_id = answer.json["run"]["id"]
    assert waiting_for(client, run_id) == [port_fake.caller(LEAD).id]


def test_those_whom_a_policy_names_get_no_mail(port_fake: FakePort, client: Client) -> None:
    permit(client, "deploy", approve={"policy": ANYBODY_ELSE})

    asked(port_fake, BUILDER)

    assert port_fake.settle() == []


# Nobody approves what is their own.


def test_nobody_approves_what_they_have_asked_for(port_fake: FakePort, client: Client) -> None:
    permit(client, "deploy", approve={"policy": ANYBODY_ELSE})
    everybody = (ADMIN, BUILDER, LEAD, STRANGER)

    for who in everybody:
        run_id = asked(port_fake, who)
        pending = waiting_for(client, run_id)
        own = approve(port_fake, who, run_id)
        other = approve(port_fake, STRANGER if who != STRANGER else LEAD, run_id)

        assert pending == [port_fake.caller(one).id for one in everybody if one != who]
        assert_refused(own, 403, who)
        assert other.json["run"]["status"] == "IN_PROGRESS"


def test_a_policy_is_asked_once_for_each_run(port_fake: FakePort, client: Client) -> None:
    permit(client, "deploy", approve={"policy": ANYBODY_ELSE})
    run_id = asked(port_fake, BUILDER)
    pending = waiting_for(client, run_id)

    nobody = {"queries": ANYBODY_ELSE["queries"], "conditions": ["[]"]}
    permit(client, "deploy", approve={"policy": nobody})
    port_fake.add_user("nina@example.com")

    assert waiting_for(client, run_id) == pending
    assert_refused(approve(port_fake, "nina@example.com", run_id), 403)
    assert approve(port_fake, LEAD, run_id).status == 201
    assert waiting_for(client, asked(port_fake, BUILDER)) == []


def test_all_whom_a_policy_names_must_approve(port_fake: FakePort, client: Client) -> None:
    port_fake.add_action("release", approval="ALL", invokes=HOOK)
    permit(client, "release", approve={"policy": ANYBODY_ELSE})
    run_id = press(port_fake, BUILDER, "release").json["run"]["id"]

    statuses = [
        approve(port_fake, who, run_id).json["run"]["status"] for who in (STRANGER, ADMIN, LEAD)
    ]

    assert statuses == ["WAITING_FOR_APPROVAL", "WAITING_FOR_APPROVAL", "IN_PROGRESS"]


# Who owns an entity acts on it.


def test_an_entity_is_acted_on_by_the_team_that_owns_it(
    port_fake: FakePort, client: Client
) -> None:
    port_fake.add_entity("microservice", "orphan")
    permit(client, "restart", execute={**NOBODY, "ownedByTeam": True})

    answers = {
        (who, entity): press(port_fake, who, "restart", entity=entity).status
        for who in (LEAD, BUILDER, ADMIN, None)
        for entity in ("checkout", "orphan")
    }

    assert answers == {
        (LEAD, "checkout"): 202,
        (LEAD, "orphan"): 403,
        (BUILDER, "checkout"): 403,
        (BUILDER, "orphan"): 403,
        **{(who, entity): 202 for who in (ADMIN, None) for entity in ("checkout", "orphan")},
    }


def test_who_acts_on_own_entities_only_is_told_so(port_fake: FakePort, client: Client) -> None:
    for action in ("restart", CREATE):
        permit(client, action, execute={**NOBODY, "ownedByTeam": True})
    told = {}

    for who in (LEAD, BUILDER, ADMIN):
        permissions = client_of(port_fake, who).get(OWN, {"action_version": "v2"}).json
        told[who] = sorted(permissions["permissions"])

    assert told == {
        LEAD: ["execute:actions:deploy", "execute:team_entities:actions:restart"],
        BUILDER: ["execute:actions:deploy"],
        ADMIN: [f"execute:actions:{one}" for one in (CREATE, "deploy", "restart")],
    }


def test_a_team_that_gets_an_entity_may_act_on_it(port_fake: FakePort, client: Client) -> None:
    permit(client, "restart", execute={**NOBODY, "ownedByTeam": True})
    port_fake.add_team("core", members=[BUILDER])
    before = press(port_fake, BUILDER, "restart", entity="checkout")

    client.patch("/v1/blueprints/microservice/entities/checkout", {"team": ["core", "payments"]})
    after = press(port_fake, BUILDER, "restart", entity="checkout")

    assert_refused(before, 403, BUILDER)
    assert after.status == 202
