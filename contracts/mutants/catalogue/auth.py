"""Tokens that are not needed, or not checked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

from contracts.mutants.memory import Memory, lent
from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, bearing, parsed, saying
from contracts.mutants.rows import (
    APPROVERS,
    EXECUTE,
    LIST,
    LOG,
    LOG_IN,
    LOGS,
    READ,
    RULE,
    UPDATE,
    put,
    said,
    turned,
    without,
)
from port_fake.contracts.proxy import Answered, Asked


def _needless(*operations: str) -> Alteration:
    """Let strangers in, as whoever was there last."""
    memory = Memory()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        memory.learn(passing, answered)
        meant = passing.operation in operations
        if meant and answered.status == 401 and not passing.token:
            return await lent(passing, answered, memory.foreign(""))
        return answered

    return alter


def _unsigned() -> Alteration:
    """Take what a token says for true, whatever its signature."""
    memory = Memory()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        memory.learn(passing, answered)
        if answered.status != 401 or passing.token.count(".") != 2:
            return answered
        said_, _, _ = passing.token.rpartition(".")
        own = [token for token in memory.credentials if token.startswith(f"{said_}.")]
        return await lent(passing, answered, [one for one in own if one != passing.token])

    return alter


def _any_token() -> Alteration:
    """Take any text for a token."""
    memory = Memory()

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        memory.learn(passing, answered)
        if answered.status == 401 and passing.token and passing.token.count(".") != 2:
            return await lent(passing, answered, memory.foreign(""))
        return answered

    return alter


def _endless() -> Alteration:
    """Renew a token that has ended."""
    memory = Memory()
    renewed: dict[str, str] = {}

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        memory.learn(passing, answered)
        credentials = memory.credentials.get(passing.token)
        if answered.status != 401 or credentials is None:
            return answered
        token = renewed.get(passing.token) or await _log_in(passing, credentials)
        renewed[passing.token] = token
        return await lent(passing, answered, [token] if token else [])

    return alter


async def _log_in(passing: Passing, credentials: bytes) -> str:
    headers = (("Content-Type", "application/json"),)
    got = await passing.forward(Asked("POST", "/v1/auth/access_token", headers, credentials))
    return str((parsed(got.body) or {}).get("accessToken", ""))


def _any_secret() -> Alteration:
    """Let everybody log in who knows a client id."""
    secrets: dict[str, str] = {}

    async def alter(passing: Passing) -> Answered:
        answered = await passing.go()
        fields = passing.fields
        if passing.operation != LOG_IN:
            return answered
        name = str(fields.get("clientId"))
        if answered.status == 200:
            secrets[name] = fields["clientSecret"]
        elif name in secrets and isinstance(fields.get("clientSecret"), str):
            mended = {**fields, "clientSecret": secrets[name]}
            again = await passing.go(passing.with_body(mended))
            return again if again.status == 200 else answered
        return answered

    return alter


def _always_new() -> Alteration:
    """Give another token with every log-in."""
    aliases: dict[str, str] = {}

    async def alter(passing: Passing) -> Answered:
        if passing.token in aliases:
            return await passing.forward(bearing(passing.asked, aliases[passing.token]))
        answered = await passing.go()
        if passing.operation != LOG_IN or answered.status != 200:
            return answered
        document = parsed(answered.body)
        alias = f"{document['accessToken']}{len(aliases):04}"
        aliases[alias] = document["accessToken"]
        return saying(answered, {**document, "accessToken": alias})

    return alter


async def _refused_otherwise(passing: Passing) -> Answered:
    answered = await passing.go()
    if answered.status != 401:
        return answered
    return replace(answered, body=json.dumps("Unauthorized").encode())


AUTH: Final = (
    Mutant("auth.reads-for-all", "shows a run without a token", lambda: _needless(READ)),
    Mutant("auth.lists-for-all", "lists runs without a token", lambda: _needless(LIST)),
    Mutant("auth.executes-for-all", "makes runs without a token", lambda: _needless(EXECUTE)),
    Mutant("auth.updates-for-all", "updates runs without a token", lambda: _needless(UPDATE)),
    Mutant("auth.rules-for-all", "takes rulings without a token", lambda: _needless(RULE)),
    Mutant("auth.logs-for-all", "writes log lines without a token", lambda: _needless(LOG)),
    Mutant(
        "auth.shows-logs-to-all",
        "shows log lines and approvers without a token",
        lambda: _needless(LOGS, APPROVERS),
    ),
    Mutant(
        "auth.entities-for-all",
        "shows actions, blueprints and entities without a token",
        lambda: _needless("get-actions", "get-blueprints", "get-entities", "get-entity"),
    ),
    Mutant("auth.any-signature", "does not check the signature of tokens", _unsigned),
    Mutant("auth.any-text", "takes any text for a token", _any_token),
    Mutant("auth.endless", "never lets a token end", _endless),
    Mutant("auth.any-secret", "does not check the client secret", _any_secret),
    Mutant("auth.always-new", "gives a new token with every log-in", _always_new),
    Mutant(
        "auth.refused-otherwise", "refuses strangers with a JSON text", lambda: _refused_otherwise
    ),
    said("auth.no-ok", "leaves ok out of the log-in", LOG_IN, change=without("ok")),
    said("auth.other-scheme", "says tokenType: bearer", LOG_IN, change=put("tokenType", "bearer")),
    said("auth.no-scheme", "says no tokenType", LOG_IN, change=without("tokenType")),
    said(
        "auth.lasts-an-hour", "says that tokens last an hour", LOG_IN, change=put("expiresIn", 3600)
    ),
    said(
        "auth.lasts-in-milliseconds",
        "says in milliseconds how long tokens last",
        LOG_IN,
        change=turned("expiresIn", lambda seconds: seconds * 1000),
    ),
    said(
        "auth.lasts-in-text",
        "says in a text how long tokens last",
        LOG_IN,
        change=turned("expiresIn", str),
    ),
)
