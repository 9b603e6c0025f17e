"""Who calls: users with roles and teams, the organisation itself, and one in another's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from port_fake import FakePort
from tests.support.client import Answer, Client, assert_refused, client_of
from tests.support.furniture import ADMIN, BUILDER, HOOK, LEAD, STRANGER, furnish

RUNS = "/v1/actions/runs"
RESTART = "/v1/actions/restart/runs"
MOD = "mod.erator@example.com"
NOBODY: dict[str, Any] = {"users": [], "roles": [], "teams": []}
EVERYBODY = (ADMIN, MOD, BUILDER, LEAD, STRANGER)

Act: TypeAlias = Callable[[Client, str], Answer]


@pytest.fixture(autouse=True)
def _furnished(port_fake: FakePort) -> None:
    furnish(port_fake)
    port_fake.add_user(MOD, roles=["microservice-moderator"], teams=["ops"])


def permit(client: Client, action: str, **permissions: Any) -> None:
    assert client.patch(f"/v1/actions/{action}/permissions", permissions).status == 200


def log_in(port: FakePort, email: str) -> Client:
    """Return a client with a token that was asked for over HTTP with the user's credentials."""
    given = port.credentials_of(email)
    body = {"clientId": given.client_id, "clientSecret": given.client_secret}
    answer = Client(port.base_url).post("/v1/auth/access_token", body)
    assert answer.status == 200
    return Client(port.base_url, answer.json["accessToken"])


def restart(client: Client, **query: str) -> Answer:
    return client.post(RESTART, {"properties": {}, "entity": "checkout"}, query)


def deploy(client: Client) -> str:
    run_id: str = client.post("/v1/actions/deploy/runs", {"properties": {}}).json["run"]["id"]
    return run_id


def rule(client: Client, run_id: str, word: str = "APPROVE") -> Answer:
    return client.patch(f"{RUNS}/{run_id}/approval", {"status": word})


def everything(client: Client) -> list[Any]:
    """Return all that could have changed: runs, their approvers, and what was told of them."""
    runs = client.get(RUNS, {"version": "v2"}).json["runs"]
    approvers = [client.get(f"{RUNS}/{run['id']}/approvers").json for run in runs]
    return [runs, approvers, client.get("/v1/audit-log").json]


# Users.


def test_a_personal_token_acts_in_the_name_of_its_user(port_fake: FakePort) -> None:
    for email in EVERYBODY:
        run = restart(log_in(port_fake, email)).json["run"]

        assert run["createdBy"] == port_fake.caller(email).id
        assert run["updatedBy"] == run["createdBy"]
        assert "impersonatedBy" not in run


@pytest.mark.parametrize(
    ("lists", "allowed"),
    [
        ({"users": [BUILDER]}, {ADMIN, BUILDER}),
        ({"roles": ["Admin"]}, {ADMIN}),
        ({"roles": ["microservice-moderator"]}, {ADMIN, MOD}),
        ({"roles": ["other-moderator"]}, {ADMIN}),
        ({"roles": ["Member"]}, set(EVERYBODY)),
        ({"teams": ["payments"]}, {ADMIN, LEAD}),
        ({"teams": ["payments", "ops"]}, {ADMIN, LEAD, MOD}),
        ({"users": [STRANGER], "teams": ["ops"]}, {ADMIN, STRANGER, MOD}),
        ({}, {ADMIN}),
    ],
)
def test_lists_say_who_may_execute_and_who_may_approve(
    port_fake: FakePort, client: Client, lists: dict[str, Any], allowed: set[str]
) -> None:
    permit(client, "restart", execute={**NOBODY, **lists})
    permit(client, "deploy", approve={**NOBODY, **lists})
    executed, approved = set(), set()

    for email in EVERYBODY:
        caller = log_in(port_fake, email)
        run_id = deploy(client)
        answers = restart(caller), rule(caller, run_id)
        executed |= {email} if answers[0].status == 202 else set()
        approved |= {email} if answers[1].status == 201 else set()
        for answer in answers:
            assert answer.status < 300 or (answer.status, email in answer.message) == (403, True)

    assert (executed, approved) == (allowed, allowed)


def test_who_joins_a_team_may_do_what_the_team_may(port_fake: FakePort, client: Client) -> None:
    permit(client, "restart", execute={**NOBODY, "teams": ["payments"]})
    caller = log_in(port_fake, BUILDER)
    before = restart(caller)

    client.patch(f"/v1/users/{BUILDER}", {"teams": ["payments"]})
    joined = restart(caller)
    client.patch(f"/v1/users/{BUILDER}", {"teams": []})
    left = restart(caller)

    assert [before.status, joined.status, left.status] == [403, 202, 403]


