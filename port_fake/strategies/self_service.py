"""Actions, and who may execute them and approve their runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from port_fake.engine.people import ADMIN, MEMBER
from port_fake.strategies.definitions import user_inputs
from port_fake.strategies.formats import WORDS, texts
from port_fake.strategies.names import IDENTIFIERS, titles

Documents = SearchStrategy[dict[str, Any]]

ROLES: Final = (MEMBER, ADMIN)
PAYLOADS: Final = st.sampled_from(
    [
        {},
        {"name": "{{ .inputs.name }}"},
        {"run": "{{ .run.id }}", "all": "{{ .inputs }}"},
        [{"by": "{{ .trigger.by.user.email }}"}],
    ]
)
TEMPLATES: Final = st.one_of(st.booleans(), st.sampled_from(["{{ .inputs.quick }}"]))


def _method(name: str, optional: dict[str, SearchStrategy[Any]], **needed: Any) -> Documents:
    parts = {key: st.just(value) for key, value in {"type": name, **needed}.items()}
    return st.fixed_dictionaries(parts, optional=optional)


METHODS: Final[Sequence[Documents]] = (
    _method(
        "WEBHOOK",
        {
            "agent": TEMPLATES,
            "synchronized": TEMPLATES,
            "method": st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "GET"]),
            "headers": st.dictionaries(WORDS.map("x-{}".format), WORDS, max_size=2),
            "body": PAYLOADS,
        },
        url="https://backend.example.com/",
    ),
    _method("KAFKA", {"payload": PAYLOADS}),
    _method(
        "GITHUB",
        {"workflowInputs": st.just({"ref": "main"}), "reportWorkflowStatus": TEMPLATES},
        org="example",
        repo="service",
        workflow="deploy.yml",
    ),
    _method(
        "INTEGRATION_ACTION",
        {},
        installationId="github-app-1",
        integrationActionType="dispatch_workflow",
        integrationActionExecutionProperties={"org": "example", "repo": "a", "workflow": "b.yml"},
    ),
    _method(
        "GITLAB",
        {"defaultRef": st.just("main"), "pipelineVariables": st.just({"NAME": "a"})},
        projectName="service",
        groupName="example",
    ),
    _method("AZURE_DEVOPS", {"payload": PAYLOADS}, webhook="port", org="example"),
)
"""Methods that ask for nothing in the catalog; those that call somebody call example.com."""

APPROVALS: Final = st.sampled_from([False, True, {"type": "ANY"}, {"type": "ALL"}])
NOTIFICATIONS: Final = st.sampled_from(
    [
        {"type": "email"},
        {"type": "webhook", "url": "https://example.com/approvals"},
        {"type": "webhook", "url": "https://example.com/approvals", "format": "slack"},
    ]
)
BUTTONS: Final = st.text("abcdef", min_size=2, max_size=15)
QUERIES: Final = st.dictionaries(
    WORDS,
    st.just(
        {
            "combinator": "and",
            "rules": [{"property": "$blueprint", "operator": "=", "value": "service"}],
        }
    ),
    min_size=1,
    max_size=2,
)
POLICIES: Final = st.fixed_dictionaries(
    {"queries": QUERIES, "conditions": st.lists(st.just("true"), min_size=1, max_size=2)}
)
EVENTS: Final = ("ENTITY_CREATED", "ENTITY_UPDATED", "ENTITY_DELETED", "ANY_ENTITY_CHANGE")


@st.composite
def actions(
    draw: st.DrawFn,
    *,
    identifiers: SearchStrategy[str] = IDENTIFIERS,
    blueprints: Sequence[str] = (),
    invocations: Documents | None = None,
    automations: bool = False,
    max_inputs: int = 6,
) -> dict[str, Any]:
    """Actions as they are sent to Port, ready for `inputs_for` and `execute_bodies`.

    With *blueprints* that are there, some act on entities and some ask for them. *invocations*
    draws invocation methods; by itself every method is drawn that needs nothing of the catalog,
    and upserts into *blueprints*. With *automations*, one in three is one: nobody executes it.
    Shrinks to a self-service action ``a`` without inputs that calls a webhook.
    """
    methods = invocations if invocations is not None else st.one_of(_methods(blueprints))
    kinds = ("self-service", "self-service", "automation" if automations else "self-service")
    is_automation = draw(st.sampled_from(kinds)) == "automation"
    action: dict[str, Any] = {
        "identifier": draw(identifiers),
        "trigger": draw(
            _automatic(blueprints) if is_automation else _self_service(blueprints, max_inputs)
        ),
        "invocationMethod": draw(methods),
    }
    more: dict[str, SearchStrategy[Any]] = {
        "title": titles(),
        "icon": WORDS,
        "description": texts(0, 20),
        "requiredApproval": APPROVALS,
        "approvalNotification": NOTIFICATIONS,
        "allowAnyoneToViewRuns": st.booleans(),
    }
    if is_automation:
        more = {"title": titles(), "publish": st.booleans()}
    return {**action, **draw(st.fixed_dictionaries({}, optional=more))}


def _methods(blueprints: Sequence[str]) -> list[Documents]:
    if not blueprints:
        return [*METHODS]
    upsert = st.fixed_dictionaries(
        {
            "type": st.just("UPSERT_ENTITY"),
            "blueprintIdentifier": st.sampled_from(blueprints),
            "mapping": st.just({"identifier": "{{ .run.id }}", "properties": {}}),
        }
    )
    return [*METHODS, upsert]


@st.composite
def _self_service(draw: st.DrawFn, blueprints: Sequence[str], max_inputs: int) -> dict[str, Any]:
    operations = ["CREATE", "DAY-2", "DELETE"] if blueprints else ["CREATE"]
    trigger: dict[str, Any] = {
        "type": "self-service",
        "operation": draw(st.sampled_from(operations)),
        "userInputs": draw(user_inputs(blueprints=blueprints, max_inputs=max_inputs)),
    }
    is_on_blueprint = draw(st.booleans())
    if blueprints and is_on_blueprint:
        trigger["blueprintIdentifier"] = draw(st.sampled_from(blueprints))
        if trigger["operation"] != "CREATE" and draw(st.booleans()):
            trigger["condition"] = {
                "type": "SEARCH",
                "combinator": "and",
                "rules": [{"property": "$title", "operator": "isNotEmpty"}],
            }
    if draw(st.sampled_from([False, False, True])):
        trigger["actionCardButtonText"] = draw(BUTTONS)
    return trigger


def _automatic(blueprints: Sequence[str]) -> Documents:
    on_runs = st.sampled_from(["RUN_CREATED", "RUN_UPDATED", "ANY_RUN_CHANGE"]).map(
        lambda name: {"type": name, "actionIdentifier": "a"}
    )
    on_entities = st.builds(
        lambda name, blueprint: {"type": name, "blueprintIdentifier": blueprint},
        st.sampled_from(EVENTS),
        st.sampled_from(blueprints or ["service"]),
    )
    return st.fixed_dictionaries(
        {"type": st.just("automation"), "event": st.one_of(on_runs, on_entities)},
        optional={
            "condition": st.just({"type": "JQ", "expressions": ['.diff.after.status == "SUCCESS"']})
        },
    )


def permissions(
    *,
    users: Sequence[str] = (),
    teams: Sequence[str] = (),
    roles: Sequence[str] = ROLES,
    policies: bool = False,
) -> Documents:
    """Changes of an action's permissions: some of *users*, *teams* and *roles*.

    Either half and each list may be left out, which keeps what is there. With *policies* some
    carry a policy, or null, which takes it away. Shrinks to ``{}``.
    """
    people: dict[str, SearchStrategy[Any]] = {
        "users": _several(users),
        "roles": _several(roles),
        "teams": _several(teams),
    }
    if policies:
        people["policy"] = st.one_of(st.none(), POLICIES)
    owned = {**people, "ownedByTeam": st.booleans()}
    return st.fixed_dictionaries(
        {},
        optional={
            "execute": st.fixed_dictionaries({}, optional=owned),
            "approve": st.fixed_dictionaries({}, optional=people),
        },
    )


def _several(names: Sequence[str]) -> SearchStrategy[list[str]]:
    if not names:
        return st.builds(list)
    return st.lists(st.sampled_from(names), max_size=3, unique=True)
