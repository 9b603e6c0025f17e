"""Runs that not everybody may see: ``allowAnyoneToViewRuns`` told over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake import FakePort, FakePortServer
from tests.support.client import Answer, Client, assert_refused, client_of
from tests.support.furniture import ADMIN, BUILDER, LEAD, STRANGER, add_catalog, add_people

RUNS = "/v1/actions/runs"
NOBODY: dict[str, Any] = {"users": [], "roles": [], "teams": []}
HIDDEN: Final = {"allowAnyoneToViewRuns": False}
KAFKA: Final = {"type": "KAFKA"}
USERS: Final = (ADMIN, BUILDER, LEAD, STRANGER)

Read: TypeAlias = Callable[[Client, str], Answer]


def naming(*emails: str) -> dict[str, Any]:
    """Return a policy that names *emails*, whoever asks."""
    query = {
        "combinator": "and",
        "rules": [{"property": "$blueprint", "operator": "=", "value": "_user"}],
    }
    found = ", ".join(f'"{email}"' for email in emails)
    return {"queries": {"users": query}, "conditions": [f"[{found}]"]}


def add_secretive(port: FakePort, identifier: str = "deploy", **definition: Any) -> None:
    """Add an action whose runs Lea approves and whose runs not everybody may see."""
    port.add_action(
        identifier,
        **{"approval": "ANY", "approvers": [LEAD], "invokes": KAFKA, **HIDDEN, **definition},
    )


def viewers(port: FakePort, run_id: str) -> set[str | None]:
    """Return who may read a run."""
    answers = {who: client_of(port, who).get(f"{RUNS}/{run_id}").status for who in (None, *USERS)}
    assert set(answers.values()) <= {200, 404}
    return {who for who, status in answers.items() if status == 200}


def listed(port: FakePort, who: str | None, **query: Any) -> list[str]:
    runs = client_of(port, who).get(RUNS, {"version": "v2", **query}).json["runs"]
    return [run["id"] for run in runs]


@pytest.fixture
def furnished(port_fake: FakePort) -> FakePort:
    add_people(port_fake)
    add_catalog(port_fake)
    return port_fake


# Who sees what.


def test_runs_are_for_everybody_unless_an_action_says_otherwise(furnished: FakePort) -> None:
    add_secretive(furnished, allowAnyoneToViewRuns=True)

    run = furnished.execute("deploy", as_user=BUILDER)

    assert viewers(furnished, run.id) == {None, *USERS}


def test_hidden_runs_are_for_admins_approvers_and_whoever_asked(furnished: FakePort) -> None:
    add_secretive(furnished)

    run = furnished.execute("deploy", as_user=BUILDER)

    assert viewers(furnished, run.id) == {None, ADMIN, LEAD, BUILDER}
    furnished.approve(run, as_user=LEAD)
    furnished.complete(run)
    assert viewers(furnished, run.id) == {None, ADMIN, LEAD, BUILDER}, "also when it is over"


def test_who_may_approve_sees_nothing_of_a_run_that_asks_nobody(furnished: FakePort) -> None:
    add_secretive(furnished, approval=False)

    run = furnished.execute("deploy", as_user=BUILDER)

    assert viewers(furnished, run.id) == {None, ADMIN, BUILDER}


def test_who_is_impersonated_sees_the_run(furnished: FakePort, client: Client) -> None:
    add_secretive(furnished)

    answer = client.post("/v1/actions/deploy/runs", {"properties": {}}, {"run_as": STRANGER})

    assert viewers(furnished, answer.json["run"]["id"]) == {None, ADMIN, LEAD, STRANGER}


def test_whom_a_policy_names_sees_the_run_and_who_is_in_the_lists_does_not(
    furnished: FakePort,
) -> None:
    add_secretive(furnished)
    furnished.permit("deploy", approve={"policy": naming(STRANGER)})

    run = furnished.execute("deploy", as_user=BUILDER)

    assert viewers(furnished, run.id) == {None, ADMIN, STRANGER, BUILDER}
    assert {who for who in USERS if run.id in listed(furnished, who)} == {ADMIN, STRANGER, BUILDER}


def test_who_becomes_an_approver_sees_the_runs_that_ask_for_approval(furnished: FakePort) -> None:
    add_secretive(furnished)
    run = furnished.execute("deploy", as_user=BUILDER)
    seen = []

    for lists in ({"users": [STRANGER]}, {"teams": ["payments"]}, {"roles": ["Member"]}):
        furnished.permit("deploy", approve={**NOBODY, **lists})
        seen.append(viewers(furnished, run.id) - {None, ADMIN, BUILDER})

    assert seen == [{STRANGER}, {LEAD}, {LEAD, STRANGER}]


# What is hidden, is hidden everywhere.


@pytest.mark.parametrize(
    "read",
    [
        lambda client, path: client.get(path),
        lambda client, path: client.get(path, {"version": "v2"}),
        lambda client, path: client.get(f"{path}/logs"),
        lambda client, path: client.get(f"{path}/approvers"),
        lambda client, path: client.get(f"{path}/approvers", {"include_pending_approvers": "true"}),
        lambda client, path: client.patch(path, {"statusLabel": "Mine"}),
        lambda client, path: client.patch(path, {"status": "FAILURE"}),
        lambda client, path: client.patch(f"{path}/approval", {"status": "APPROVE"}),
        lambda client, path: client.patch(f"{path}/approval", {"status": "DECLINE"}),
        lambda client, path: client.post(f"{path}/logs", {"message": "Hello"}),
        lambda client, path: client.patch(f"{path}/response", {"response": {}}),
        lambda client, path: client.post(
            "/v1/blueprints/microservice/entities",
            {"identifier": "new"},
            {"run_id": path.rpartition("/")[2]},
        ),
    ],
)
@pytest.mark.parametrize("approved", [False, True])
def test_a_hidden_run_is_like_one_that_does_not_exist(
    furnished: FakePort, client: Client, read: Read, *, approved: bool
) -> None:
    add_secretive(furnished)
    run = furnished.execute("deploy", as_user=BUILDER)
    if approved:
        furnished.approve(run, as_user=LEAD)
    furnished.log(run, "Secret")
    furnished.settle()
    before = furnished.run(run), client.get("/v1/audit-log").json
    stranger = client_of(furnished, STRANGER)

    hidden = read(stranger, f"{RUNS}/{run.id}")
    unknown = read(stranger, f"{RUNS}/r_unknown")

    assert_refused(hidden, 404, run.id)
    assert hidden.json == {**unknown.json, "message": unknown.message.replace("r_unknown", run.id)}
    assert (furnished.run(run), client.get("/v1/audit-log").json) == before


def test_the_audit_log_keeps_what_is_hidden(furnished: FakePort) -> None:
    add_secretive(furnished)
    run = furnished.execute("deploy", as_user=BUILDER)
    found = {}

    for who in (None, *USERS):
        client = client_of(furnished, who)
        found[who] = [
            len(client.get("/v1/audit-log", query).json["audits"])
            for query in ({"run_id": run.id}, {"identifier": run.id})
        ]

    assert found == {**{who: [1, 1] for who in (None, ADMIN, BUILDER, LEAD)}, STRANGER: [0, 0]}


def test_the_audit_log_keeps_what_was_done_on_behalf_of_a_hidden_run(furnished: FakePort) -> None:
    add_secretive(furnished)
    run = furnished.execute("deploy", as_user=BUILDER)
    furnished.approve(run, as_user=LEAD)
    furnished.perform(
        "change-entity",
        path={"blueprint_identifier": "microservice", "entity_identifier": "checkout"},
        query={"run_id": run.id},
        body={"title": "Deployed"},
    )
    found = {}

    for who in (BUILDER, STRANGER):
        answer = client_of(furnished, who).get("/v1/audit-log", {"entity": "checkout"})
        found[who] = [one["action"] for one in answer.json["audits"]]

    assert found == {BUILDER: ["UPDATE", "CREATE"], STRANGER: ["CREATE"]}


def test_no_filter_and_no_limit_lets_hidden_runs_through(furnished: FakePort) -> None:
    add_secretive(furnished, "hidden", blueprint="microservice", operation="DAY-2")
    furnished.add_action("open", blueprint="microservice", operation="DAY-2", invokes=KAFKA)
    runs = [
        furnished.execute(action, entity="checkout", as_user=who).id
        for who in (STRANGER, BUILDER)
        for action in ("hidden", "open", "hidden")
    ]
    for run_id in runs:
        furnished.perform("update-action-run", path={"run_id": run_id}, body={"externalRunId": "x"})
    secret = {runs[3], runs[5]}
    filters: list[dict[str, Any]] = [
        {},
        *({"action": action} for action in ("open", "hidden", "unknown")),
        {"blueprint": "microservice"},
        {"entity": "checkout"},
        {"user_email": BUILDER},
        {"user_id": furnished.caller(BUILDER).id},
        {"external_run_id": "x"},
        {"active": "true"},
        {"source": "API"},
        {"action": "hidden", "user_email": BUILDER, "active": "false"},
        {"exclude": "properties", "entity": "checkout"},
    ]

    for query in filters:
        everything = listed(furnished, None, **query)
        visible = [run_id for run_id in everything if run_id not in secret]

        assert listed(furnished, ADMIN, **query) == everything, query
        assert listed(furnished, LEAD, **query) == everything, query
        assert listed(furnished, STRANGER, **query) == visible, query
        for limit in (1, 2, 3, 1000):
            got = listed(furnished, STRANGER, **query, limit=limit)
            assert got == visible[:limit], "a limit counts what is seen"


# What an action says now counts for all its runs.


def test_the_flag_can_be_set_and_taken_away(furnished: FakePort, client: Client) -> None:
    add_secretive(furnished, allowAnyoneToViewRuns=True)
    run = furnished.execute("deploy", as_user=BUILDER)
    body = client.get("/v1/actions/deploy").json["action"]
    body = {key: body[key] for key in ("identifier", "trigger", "invocationMethod")}
    body["requiredApproval"] = {"type": "ANY"}
    seen = []

    for definition in (HIDDEN, {"allowAnyoneToViewRuns": True}, HIDDEN, {}):
        assert client.put("/v1/actions/deploy", {**body, **definition}).status == 200
        seen.append((STRANGER in viewers(furnished, run.id), len(listed(furnished, STRANGER))))

    assert seen == [(False, 0), (True, 1), (False, 0), (True, 1)]


def test_the_runs_of_an_action_that_is_gone_stay_hidden(
    furnished: FakePort, client: Client
) -> None:
    add_secretive(furnished)
    run = furnished.execute("deploy", as_user=BUILDER)

    client.delete("/v1/actions/deploy")

    assert viewers(furnished, run.id) == {None, ADMIN, BUILDER}
    assert {who for who in USERS if listed(furnished, who)} == {ADMIN, BUILDER}


# A list holds what can be read.


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One action, what becomes of it, and who presses its button."""

    hidden: bool
    approval: bool
    approvers: tuple[str, ...]
    named: tuple[str, ...] | None
    pressers: tuple[str | None, ...]
    ruled: bool
    fate: str = field(default="stays")


