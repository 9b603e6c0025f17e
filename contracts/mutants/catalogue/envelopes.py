"""What every answer is wrapped in, and its headers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, answer
from contracts.mutants.rows import (
    EXECUTE,
    LIST,
    LOG,
    LOGS,
    READ,
    RULE,
    UPDATE,
    Document,
    put,
    refusal,
    renamed,
    said,
    turned,
    without,
)
from port_fake.contracts.proxy import Answered


def _unwrap(document: Document) -> None:
    run = document.pop("run", {})
    document.clear()
    document.update(run)


def _by_id(document: Document) -> None:
    document["runs"] = {run["id"]: run for run in document.get("runs", [])}


async def _no_refusal_text(passing: Passing) -> Answered:
    answered = await passing.go()
    if answered.status < 400:
        return answered
    return Answered(answered.status, (("Content-Type", "text/plain"),), b"something went wrong")


async def _as_text(passing: Passing) -> Answered:
    return _with_header(await passing.go(), "content-type", "text/plain; charset=utf-8")


async def _without_limits(passing: Passing) -> Answered:
    answered = await passing.go()
    kept = tuple(one for one in answered.headers if not one[0].lower().startswith("x-ratelimit"))
    return replace(answered, headers=kept)


def _standing_still() -> Alteration:
    first = ""

    async def alter(passing: Passing) -> Answered:
        nonlocal first
        answered = await passing.go()
        names = {name.lower(): value for name, value in answered.headers}
        first = first or names.get("x-ratelimit-remaining", "")
        return _with_header(answered, "x-ratelimit-remaining", first)

    return alter


def _with_header(answered: Answered, name: str, value: str) -> Answered:
    """Return the answer with another value of a header that it has."""
    headers = tuple((key, value if key.lower() == name else old) for key, old in answered.headers)
    return replace(answered, headers=headers)


async def _only_known_queries(passing: Passing) -> Answered:
    known = {"version", "limit", "offset", "exclude", "run_as", "include_pending_approvers"}
    if passing.operation == UPDATE and {key for key, _ in passing.query} - known:
        message = "the query must not have additional properties"
        return answer(422, {"ok": False, "error": "invalid_request", "message": message})
    return await passing.go()


ENVELOPES: Final = (
    said("envelopes.list-without-ok", "leaves ok out of lists of runs", LIST, change=without("ok")),
    said("envelopes.ruling-without-ok", "leaves ok out after a ruling", RULE, change=without("ok")),
    said("envelopes.ok-is-text", 'says ok: "true" with log lines', LOGS, change=put("ok", "true")),
    said("envelopes.ok-is-one", "says ok: 1 with a run", READ, change=put("ok", 1)),
    said(
        "envelopes.one-key-more",
        "adds a requestId to a run that is read",
        READ,
        change=put("requestId", "4711"),
    ),
    said("envelopes.total", "adds a total to a list of runs", LIST, change=put("total", 1)),
    said("envelopes.not-wrapped", "answers a run without the envelope", READ, change=_unwrap),
    said(
        "envelopes.data", "calls the run data after execute", EXECUTE, change=renamed("run", "data")
    ),
    said("envelopes.logs", "calls the log lines logs", LOGS, change=renamed("runLogs", "logs")),
    said("envelopes.log", "calls a new log line log", LOG, change=renamed("runLog", "log")),
    said("envelopes.runs-by-id", "lists runs as an object", LIST, change=_by_id),
    refusal(
        "envelopes.error-is-object",
        "says error: {code} in refusals",
        change=turned("error", lambda code: {"code": code}),
    ),
    refusal(
        "envelopes.refusal-is-ok", "says ok: true in refusals", 404, change=put("ok", value=True)
    ),
    refusal("envelopes.no-message", "does not say why it refuses", 422, change=without("message")),
    refusal("envelopes.no-error", "gives no error word to strangers", 401, change=without("error")),
    refusal("envelopes.details", "adds details to refusals", 422, change=put("details", [])),
    refusal(
        "envelopes.not-found-otherwise",
        "says NotFound in place of not_found",
        404,
        change=put("error", "NotFound"),
    ),
    Mutant("envelopes.refusal-is-text", "refuses in plain text", lambda: _no_refusal_text),
    Mutant("envelopes.type-is-text", "calls its JSON text/plain", lambda: _as_text),
    Mutant("envelopes.no-limits", "has no rate limit headers", lambda: _without_limits),
    Mutant("envelopes.limit-stands-still", "never counts requests down", _standing_still),
    Mutant(
        "envelopes.only-known-queries",
        "refuses an update with a query it does not know",
        lambda: _only_known_queries,
    ),
)