def test_who_is_gone_has_no_token_any_more(port_fake: FakePort, client: Client) -> None:
    caller = log_in(port_fake, BUILDER)

    client.delete(f"/v1/users/{BUILDER}")

    assert_refused(restart(caller), 401)
    assert client.get(RUNS).json["runs"] == []


def test_the_organisation_may_do_what_nobody_may(client: Client) -> None:
    permit(client, "restart", execute=NOBODY)
    permit(client, "deploy", approve=NOBODY)

    assert restart(client).status == 202
    assert rule(client, deploy(client)).json["run"]["status"] == "IN_PROGRESS"


# In another's name.


def test_the_organisation_acts_in_the_name_of_a_user(port_fake: FakePort, client: Client) -> None:
    ben = port_fake.caller(BUILDER).id

    run = restart(client, run_as=BUILDER).json["run"]

    assert (run["createdBy"], run["impersonatedBy"]) == (ben, port_fake.client_id)
    [listed] = client.get(RUNS, {"user_email": BUILDER, "version": "v2"}).json["runs"]
    assert listed == client.get(f"{RUNS}/{run['id']}", {"version": "v2"}).json["run"]
    assert listed["impersonatedBy"] == port_fake.client_id
    assert "impersonatedBy" not in client.get(f"{RUNS}/{run['id']}").json["run"], "not in v1"


def test_who_is_named_must_be_allowed(port_fake: FakePort, client: Client) -> None:
    permit(client, "restart", execute={**NOBODY, "users": [LEAD]})
    before = everything(client)

    refused = restart(client, run_as=BUILDER)

    assert_refused(refused, 403, BUILDER, "restart")
    assert everything(client) == before
    assert port_fake.settle() == []
    assert restart(client, run_as=LEAD).status == 202


def test_a_policy_is_asked_about_who_is_named(client: Client) -> None:
    query = {
        "combinator": "and",
        "rules": [{"property": "$blueprint", "operator": "=", "value": "_user"}],
    }
    condition = f'.user.email == "{LEAD}" and .trigger.user.email == .user.email'
    policy = {"queries": {"users": query}, "conditions": [condition]}
    permit(client, "restart", execute={"policy": policy})

    assert_refused(restart(client, run_as=BUILDER), 403, BUILDER)
    assert restart(client, run_as=LEAD).status == 202


def test_who_is_named_owns_the_run(port_fake: FakePort, client: Client) -> None:
    answer = client.post("/v1/actions/deploy/runs", {"properties": {}}, {"run_as": BUILDER})
    path = f"{RUNS}/{answer.json['run']['id']}"

    by_another = log_in(port_fake, STRANGER).patch(path, {"status": "FAILURE"})
    by_the_owner = log_in(port_fake, BUILDER).patch(path, {"status": "FAILURE"})

    assert_refused(by_another, 403, STRANGER)
    assert by_the_owner.json["run"]["status"] == "FAILURE"


@pytest.mark.parametrize("email", EVERYBODY)
def test_a_user_acts_in_nobody_elses_name(port_fake: FakePort, client: Client, email: str) -> None:
    before = everything(client)

    refused = restart(log_in(port_fake, email), run_as=LEAD)

    assert_refused(refused, 403, "run_as")
    assert everything(client) == before


@pytest.mark.parametrize("email", ["nobody@example.com", "Ben", "payments", " "])
def test_who_is_named_must_exist(client: Client, email: str) -> None:
    before = everything(client)

    refused = restart(client, run_as=email)

    assert_refused(refused, 404, email)
    assert everything(client) == before


# Votes that do not count.


@pytest.mark.parametrize("word", ["APPROVE", "DECLINE"])
@pytest.mark.parametrize("kind", ["ANY", "ALL"])
def test_who_is_no_approver_has_no_vote(
    port_fake: FakePort, client: Client, kind: str, word: str
) -> None:
    port_fake.add_action("release", approval=kind, approvers=[LEAD, BUILDER], invokes=HOOK)
    asked = log_in(port_fake, STRANGER).post("/v1/actions/release/runs", {"properties": {}})
    run_id = asked.json["run"]["id"]
    before = everything(client)

    for email in (STRANGER, MOD):
        assert_refused(rule(log_in(port_fake, email), run_id, word), 403, email, run_id)

    assert everything(client) == before


