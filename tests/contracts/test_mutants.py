"""Fakes that misbehave on purpose, and the command that tries the suites on them."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from contracts.mutants.__main__ import main
from contracts.mutants.catalogue import MUTANTS
from contracts.mutants.mutant import Mutant, Tampering
from contracts.mutants.passing import Passing
from contracts.mutants.relevance import by_relevance
from contracts.mutants.table import as_summary, as_table
from contracts.mutants.trial import UNTOUCHED, Trial
from port_fake import FakePort
from port_fake.contracts.proxy import Answered, Asked, Proxy
from port_fake.contracts.questions import Question
from port_fake.strategies.playing.targets import OPERATIONS

pytestmark = pytest.mark.slow  # each is a fake with the suites

ROOT: Final = Path(__file__).resolve().parents[2]
JSON: Final = (("Content-Type", "application/json"),)
CLASSES: Final = {
    "statuses", "envelopes", "fields", "versions", "times", "lists", "bounds", "bodies",
    "executions", "approvals", "logs", "updates", "finished", "auth", "organisations", "deliveries",
}  # fmt: skip
ODD: Final = (b"", b"<html>", b"[]", b"null", b'"x"', b"{}", b'{"ok":true,"run":"x","runs":"y"}')


def passed(tampering: Tampering, asked: Asked, answered: Answered) -> Answered:
    """What comes back through it, if the fake answers so."""

    async def forward(_: Asked) -> Answered:
        return answered

    return asyncio.run(tampering.between(asked, forward))


def mutant(name: str) -> Mutant:
    return next(one for one in MUTANTS if one.name == name)


# -- what is declared


def test_every_mutant_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert [name for name, times in Counter(one.name for one in MUTANTS).items() if times > 1] == []
    assert [one.name for one in MUTANTS if not re.fullmatch(r"[a-z]+\.[a-z0-9-]+", one.name)] == []
    assert [one.name for one in MUTANTS if not re.match(r"[a-z].{8,}[^. ]$", one.does)] == []


def test_there_are_mutants_of_every_class() -> None:
    assert {one.kind for one in MUTANTS} >= CLASSES
    assert len(MUTANTS) >= 70


def test_a_mutant_leaves_the_control_api_alone() -> None:
    answered = Answered(401, JSON, b'{"ok":false}')
    asked = Asked("POST", "/_fake/organisations", JSON, b"{}")

    tamperings = {one.name: Tampering(one) for one in MUTANTS}
    got = {passed(tampering, asked, answered) for tampering in tamperings.values()}

    assert got == {answered}
    assert [name for name, tampering in tamperings.items() if tampering.strikes] == []


def test_a_mutant_copes_with_whatever_is_asked() -> None:
    tamperings = [Tampering(one) for one in MUTANTS]

    asyncio.run(meet_oddities(tamperings))

    assert [one.fault for one in tamperings if one.fault] == []


async def meet_oddities(tamperings: Sequence[Tampering]) -> None:
    """Let each of them pass requests that are no objects, or hold others than they should."""

    async def forward(_: Asked) -> Answered:
        return next(refusals)

    odd = itertools.cycle(ODD)
    body = b'{"ok":false,"error":"invalid_request","message":"no"}'
    refusals = itertools.cycle([Answered(status, JSON, body) for status in (401, 404, 409, 422)])
    for tampering, row in itertools.product(tamperings, OPERATIONS.values()):
        target = f"{row.path}?limit=x&action&source=UI&version=v2"
        with suppress(Exception):
            await tampering.between(Asked(row.method, target, JSON, next(odd)), forward)


# -- at work


def test_without_a_mutant_the_proxy_changes_nothing(port_fake: FakePort) -> None:
    tampering = Tampering(None)
    with Proxy(port_fake.base_url, between=tampering.between) as proxy:
        headers = {"Authorization": f"Bearer {port_fake.token()}"}
        got = requests.get(f"{proxy.base_url}/v1/organization", headers=headers, timeout=10)
        straight = requests.get(
            f"{port_fake.base_url}/v1/organization", headers=headers, timeout=10
        )

    assert (got.status_code, got.content) == (straight.status_code, straight.content)
    assert tampering.strikes == 0


def test_a_strike_is_an_answer_that_was_altered() -> None:
    tampering = Tampering(mutant("statuses.execute-is-200"))
    run = Answered(202, JSON, b'{"ok":true}')

    other = passed(tampering, Asked("GET", "/v1/actions/runs"), replace(run, status=200))
    before = tampering.strikes
    got = passed(tampering, Asked("POST", "/v1/actions/deploy/runs", JSON, b"{}"), run)

    assert (other.status, before) == (200, 0)
    assert (got.status, tampering.strikes) == (200, 1)


def test_a_request_that_is_taken_otherwise_is_a_strike_too() -> None:
    tampering = Tampering(mutant("lists.active-ignored"))
    answered = Answered(200, JSON, b'{"ok":true,"runs":[]}')

    passed(tampering, Asked("GET", "/v1/actions/runs?version=v2"), answered)
    before = tampering.strikes
    passed(tampering, Asked("GET", "/v1/actions/runs?active=true"), answered)

    assert (before, tampering.strikes) == (0, 1)


def test_what_a_mutant_remembers_ends_with_the_run_of_the_suites() -> None:
    one = mutant("logs.first-is-lost")
    line = Answered(201, JSON, b'{"ok":true,"runLog":{"id":"log_1","message":"a"}}')
    lines = Answered(200, JSON, b'{"ok":true,"runLogs":[{"id":"log_1","message":"a"}]}')
    first, second = Tampering(one), Tampering(one)

    passed(first, Asked("POST", "/v1/actions/runs/r_1/logs", JSON, b"{}"), line)

    read = Asked("GET", "/v1/actions/runs/r_1/logs")
    assert json.loads(passed(first, read, lines).body) == {"ok": True, "runLogs": []}
    assert passed(second, read, lines) == lines


def test_a_mutant_that_fails_itself_is_found_out() -> None:
    async def fail(_: Passing) -> Any:
        raise KeyError("run")

    tampering = Tampering(Mutant("x.y", "fails", lambda: fail))

    with pytest.raises(KeyError):
        passed(tampering, Asked("GET", "/v1/actions"), Answered(200))
    assert "failed itself on GET /v1/actions" in tampering.fault


@pytest.mark.parametrize(
    ("method", "target", "operation"),
    [
        ("PATCH", "/v1/actions/runs/ack", "acknowledge-runs"),
        ("PATCH", "/v1/actions/runs/r_1?version=v2", "update-action-run"),
        ("GET", "/v1/actions/runs", "get-all-action-runs"),
        ("GET", "/v1/actions/deploy", "get-action"),
        ("GET", "/v2/actions/deploy", ""),
    ],
)
def test_requests_are_known_by_their_operation(method: str, target: str, operation: str) -> None:
    async def forward(_: Asked) -> Answered:
        return Answered(200)

    assert Passing(Asked(method, target), forward).operation == operation


def test_questions_that_speak_of_the_same_are_asked_first_and_slow_ones_last() -> None:
    one = Mutant("logs.cut", "cuts lines of logs", lambda: lambda passing: passing.go())
    questions = [
        Question("schema.logs.cut", ""),
        Question("runs.made", "", text="a run is made"),
        Question("logs.long", "", text="long lines are not cut"),
    ]

    ordered = sorted(questions, key=by_relevance(one, questions))

    assert [question.area for question in ordered] == ["logs", "runs", "schema"]


# -- what is told


@pytest.mark.parametrize(
    ("trial", "complaint"),
    [
        (Trial("a.b", strikes=1, killers=["x"], asked=3), ""),
        (Trial("a.b", strikes=1, asked=3), "survived"),
        (Trial("a.b", strikes=0, asked=3), "never struck"),
        (Trial("a.b", strikes=0, killers=["x"], asked=3), "never struck"),
        (Trial("a.b", strikes=1, killers=["x"], asked=0), "no question"),
        (Trial("a.b", strikes=1, killers=["x"], broken=[("q", "r")], asked=3), "broke q: r"),
        (Trial("a.b", strikes=1, killers=["x"], asked=3, fault="crashed"), "crashed"),
    ],
)
def test_a_mutant_is_caught_only_if_it_struck_and_a_question_that_is_whole_failed(
    trial: Trial, complaint: str
) -> None:
    assert trial.complaint.startswith(complaint)
    assert bool(trial.complaint) == bool(complaint)


def test_the_table_says_what_a_mutant_does_and_who_killed_it() -> None:
    mutants = [mutant("logs.cut"), mutant("logs.trimmed")]
    killers = [f"logs.{number}" for number in range(7)]
    trials = [
        Trial("logs.cut", strikes=1, killers=killers, asked=9),
        Trial("logs.trimmed", strikes=1, asked=9),
    ]

    table = as_table(mutants, trials, is_full=True)
    summary = as_summary(trials)

    assert re.search(r"logs\.cut +cuts lines after 256 characters +logs\.0\n", table)
    assert "logs.4\n" in table
    assert "logs.5" not in table
    assert "and 2 more" in table
    assert re.search(r"logs\.trimmed +trims lines +NOBODY\n +!! survived", table)
    assert "mutants tried: 2, killed: 1, questions that killed: 7" in summary
    assert "!! logs.trimmed: survived" in summary


def test_mutants_are_killed_survive_or_never_strike() -> None:
    killed = ["logs.newest-first", "statuses.log-is-200", "logs.no-run"]
    names = [*killed, "envelopes.limit-stands-still", "queue.counts-nothing"]
    questions = ("logs.line", "logs.order", "logs.of-their-run-only")

    done = subprocess.run(
        [sys.executable, "-m", "contracts.mutants", "--jobs", "1"]
        + [f"--only={name}" for name in names]
        + [f"--select={name}" for name in questions],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"logs\.newest-first .*logs\.order", done.stdout)
    assert re.search(r"statuses\.log-is-200 .*logs\.line\.is-answered-201", done.stdout)
    assert "mutants tried: 5, killed: 3" in done.stdout
    assert "!! envelopes.limit-stands-still: survived" in done.stdout
    assert "!! queue.counts-nothing: never struck" in done.stdout


KILLED: Final = Trial("logs.cut", strikes=1, killers=["logs.long"], asked=9)
SOUND: Final = Trial(UNTOUCHED, asked=9)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([SOUND, KILLED], 0),
        ([KILLED, SOUND], 0),
        ([SOUND, replace(KILLED, killers=[])], 1),
        ([SOUND, replace(KILLED, strikes=0)], 1),
        ([SOUND, replace(KILLED, broken=[("logs.order", "KeyError")])], 1),
        ([replace(SOUND, reasons=[("logs.order", "it is not")])], 2),
        ([replace(SOUND, broken=[("logs.order", "KeyError")])], 2),
        ([replace(SOUND, asked=0)], 2),
    ],
)
def test_the_command_succeeds_only_if_the_suites_hold_and_every_mutant_is_caught(
    monkeypatch: pytest.MonkeyPatch, found: Sequence[Trial], code: int
) -> None:
    monkeypatch.setattr("contracts.mutants.__main__.trials", lambda *_, **__: iter(found))

    assert main(["--only", "logs.cut"]) == code


def test_a_mutant_that_does_not_exist_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "nothing.of-the-kind"])

    assert ended.value.code == 2
    assert "--list" in capsys.readouterr().err