emails = st.lists(st.sampled_from(USERS), unique=True, max_size=2).map(tuple)
plots = st.builds(
    Plot,
    hidden=st.booleans(),
    approval=st.booleans(),
    approvers=emails,
    named=st.none() | emails,
    pressers=st.lists(st.sampled_from([None, *USERS]), max_size=3).map(tuple),
    ruled=st.booleans(),
    fate=st.sampled_from(["stays", "is deleted", "is hidden", "is opened", "is permitted to Sam"]),
)


def play(port: FakePort, number: int, plot: Plot) -> None:
    """Make an action and its runs, and let happen to it what the plot says."""
    action = f"a{number}"
    is_open = not plot.hidden
    made = port.add_action(
        action, approval=plot.approval, invokes=KAFKA, allowAnyoneToViewRuns=is_open
    )
    policy = None if plot.named is None else naming(*plot.named)
    port.permit(action, approve={**NOBODY, "users": list(plot.approvers), "policy": policy})
    runs = [port.execute(action, as_user=who) for who in plot.pressers]
    if plot.ruled and plot.approval and runs:
        port.approve(runs[0])
    path = {"action_identifier": action}
    if plot.fate == "is deleted":
        port.perform("delete-action", path=path)
    elif plot.fate == "is permitted to Sam":
        port.permit(action, approve={"users": [STRANGER]})
    elif plot.fate != "stays":
        kept = {key: made[key] for key in ("identifier", "trigger", "invocationMethod")}
        body = {**kept, "allowAnyoneToViewRuns": plot.fate == "is opened"}
        port.perform("replace-action", path=path, body=body)


@given(story=st.lists(plots, max_size=3))
def test_a_list_holds_the_runs_that_can_be_read(
    port_fake_server: FakePortServer, story: list[Plot]
) -> None:
    with port_fake_server.organisation(name="plots") as port:
        add_people(port)
        for number, plot in enumerate(story):
            play(port, number, plot)
        everything = listed(port, None)

        for who in USERS:
            client = client_of(port, who)
            readable = [
                run_id for run_id in everything if client.get(f"{RUNS}/{run_id}").status == 200
            ]
            assert listed(port, who) == readable
