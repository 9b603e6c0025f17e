"""How policies judge: what their conditions and queries may be, and what happens if they fail."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

from port_fake import FakePort
from tests.support.client import Answer, assert_refused, client_of
from tests.support.furniture import ADMIN, BUILDER, LEAD, add_people

RUNS = "/v1/actions/runs"
PAGE = 20
ENDLESS = "def f: f; f"

SERVICES = {
    "combinator": "and",
    "rules": [{"property": "$blueprint", "operator": "=", "value": "service"}],
}
"""Finds two."""

UNREADABLE = {
    "combinator": "and",
    "rules": [{"property": "$nonsense", "operator": "=", "value": "service"}],
}
TEMPLATE_FAILS = {
    "combinator": "and",
    "rules": [{"property": "$identifier", "operator": "=", "value": '{{ .inputs | error("no") }}'}],
}
NOTHING = {
    "combinator": "and",
    "rules": [{"property": "$blueprint", "operator": "=", "value": "nowhere"}],
}


@pytest.fixture(autouse=True)
def _organisation(port_fake: FakePort) -> None:
    add_people(port_fake)
    port_fake.add_blueprint("service", properties={"tier": {"type": "string"}})
    port_fake.add_entity("service", "basket", properties={"tier": "gold"})
    port_fake.add_entity("service", "checkout", properties={"tier": "base"})
    port_fake.add_action(
        "change",
        blueprint="service",
        operation="DAY-2",
        inputs={"tier": {"type": "string", "default": "base"}},
        approval="ALL",
        approvers=[LEAD],
        invokes={"type": "KAFKA"},
    )


def policy(*conditions: str, **queries: Any) -> dict[str, Any]:
    return {"queries": queries or {"services": SERVICES}, "conditions": list(conditions)}


def press(port: FakePort, who: str | None = BUILDER, **properties: Any) -> Answer:
    body = {"properties": properties, "entity": "checkout"}
    return client_of(port, who).post("/v1/actions/change/runs", body)


def named(port: FakePort, *conditions: str, **queries: Any) -> list[str]:
    """Return the emails of those whom a policy names for a run that Ben asks for."""
    port.permit("change", approve={"policy": policy(*conditions, **queries)})
    run_id = press(port).json["run"]["id"]
    wanted = {"include_pending_approvers": "true"}
    approvers = client_of(port).get(f"{RUNS}/{run_id}/approvers", wanted).json["approvers"]
    emails = {port.caller(one).id: one for one in (ADMIN, BUILDER, LEAD)}
    return [emails[one["userId"]] for one in approvers]


# Conditions about executing.


@pytest.mark.parametrize(
    ("conditions", "allowed"),
    [
        (["true"], True),
        (["false"], False),
        (["false", "true"], True),
        (["true", "false"], True),
        (["false", "false"], False),
        (["true", 'error("no")'], True),
        (['error("no")', "1 / 0", "nonsense("], False),
        (['"true"', "1", "null", "[true]", "{}"], False),
        ([".results.services.entities | length == 2"], True),
        (["empty", "true, false"], True),
        (["empty"], False),
        ([ENDLESS, "true"], True),
    ],
)
def test_one_condition_that_is_true_is_enough(
    port_fake: FakePort, conditions: list[str], *, allowed: bool
) -> None:
    port_fake.permit("change", execute={"policy": policy(*conditions)})

    answer = press(port_fake)

    assert answer.status == (202 if allowed else 403)
    assert len(port_fake.runs()) == allowed


@pytest.mark.parametrize(
    "condition",
    [
        '.inputs == {"tier": "base"}',
        f'.user.email == "{BUILDER}" and (.user.teams == []) and (.user.roles == ["Member"])',
        ".trigger.user.email == .user.email and (.trigger.at | fromdateiso8601? // 1) > 0",
        '.action.identifier == "change" and .action.trigger.operation == "DAY-2"',
        '.blueprint.identifier == "service"',
        '.entity.identifier == "checkout" and .entity.properties.tier == "base"',
        '.results | keys == ["services"]',
        '.results.services.entities[0] | .identifier == "basket" and .blueprint == "service"',
        '[.results.services.entities[].properties.tier] == ["gold", "base"]',
        '.results.services.entities[0] | has("title", "team", "relations", "createdAt")',
    ],
)
def test_conditions_know_the_run_that_is_to_be(port_fake: FakePort, condition: str) -> None:
    port_fake.permit("change", execute={"policy": policy(condition)})

    assert press(port_fake).status == 202


@pytest.mark.parametrize("broken", [UNREADABLE, TEMPLATE_FAILS])
def test_a_query_that_fails_is_ignored_and_the_rest_decides(
    port_fake: FakePort, broken: dict[str, Any]
) -> None:
    queries = {"services": SERVICES, "broken": broken}
    conditions = {
        '.results | keys == ["services"]': 202,
        ".results.broken.entities | length == 0": 202,
        ".results.broken == null": 202,
        ".results.broken.entities | length > 0": 403,
        '.results | has("broken")': 403,
    }
    statuses = {}

    for condition in conditions:
        port_fake.permit("change", execute={"policy": policy(condition, **queries)})
        statuses[condition] = press(port_fake).status

    assert statuses == conditions


def test_a_query_that_finds_nothing_has_an_empty_result(port_fake: FakePort) -> None:
    condition = ".results.none == {entities: []}"
    port_fake.permit("change", execute={"policy": policy(condition, none=NOTHING)})

    assert press(port_fake).status == 202


@pytest.mark.parametrize(
    ("template", "finds"),
    [
        ("{{ .inputs.tier }}", ["checkout"]),
        ("{{ .entity.properties.tier | ascii_downcase }}", ["checkout"]),
        ('{{ if .user.email | startswith("ben") then "gold" else "base" end }}', ["basket"]),
        ("go{{ .inputs.tier[4:] }}ld", ["basket"]),
        ("{{ .inputs.unknown }}", []),
    ],
)
def test_rules_hold_templates(port_fake: FakePort, template: str, finds: list[str]) -> None:
    found = {
        "combinator": "and",
        "rules": [*SERVICES["rules"], {"property": "tier", "operator": "=", "value": template}],
    }
    wanted = f"[.results.found.entities[].identifier] == {finds}".replace("'", '"')
    port_fake.permit("change", execute={"policy": policy(wanted, found=found)})

    assert press(port_fake).status == 202


def test_a_query_finds_a_thousand_entities_and_no_more(port_fake: FakePort) -> None:
    client = client_of(port_fake)
    for start in range(2, 1001, PAGE):
        entities = [{"identifier": f"s{number}"} for number in range(start, start + PAGE)]
        answer = client.post("/v1/blueprints/service/entities/bulk", {"entities": entities})
        assert answer.json["ok"]
    count = client.get("/v1/blueprints/service/entities-count").json["count"]
    condition = ".results.services.entities | length == 1000"
    port_fake.permit("change", execute={"policy": policy(condition)})

    answer = press(port_fake)

    assert count > 1000
    assert answer.status == 202


# Conditions about approving.


def test_the_emails_of_all_conditions_count_once(port_fake: FakePort) -> None:
    approvers = named(port_fake, f'["{LEAD}"]', "1 / 0", f'["{ADMIN}", "{LEAD}"]')

    assert approvers == [LEAD, ADMIN]


@pytest.mark.parametrize(
    "condition",
    [
        "[]",
        "null",
        "true",
        f'"{LEAD}"',
        f'{{"email": "{LEAD}"}}',
        'error("no")',
        "nonsense(",
        "[7, null, {}]",
        '["nobody@example.com"]',
    ],
)
def test_a_policy_that_yields_nobody_leaves_nobody(port_fake: FakePort, condition: str) -> None:
    approvers = named(port_fake, condition)
    [run] = port_fake.runs()

    answers = [
        client_of(port_fake, who).patch(f"{RUNS}/{run.id}/approval", {"status": "APPROVE"})
        for who in (ADMIN, LEAD, BUILDER)
    ]

    assert approvers == []
    for answer in answers:
        assert_refused(answer, 403, run.id)
    assert port_fake.run(run).status == "WAITING_FOR_APPROVAL"


def test_an_action_that_needs_no_approval_asks_no_policy_for_approvers(
    port_fake: FakePort,
) -> None:
    port_fake.add_action("free", invokes={"type": "KAFKA"})
    port_fake.permit("free", approve={"policy": policy("[]")})

    answer = client_of(port_fake, BUILDER).post("/v1/actions/free/runs", {"properties": {}})

    assert answer.json["run"]["status"] == "IN_PROGRESS"
    path = f"{RUNS}/{answer.json['run']['id']}/approvers"
    wanted = {"include_pending_approvers": "true"}
    assert client_of(port_fake).get(path, wanted).json["approvers"] == []


# Refusals come in order, and cost nothing.


def test_inputs_that_do_not_fit_are_refused_before_any_policy_is_asked(
    port_fake: FakePort,
) -> None:
    port_fake.permit("change", execute={"policy": policy(ENDLESS)})

    answer = press(port_fake, tier=7)

    assert_refused(answer, 422, "tier")


def test_a_policy_that_never_ends_forbids_and_holds_up_its_own_request_alone(
    port_fake: FakePort,
) -> None:
    port_fake.permit("change", execute={"policy": policy(ENDLESS)})
    other = client_of(port_fake)
    statuses: list[int] = []
    thread = Thread(target=lambda: statuses.append(press(port_fake).status))
    answered = 0

    thread.start()
    while thread.is_alive():
        answered += other.post("/v1/teams", {"name": f"team {answered}"}).status == 200

    assert statuses == [403]
    assert port_fake.runs() == []
    assert answered >= 10, "the others have waited"
