"""A rendered invocation method: what of it the run shows, and how it travels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic_core import to_json

from port_fake.dialects.port.invocation.complete import CALLED
from port_fake.dialects.port.invocation.kafka_messages import messages, topics
from port_fake.dialects.port.invocation.legacy import Message
from port_fake.dialects.port.invocation.signature import signature_headers
from port_fake.dialects.port.invocation.upsert import upsert
from port_fake.engine.runs import Run
from port_fake.surface.hosts import refusal
from port_fake.surface.letters import Carrier, Letter
from port_fake.world.world import World

Method = Mapping[str, Any]

AGENT_QUEUE: Final = "_PORT_EXEC_AGENT"
"""Source: Port's agent: the installation under which it claims."""


def with_message(method: Method, message: Message) -> Method:
    """Return a complete method, with the message of old where it names none of its own."""
    key = MESSAGE_KEYS.get(method.get("type", ""))
    return method if key is None or key in method else {**method, key: message()}


def payload_of(method: Method) -> Method:
    """Return what the run shows of a complete method.

    Assumed: what the document's types have no room for (a body that is a list, a URL that a
    template turned into null) is left out.
    """
    fits = {"body": dict, "url": str}
    if all(isinstance(method.get(key, kind()), kind) for key, kind in fits.items()):
        return method
    return {
        key: value
        for key, value in method.items()
        if key not in fits or isinstance(value, fits[key])
    }


def installation_of(world: World, method: Method) -> str | None:
    """Return whose queue the run goes to, None if nobody's.

    Source: Ocean, its installation's; Port's agent, when the organisation polls.
    """
    if method.get("type") == "INTEGRATION_ACTION":
        return str(method.get("installationId"))
    polls = world.profile.get("settings", {}).get("portAgentStreamerName") == "POLLING"
    return AGENT_QUEUE if method.get("agent") and polls else None


def letter(
    world: World,
    run: Run,
    method: Method,
    shown: Method,
    message: Message,
    *,
    installation: str | None,
    notes: tuple[str, ...],
) -> Letter:
    """Return the letter that invokes the backend of a run.

    *message* makes the message of a method that names none of its own.
    """
    kind = str(method.get("type"))
    if kind == "WEBHOOK" and installation is None and not method["agent"]:
        reason = _unsendable(world, run, method, shown)
        if reason is not None:
            return Letter(
                kind=kind,
                carrier=Carrier.NOBODY,
                run_id=run.id,
                shown=lambda: with_message(shown, message),
                notes=notes,
                reason=reason,
            )
    method, shown = with_message(method, message), with_message(shown, message)
    if installation is not None:
        return _recorded(world, run, method, shown, notes)
    if method.get("agent") and kind in CALLED:
        return _to_kafka(world, run, method, shown, notes)
    return MAKERS.get(kind, _recorded)(world, run, method, shown, notes)


def _unsendable(world: World, run: Run, method: Method, shown: Method) -> str | None:
    if run.depth >= world.settings.chain_limit:
        return f"{run.depth} calls of the fake to itself led to this one: that looks endless"
    reason = refusal(str(method.get("url") or ""), world.settings.allow_hosts)
    seen = shown.get("url")
    if reason is None or seen == method.get("url"):
        return reason
    # The usual reason would tell the secret that makes the difference.
    return f"{seen!r} is not an HTTP URL of a host that may be called"


def _webhook(
    world: World, run: Run, method: Method, shown: Method, notes: tuple[str, ...]
) -> Letter:
    body = to_json(method["body"], inf_nan_mode="null")
    signed = {"Content-Type": "application/json", **signature_headers(world, body)}
    message = {key: shown.get(key) for key in ("url", "method", "headers", "body")}
    return Letter(
        kind="WEBHOOK",
        carrier=Carrier.HTTP,
        run_id=run.id,
        shown={**message, "headers": {**shown["headers"], **signed}},
        url=method["url"],
        method=method["method"],
        headers={**method["headers"], **signed},
        body=body,
        synchronized=method["synchronized"],
        depth=run.depth + 1,
        root=run.root,
        notes=notes,
    )


def _to_kafka(
    world: World, run: Run, method: Method, shown: Method, notes: tuple[str, ...]
) -> Letter:
    topic, _ = topics(world)
    message, seen = messages(world, run, method, shown)
    return Letter(
        kind=str(method.get("type")),
        carrier=Carrier.KAFKA if world.settings.kafka else Carrier.NOBODY,
        run_id=run.id,
        shown={"topic": topic, "message": seen},
        url=topic,
        body=to_json(message, inf_nan_mode="null"),
        reports=False,
        notes=notes,
    )


def _upsert(
    world: World,  # noqa: ARG001 - every maker takes the same
    run: Run,
    method: Method,
    shown: Method,
    notes: tuple[str, ...],
) -> Letter:
    return Letter(
        kind="UPSERT_ENTITY",
        carrier=Carrier.WORLD,
        run_id=run.id,
        shown=shown,
        deed=lambda at: upsert(at, run, method),
        synchronized=True,
        notes=notes,
    )


def _recorded(
    world: World,  # noqa: ARG001 - every maker takes the same
    run: Run,
    method: Method,
    shown: Method,
    notes: tuple[str, ...],
) -> Letter:
    return Letter(
        kind=str(method.get("type")),
        carrier=Carrier.NOBODY,
        run_id=run.id,
        shown=shown,
        notes=notes,
    )


Maker = Callable[[World, Run, Method, Method, tuple[str, ...]], Letter]

MESSAGE_KEYS: Final = {**dict.fromkeys(CALLED, "body"), "KAFKA": "payload"}
"""Where a method has its message."""

MAKERS: Final[Mapping[str, Maker]] = {
    "WEBHOOK": _webhook,
    "KAFKA": _to_kafka,
    "UPSERT_ENTITY": _upsert,
}
"""The other types are accepted, rendered and recorded; the test or its backend completes them."""
