"""How backends are invoked: the rendered methods that runs show as their payload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from hypothesis import strategies as st

from port_fake.dialects.port.invocation.methods import AGENT_QUEUE

INSTALLATION: Final = "github-ocean"
"""The installation of Ocean that runs are queued for, unless another one is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoked:
    """What a run shows of its invocation, and whose queue it went to."""

    payload: Mapping[str, Any]
    installation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A method, before it is rendered for a run. *names_run* lets body and headers name the run."""

    type: str
    keys: Mapping[str, Any] = field(default_factory=dict)
    installation: str | None = None
    has_body: bool = False
    names_run: bool = False

    @property
    def synchronized(self) -> bool:
        """Whether the run ends with the backend's answer."""
        return self.type == "UPSERT_ENTITY" or self.keys.get("synchronized") is True

    def of(self, run_id: str, inputs: Mapping[str, Any]) -> Invoked:
        """Return the method as it is rendered for a run."""
        payload = {"type": self.type, **self.keys}
        if self.has_body:
            payload["body"] = {**inputs}
        if self.names_run:
            payload["headers"] = {"RUN_ID": run_id}
            payload["body"] = {**inputs, "port_context": {"runId": run_id}}
        return Invoked(payload=payload, installation=self.installation)


METHODS: Final = st.sampled_from(["POST", "PUT", "PATCH", "DELETE", "GET"])
BOOLEANS: Final = st.booleans()
NUMBERS: Final = st.integers(1, 99)
OPTIONS: Final[st.SearchStrategy[dict[str, Any]]] = st.fixed_dictionaries(
    {},
    optional={
        "workflowInputs": st.dictionaries(
            st.sampled_from(["ref", "env"]), st.sampled_from(["main", "prod"]), max_size=2
        ),
        "reportWorkflowStatus": st.booleans(),
    },
)
URLS: Final = st.sampled_from(["https://backend.example.com/", "https://hook.example.com/run?a=b"])


@st.composite
def webhooks(draw: st.DrawFn, *, agent: bool | None = None, queued: bool = False) -> Invocation:
    """Draw a webhook; *agent* says who calls it (None: either), *queued* that the agent polls."""
    by_agent = draw(BOOLEANS) if agent is None else agent
    polled = by_agent and (queued or draw(BOOLEANS))
    names_run = draw(BOOLEANS)
    return Invocation(
        type="WEBHOOK",
        keys={
            "url": draw(URLS),
            "agent": by_agent,
            "synchronized": draw(BOOLEANS),
            "method": draw(METHODS),
            "headers": {},
        },
        installation=AGENT_QUEUE if polled else None,
        # The agent fails on a run without a body that is an object.
        has_body=polled or draw(BOOLEANS),
        names_run=names_run,
    )


@st.composite
def integration_actions(draw: st.DrawFn, *, installation: str = INSTALLATION) -> Invocation:
    """Draw what Ocean is asked to do: to dispatch a workflow, all templates filled in."""
    number = draw(NUMBERS)
    properties: dict[str, Any] = {"org": "acme", "repo": f"shop-{number}", "workflow": "deploy.yml"}
    properties |= draw(OPTIONS)
    return Invocation(
        type="INTEGRATION_ACTION",
        keys={
            "installationId": installation,
            "integrationActionType": "dispatch_workflow",
            "integrationActionExecutionProperties": properties,
        },
        installation=installation,
    )


OTHERS: Final = st.sampled_from(
    [
        Invocation(type="KAFKA", keys={"payload": {}}),
        Invocation(
            type="GITHUB",
            keys={"org": "acme", "repo": "shop", "workflow": "w.yml", "reportWorkflowStatus": True},
        ),
        Invocation(
            type="UPSERT_ENTITY",
            keys={"blueprintIdentifier": "service", "mapping": {"identifier": "checkout"}},
        ),
    ]
)

INVOCATIONS: Final = st.one_of(webhooks(), integration_actions(), OTHERS)
"""Shrinks to a plain webhook."""
