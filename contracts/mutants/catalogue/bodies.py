"""Bad bodies that are accepted, and good ones that are not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, answer, parsed
from contracts.mutants.rows import EXECUTE, LOG, LOG_IN, RULE, UPDATE, Document, sent, turned
from port_fake.contracts.proxy import Answered

TAKEN: Final = {
    EXECUTE: {"properties", "entity"},
    UPDATE: {"status", "statusLabel", "link", "message", "summary", "externalRunId"},
    RULE: {"status", "description"},
    LOG: {"message", "terminationStatus", "statusLabel"},
    LOG_IN: {"clientId", "clientSecret"},
}
LACKING: Final = re.compile(r"input '([^']+)' is required")
UNKNOWN: Final = re.compile(r"input '([^']+)' is not defined")


def _only_taken(operation: str) -> Callable[[Document], None]:
    """Drop what the operation does not know."""

    def body(fields: Document) -> None:
        for key in fields.keys() - TAKEN[operation]:
            del fields[key]

    return body


def _default(key: str, value: Any) -> Callable[[Document], None]:
    return lambda fields: None if key in fields else fields.update({key: value})


def _but(key: str, *words: Any) -> Callable[[Document], None]:
    """Drop a value that is none of the words."""

    def body(fields: Document) -> None:
        if key in fields and fields[key] not in words:
            del fields[key]

    return body


def _but_of(key: str, *kinds: type) -> Callable[[Document], None]:
    """Drop a value of another kind."""

    def body(fields: Document) -> None:
        if key in fields and not isinstance(fields[key], kinds):
            del fields[key]

    return body


def _without_nulls(fields: Document) -> None:
    for key in [key for key, value in fields.items() if value is None]:
        del fields[key]


def _as_ruling(word: Any) -> Any:
    known = {"approve": "APPROVE", "decline": "DECLINE", "APPROVED": "APPROVE"}
    return known.get(word, word) if isinstance(word, str) else word


def _texts(link: Any) -> Any:
    return [one for one in link if isinstance(one, str)] if isinstance(link, list) else link


def _forgiving(forgive: Callable[[Document, str], None]) -> Alteration:
    """Mend the inputs of a run that was refused, by what was said of them."""

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        fields = passing.fields
        inputs = fields.get("properties")
        if passing.operation != EXECUTE or answered.status != 422 or not isinstance(inputs, dict):
            return answered
        forgive(inputs, str((parsed(answered.body) or {}).get("message", "")))
        again = await passing.go(passing.with_body(fields))
        return again if again.status < 300 else answered

    return alter


def _fill(inputs: Document, message: str) -> None:
    for name in LACKING.findall(message):
        inputs[name] = "x"


def _drop(inputs: Document, message: str) -> None:
    for name in inputs.keys() & set(re.findall(r"\w+", message)):
        del inputs[name]


def _drop_unknown(inputs: Document, message: str) -> None:
    for name in inputs.keys() & set(UNKNOWN.findall(message)):
        del inputs[name]


async def _no_json_is_nothing(passing: Passing) -> Answered:
    if passing.operation == UPDATE and passing.asked.body and passing.body is None:
        return await passing.go(passing.with_body({}))
    return await passing.go()


async def _first_of_many(passing: Passing) -> Answered:
    body = passing.body
    if passing.operation in TAKEN and isinstance(body, list):
        return await passing.go(passing.with_body(body[0] if body else {}))
    return await passing.go()


async def _no_empty_update(passing: Passing) -> Answered:
    if passing.operation == UPDATE and passing.body == {}:
        message = "body must have a property"
        return answer(422, {"ok": False, "error": "invalid_request", "message": message})
    return await passing.go()


BODIES: Final = (
    sent(
        "bodies.more-in-execute",
        "takes unknown keys when a run is made",
        EXECUTE,
        body=_only_taken(EXECUTE),
    ),
    sent(
        "bodies.more-in-updates",
        "takes unknown keys in an update",
        UPDATE,
        body=_only_taken(UPDATE),
    ),
    sent("bodies.more-in-rulings", "takes unknown keys in a ruling", RULE, body=_only_taken(RULE)),
    sent("bodies.more-in-logs", "takes unknown keys in a log line", LOG, body=_only_taken(LOG)),
    sent(
        "bodies.more-in-log-in",
        "takes unknown keys at the log-in",
        LOG_IN,
        body=_only_taken(LOG_IN),
    ),
    sent(
        "bodies.no-properties",
        "makes runs without properties in the body",
        EXECUTE,
        body=_default("properties", {}),
    ),
    sent(
        "bodies.null-properties",
        "takes null for properties",
        EXECUTE,
        body=turned("properties", lambda inputs: {} if inputs is None else inputs),
    ),
    sent(
        "bodies.nulls-in-updates", "takes null in updates for nothing", UPDATE, body=_without_nulls
    ),
    sent("bodies.nulls-in-logs", "takes null in log lines for nothing", LOG, body=_without_nulls),
    sent(
        "bodies.no-ruling",
        "takes a ruling without a status for a refusal",
        RULE,
        body=_default("status", "DECLINE"),
    ),
    sent(
        "bodies.rulings-in-any-case",
        "takes approve and APPROVED for APPROVE",
        RULE,
        body=turned("status", _as_ruling),
    ),
    sent(
        "bodies.log-without-message",
        "takes log lines without a message",
        LOG,
        body=_default("message", ""),
    ),
    sent(
        "bodies.any-termination",
        "takes any terminationStatus",
        LOG,
        body=_but("terminationStatus", "SUCCESS", "FAILURE"),
    ),
    sent(
        "bodies.any-status",
        "takes any status in an update",
        UPDATE,
        body=_but("status", "SUCCESS", "FAILURE"),
    ),
    sent(
        "bodies.in-progress",
        "takes IN_PROGRESS in an update",
        UPDATE,
        body=lambda fields: fields.pop("status") if fields.get("status") == "IN_PROGRESS" else None,
    ),
    sent(
        "bodies.any-link", "takes links that are no text", UPDATE, body=_but_of("link", str, list)
    ),
    sent(
        "bodies.any-of-links",
        "takes lists of links that are no text",
        UPDATE,
        body=turned("link", _texts),
    ),
    sent(
        "bodies.any-summary",
        "takes summaries that are no text",
        UPDATE,
        body=_but_of("summary", str),
    ),
    sent(
        "bodies.any-label",
        "takes labels that are no text",
        UPDATE,
        body=_but_of("statusLabel", str),
    ),
    sent(
        "bodies.message-is-text",
        "takes a text for the message of an update",
        UPDATE,
        body=_but_of("message", dict),
    ),
    sent(
        "bodies.any-description",
        "takes descriptions that are no text",
        RULE,
        body=_but_of("description", str),
    ),
    Mutant(
        "bodies.input-lacks", "makes runs that lack a required input", lambda: _forgiving(_fill)
    ),
    Mutant(
        "bodies.input-of-any-type",
        "makes runs with inputs of the wrong type",
        lambda: _forgiving(_drop),
    ),
    Mutant(
        "bodies.unknown-input",
        "makes runs with inputs that the action does not have",
        lambda: _forgiving(_drop_unknown),
    ),
    Mutant("bodies.no-json", "takes an update that is no JSON", lambda: _no_json_is_nothing),
    Mutant("bodies.lists", "takes the first of a list for the body", lambda: _first_of_many),
    Mutant(
        "bodies.no-empty-update", "refuses an update that says nothing", lambda: _no_empty_update
    ),
)
