"""What goes to Kafka to invoke a backend, with the signature that travels inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import to_json

from port_fake.dialects.port.invocation.signature import sign
from port_fake.engine.runs import Run
from port_fake.world.world import World

Method = Mapping[str, Any]

TIMESTAMP_KEY: Final = "X-Port-Timestamp"
SIGNATURE_KEY: Final = "X-Port-Signature"
STAMPS: Final = frozenset({TIMESTAMP_KEY, SIGNATURE_KEY})

UNSAID: Final = frozenset({"headers", "body"})
"""What of an invocation method a message has in other places."""


def topics(world: World) -> tuple[str, str]:
    """Return the topics of an organisation: of its runs, and of its change log.

    Source: docs, Kafka topic.
    """
    return f"{world.id}.runs", f"{world.id}.change.log"


def messages(world: World, run: Run, method: Method, shown: Method) -> tuple[Any, Any]:
    """Return the message that invokes a run's backend, and the same as it may be shown.

    Source: Port's agent: ``headers`` of a message hold its signature, which is that of the
    message without those two keys; the timestamp is a number.
    Assumed: a message that has no room for headers (a list, a text) is not signed.
    """
    bare, seen = _bare(run, method), _bare(run, shown)
    if not _has_room(bare):
        return bare, seen
    bare = _with_headers(bare, {})
    timestamp = int(world.clock.peek().timestamp())
    body = to_json(bare, inf_nan_mode="null")
    stamps = {
        SIGNATURE_KEY: sign(world.client_secret, str(timestamp), body),
        TIMESTAMP_KEY: timestamp,
    }
    return _with_headers(bare, stamps), _with_headers(seen, stamps) if _has_room(seen) else seen


def _bare(run: Run, method: Method) -> Any:
    if "payload" in method:
        return method["payload"]
    return _for_agent(run, method)


def _for_agent(run: Run, method: Method) -> Any:
    """Return the body of a call that Port's agent is to make, with what the agent reads beside it.

    Source: Port's agent: it takes a message only if the method inside has ``agent``, and reports
    to the run of ``context.runId``; when it polls, it puts both, and the headers, into the body
    itself.
    Assumed: Port does the same to what it sends over Kafka.
    """
    body = method["body"]
    if not isinstance(body, Mapping):
        return body
    payload, context = _mapping(body.get("payload")), _mapping(body.get("context"))
    how = {key: value for key, value in method.items() if key not in UNSAID}
    action = {**_mapping(payload.get("action")), "invocationMethod": how}
    return {
        **body,
        "payload": {**payload, "action": action},
        "context": {**context, "runId": run.id},
        "headers": method["headers"],
    }


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _has_room(message: Any) -> bool:
    return isinstance(message, Mapping) and isinstance(message.get("headers", {}), Mapping)


def _with_headers(message: Mapping[str, Any], stamps: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in message.get("headers", {}).items() if name not in STAMPS}
    return {**message, "headers": {**kept, **stamps}}