@pytest.mark.parametrize("second", ["APPROVE", "DECLINE"])
@pytest.mark.parametrize("voter", [LEAD, ADMIN, None])
def test_nobody_votes_twice(
    port_fake: FakePort, client: Client, voter: str | None, second: str
) -> None:
    port_fake.add_action("release", approval="ALL", approvers=[LEAD, BUILDER], invokes=HOOK)
    run_id = port_fake.execute("release").id
    caller = client_of(port_fake, voter)
    assert rule(caller, run_id).json["run"]["status"] == "WAITING_FOR_APPROVAL"
    before = everything(client)

    again = rule(caller, run_id, second)

    assert_refused(again, 422, run_id)
    assert everything(client) == before


@pytest.mark.parametrize(
    "end",
    [
        lambda client, path: client.patch(f"{path}/approval", {"status": "APPROVE"}),
        lambda client, path: client.patch(f"{path}/approval", {"status": "DECLINE"}),
        lambda client, path: client.patch(path, {"status": "FAILURE"}),
    ],
    ids=["approved", "declined", "withdrawn"],
)
@pytest.mark.parametrize("word", ["APPROVE", "DECLINE"])
def test_a_run_that_does_not_wait_takes_no_vote(
    port_fake: FakePort, client: Client, end: Act, word: str
) -> None:
    run_id = deploy(log_in(port_fake, BUILDER))
    end(client, f"{RUNS}/{run_id}")
    port_fake.settle()
    before = everything(client)

    late = rule(log_in(port_fake, LEAD), run_id, word)

    assert_refused(late, 422)
    assert everything(client) == before


def test_a_run_that_needs_no_approval_takes_no_vote(port_fake: FakePort, client: Client) -> None:
    run_id = restart(client).json["run"]["id"]
    port_fake.settle()
    before = everything(client)

    assert_refused(rule(log_in(port_fake, ADMIN), run_id), 422)
    assert_refused(rule(client, "r_unknown"), 404, "r_unknown")
    assert everything(client) == before


# Who has yet to vote.


def test_approvers_are_listed_with_their_words_and_on_request_those_who_have_none(
    port_fake: FakePort, client: Client
) -> None:
    approve = {"users": [BUILDER], "roles": ["microservice-moderator"], "teams": ["payments"]}
    port_fake.add_action("release", approval="ALL", invokes=HOOK)
    permit(client, "release", approve=approve)
    path = f"{RUNS}/{port_fake.execute('release').id}"
    ids = {email: port_fake.caller(email).id for email in EVERYBODY}
    body = {"status": "APPROVE", "description": "Fine"}

    log_in(port_fake, LEAD).patch(f"{path}/approval", body)
    log_in(port_fake, ADMIN).patch(f"{path}/approval", {"status": "APPROVE"})

    voted = [
        {"userId": ids[LEAD], "state": "APPROVED", "description": "Fine"},
        {"userId": ids[ADMIN], "state": "APPROVED"},
    ]
    pending = [{"userId": ids[one], "state": "PENDING"} for one in (BUILDER, MOD)]
    listed = {
        word: client.get(f"{path}/approvers", {"include_pending_approvers": word}).json["approvers"]
        for word in ("true", "false")
    }
    assert listed == {"true": voted + pending, "false": voted}
    assert client.get(f"{path}/approvers").json["approvers"] == voted


def test_the_list_of_approvers_follows_people_and_permissions(
    port_fake: FakePort, client: Client
) -> None:
    permit(client, "deploy", approve={**NOBODY, "teams": ["payments"]})
    run_id = deploy(client)
    emails = {port_fake.caller(email).id: email for email in EVERYBODY}
    seen = []

    for change in (
        lambda: None,
        lambda: client.patch(f"/v1/users/{BUILDER}", {"teams": ["payments"]}),
        lambda: client.delete(f"/v1/users/{LEAD}"),
        lambda: permit(client, "deploy", approve={"users": [STRANGER]}),
    ):
        change()
        wanted = {"include_pending_approvers": "true"}
        approvers = client.get(f"{RUNS}/{run_id}/approvers", wanted).json["approvers"]
        seen.append([emails[one["userId"]] for one in approvers])

    assert seen == [[LEAD], [BUILDER, LEAD], [BUILDER], [BUILDER, STRANGER]]
