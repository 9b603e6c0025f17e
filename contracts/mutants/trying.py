"""Tries the suites on mutants, by the way of ``port-fake contracts run``.

The suites are read once, by pytest, and every trial is a fork of the process that has read them.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from tempfile import TemporaryFile
from typing import Final

import hypothesis
import pytest
from hypothesis import Phase

from contracts.mutants.catalogue import MUTANTS
from contracts.mutants.forks import FORK, in_forks
from contracts.mutants.mutant import Mutant, Tampering
from contracts.mutants.relevance import by_relevance
from contracts.mutants.trial import UNTOUCHED, Plan, Trial
from port_fake.contracts.asking import NAME, QUESTION, Asking
from port_fake.contracts.command import add_commands
from port_fake.contracts.outcomes import Outcome, Verdict
from port_fake.contracts.proxy import Proxy
from port_fake.contracts.running import run_suites
from port_fake.contracts.sites import open_site
from port_fake.server import FakePortServer

PROFILE: Final = "port-fake-mutants"
GRACE_S: Final = 120
"""How much longer than its patience a trial may take before its process is ended."""
SHOWN: Final = 3000
"""How much is told of what pytest said last, when it cannot read the suites."""


def trials(names: Sequence[str], plan: Plan, *, jobs: int) -> Iterator[Trial]:
    """Try mutants by their names, or `UNTOUCHED`; give what comes of them as it comes."""
    ours, theirs = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_read_and_try, args=(names, plan, jobs, theirs))
    process.start()
    theirs.close()
    try:
        while True:
            try:
                yield ours.recv()
            except EOFError:
                return
    finally:
        process.terminate()
        process.join()


def _read_and_try(names: Sequence[str], plan: Plan, jobs: int, result: Connection) -> None:
    """Read the suites in this process, which says nothing, and try them in forks of it."""
    lobby, its_address = FORK.Pipe(duplex=False)
    fake = FORK.Process(target=_serve, args=(its_address,), daemon=True)
    fake.start()
    trying = _Trying(names, plan, jobs=jobs, result=result)
    with TemporaryFile() as said:
        for stream in (1, 2):
            os.dup2(said.fileno(), stream)
        run_suites(_options(lobby.recv(), plan), plugins=[trying])
        if not trying.has_begun:
            said.seek(0)
            tail = said.read()[-SHOWN:].decode(errors="replace").strip()
            result.send(Trial(UNTOUCHED, fault=f"the suites cannot be read: {tail}"))
    fake.kill()


def _serve(address: Connection) -> None:
    """Be the fake that is there while the suites are read; nothing is asked of it."""
    with FakePortServer() as server:
        address.send(server.base_url)
        FORK.Event().wait()


def _options(target: str, plan: Plan) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    given = ["run", "--target", target, "--profile", plan.profile, "--seed", str(plan.seed)]
    given += [f"--select={name}" for name in plan.select]
    return parser.parse_args([*given, f"--max-time={plan.patience_s}"])


class _Trying:
    """A plugin of pytest that asks the questions of each mutant, in place of asking them once."""

    def __init__(self, names: Sequence[str], plan: Plan, *, jobs: int, result: Connection) -> None:
        self._names = names
        self._plan = plan
        self._jobs = jobs
        self._result = result
        self.has_begun = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Try all mutants, if all suites could be read."""
        if session.testsfailed:
            return None
        self.has_begun = True
        # That there is a failure is all that counts: none is made smaller.
        settings = hypothesis.settings
        settings.register_profile(PROFILE, phases=(Phase.explicit, Phase.generate))
        settings.load_profile(PROFILE)
        limit_s = self._plan.patience_s + GRACE_S

        def attempt(name: str) -> Trial:
            return _tried(session, name, self._plan)

        for trial in in_forks(self._names, attempt, jobs=self._jobs, limit_s=limit_s):
            self._result.send(trial)
        return True


def _tried(session: pytest.Session, name: str, plan: Plan) -> Trial:
    """Ask the questions of a fake that misbehaves."""
    began = time.monotonic()
    mutant = None if name == UNTOUCHED else next(one for one in MUTANTS if one.name == name)
    asking = session.config.pluginmanager.get_plugin(NAME)
    assert isinstance(asking, Asking)
    tampering = Tampering(mutant)
    with (
        FakePortServer(seed=plan.seed) as server,
        Proxy(server.base_url, between=tampering.between) as proxy,
    ):
        tampering.here = proxy.base_url
        wanted = replace(asking.options.wanted, target=proxy.base_url)
        asking.site = open_site(wanted, veil=asking.veil)
        _ask(asking, _ordered(session.items, mutant), enough=plan.enough if mutant else 0)
        asking.site.close()
    found = asking.findings().outcomes
    failed = _of(found, Verdict.FAILED)
    return Trial(
        name,
        strikes=tampering.strikes,
        killers=[one.question.name for one in failed],
        broken=[(one.question.name, one.reason) for one in _of(found, Verdict.BROKEN)],
        reasons=[(one.question.name, one.reason) for one in failed],
        asked=len(found) - len(_of(found, Verdict.SKIPPED)),
        seconds=time.monotonic() - began,
        fault=tampering.fault or ("" if failed else asking.ended),
    )


def _ordered(items: Sequence[pytest.Item], mutant: Mutant | None) -> Sequence[pytest.Item]:
    """Return the questions, beginning with those that speak of what the mutant does."""
    asked = [item for item in items if QUESTION in item.stash]
    key = by_relevance(mutant, [item.stash[QUESTION] for item in asked])
    return sorted(asked, key=lambda item: key(item.stash[QUESTION]))


def _ask(asking: Asking, items: Sequence[pytest.Item], *, enough: int) -> None:
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        outcomes = [*asking.outcomes.values()]
        if enough and len(_of(outcomes, Verdict.FAILED)) >= enough:
            return


def _of(outcomes: Sequence[Outcome], verdict: Verdict) -> Sequence[Outcome]:
    return [one for one in outcomes if one.verdict is verdict]
