"""What reaches a backend: mutants that stand between a fake and the receivers of the suites."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, unquote

import aiohttp

from contracts.mutants.mutant import Alteration, Mutant
from contracts.mutants.passing import Passing, answer, parsed
from contracts.mutants.rows import EXECUTE
from port_fake.contracts.proxy import AUTOMATIC, Answered, Asked, UnreachableError

WRITTEN: Final = frozenset({"create-action", "replace-action", "create-blueprint-action"})
NEAR: Final = re.compile(rb'http://(?:127\.0\.0\.1|localhost):\d+[^"\\ ]*')
"""The address of a receiver, as it is written in an action."""
STATION: Final = "/delivered/to?"
WAIT_S: Final = 10
JSON_HEADER: Final = (("Content-Type", "application/json"),)


class Detour:
    """Lets every letter come by here: addresses in actions are exchanged, and back in answers.

    *hand* is asked for each letter, as if the receiver was the fake. With *early* something is
    sent already while a run waits for approval.
    """

    def __init__(self, hand: Alteration, *, early: bool = False) -> None:
        self._hand = hand
        self._early = early
        self._addresses: dict[tuple[str, str], bytes] = {}

    async def __call__(self, passing: Passing) -> Answered:
        """Answer a request of the suites, or a letter of the fake."""
        if passing.asked.target.startswith(STATION):
            address = unquote(passing.asked.target.removeprefix(STATION))
            passing.asked = replace(passing.asked, target=address)
            passing.forward = _post
            return await self._hand(passing)
        answered = await passing.forward(self._detoured(passing))
        if self._early and passing.operation == EXECUTE:
            await self._send_early(passing, answered)
        return passing.note(self._restored(passing, answered))

    def _detoured(self, passing: Passing) -> Asked:
        found = NEAR.search(passing.asked.body) if passing.operation in WRITTEN else None
        if found is None:
            return passing.asked
        name = (passing.organisation, str(passing.fields.get("identifier")))
        self._addresses[name] = found[0]
        body = NEAR.sub(lambda one: self._station(passing, one[0]), passing.asked.body)
        return replace(passing.asked, body=body)

    def _station(self, passing: Passing, address: bytes) -> bytes:
        return f"{passing.here}{STATION}{quote(address, safe='')}".encode()

    def _restored(self, passing: Passing, answered: Answered) -> Answered:
        body = answered.body
        for address in {*self._addresses.values()}:
            body = body.replace(self._station(passing, address), address)
        return replace(answered, body=body)

    async def _send_early(self, passing: Passing, answered: Answered) -> None:
        run = (parsed(answered.body) or {}).get("run", {})
        address = self._addresses.get((passing.organisation, passing.path["action_identifier"]))
        if address is not None and run.get("status") == "WAITING_FOR_APPROVAL":
            body = json.dumps({"context": {"runId": run["id"]}}).encode()
            letter = Asked("POST", address.decode(), JSON_HEADER, body)
            passing.note(await _post(letter), sent=letter)


async def _post(letter: Asked) -> Answered:
    timeout = aiohttp.ClientTimeout(total=WAIT_S)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.request(
                letter.method,
                letter.target,
                headers=[*letter.headers],
                data=letter.body,
                allow_redirects=False,
                skip_auto_headers=AUTOMATIC,
            ) as got,
        ):
            kind = got.headers.get("Content-Type")
            headers = (("Content-Type", kind),) if kind else ()
            return Answered(got.status, headers, await got.read())
    except (aiohttp.ClientError, TimeoutError) as error:
        raise UnreachableError(f"no answer from {letter.target}") from error


# -- what may happen to a letter


async def _twice(passing: Passing) -> Answered:
    await passing.go()
    return await passing.go()


async def _never(passing: Passing) -> Answered:
    del passing
    return answer(200, {"ok": True})


async def _as_ever(passing: Passing) -> Answered:
    return await passing.go()


def _without_headers(*names: str) -> Alteration:
    async def hand(passing: Passing) -> Answered:
        kept = tuple(one for one in passing.asked.headers if one[0].lower() not in names)
        return await passing.go(replace(passing.asked, headers=kept))

    return hand


def _with_header(name: str, turn: Callable[[str], str]) -> Alteration:
    async def hand(passing: Passing) -> Answered:
        turned = tuple(
            (key, turn(value) if key.lower() == name else value)
            for key, value in passing.asked.headers
        )
        return await passing.go(replace(passing.asked, headers=turned))

    return hand


async def _by_put(passing: Passing) -> Answered:
    return await passing.go(replace(passing.asked, method="PUT"))


async def _with_spaces(passing: Passing) -> Answered:
    """Write the body otherwise than it was signed."""
    body = passing.asked.body
    if passing.body is None:
        return await passing.go()
    return await passing.go(replace(passing.asked, body=body + b" "))


async def _refusal_hidden(passing: Passing) -> Answered:
    answered = await passing.go()
    return answer(200, {}) if answered.status >= 300 else answered


async def _success_lost(passing: Passing) -> Answered:
    answered = await passing.go()
    return answer(500, {}) if answered.status < 300 else answered


async def _answer_lost(passing: Passing) -> Answered:
    answered = await passing.go()
    return replace(answered, body=b"{}") if answered.status < 300 else answered


def _third(hand: Alteration) -> Callable[[], Alteration]:
    """Treat every third letter so."""

    def make() -> Alteration:
        count = 0

        async def some(passing: Passing) -> Answered:
            nonlocal count
            count += 1
            return await (hand(passing) if count % 3 == 0 else passing.go())

        return some

    return make


def _row(name: str, does: str, hand: Any) -> Mutant:
    return Mutant(f"deliveries.{name}", does, lambda: Detour(hand))


DELIVERIES: Final = (
    _row("doubled", "sends every letter twice", _twice),
    _row("lost", "never sends a letter", _never),
    Mutant(
        "deliveries.third-is-lost", "loses every third letter", lambda: Detour(_third(_never)())
    ),
    _row("not-signed", "sends no signature", _without_headers("x-port-signature")),
    _row(
        "no-timestamp",
        "does not say when a letter was signed",
        _without_headers("x-port-timestamp"),
    ),
    _row(
        "signed-otherwise",
        "signs wrongly",
        _with_header("x-port-signature", lambda text: text[:-4] + text[:-5:-1]),
    ),
    _row(
        "signed-long-ago",
        "says that letters were signed an hour ago",
        _with_header(
            "x-port-timestamp", lambda text: str(int(text) - 3600) if text.isdigit() else text
        ),
    ),
    _row("written-otherwise", "sends other bytes than it signed", _with_spaces),
    _row("no-type", "does not say that letters are JSON", _without_headers("content-type")),
    _row("other-method", "sends letters by PUT", _by_put),
    _row("refusal-is-success", "takes every answer of a backend for a success", _refusal_hidden),
    _row("success-is-failure", "takes every answer of a backend for a failure", _success_lost),
    _row("answer-is-lost", "forgets what a backend answers", _answer_lost),
    Mutant(
        "deliveries.too-early",
        "sends something while a run waits for approval",
        lambda: Detour(_as_ever, early=True),
    ),
)
