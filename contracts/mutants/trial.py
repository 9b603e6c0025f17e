"""One run of the suites against one mutant."""

from __future__ import annotations

import argparse
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final

import hypothesis
import pytest
from hypothesis import Phase

from contracts.mutants.mutant import Mutant, Tampering
from contracts.mutants.relevance import by_relevance
from port_fake.contracts.asking import NAME, QUESTION, Asking
from port_fake.contracts.command import add_commands
from port_fake.contracts.outcomes import Findings, Outcome, Verdict
from port_fake.contracts.proxy import Proxy
from port_fake.contracts.running import run_suites
from port_fake.server import FakePortServer

UNTOUCHED: Final = "no mutant"
PROFILE: Final = "port-fake-mutants"


@dataclass(frozen=True, slots=True)
class Plan:
    """How mutants are tried: *enough* failures end a trial, none where it is 0."""

    profile: str = "ci"
    seed: int = 1
    select: tuple[str, ...] = ()
    enough: int = 1
    patience_s: float = 300


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a mutant: who killed it, and which questions broke.

    *strikes* is how often it has altered anything; *asked* how many questions were asked;
    *reasons* what the killers say; *fault* what kept it from being tried.
    """

    name: str
    strikes: int = 0
    killers: Sequence[str] = ()
    broken: Sequence[tuple[str, str]] = ()
    reasons: Sequence[tuple[str, str]] = ()
    asked: int = 0
    seconds: float = 0.0
    fault: str = ""

    @property
    def complaint(self) -> str:
        """What is wrong with it or with the suites; empty if it was killed as it must be."""
        if self.fault:
            return self.fault
        if self.broken:
            name, reason = self.broken[0]
            more = f" and {len(self.broken) - 1} more" if len(self.broken) > 1 else ""
            return f"broke {name}{more}: {reason}"
        if not self.asked:
            return "no question was asked of it"
        if not self.strikes:
            return "never struck: nothing that is asked goes where it is"
        return "" if self.killers else "survived"


class Watching:
    """A plugin of pytest that ends a run as soon as enough questions have failed."""

    def __init__(self, mutant: Mutant | None, *, enough: int) -> None:
        self._mutant = mutant
        self._enough = enough
        self._session: pytest.Session | None = None
        self._asking: Asking | None = None
        self.findings: Findings | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Let no failure be made smaller: that there is one is all that counts."""
        self._session = session
        found = session.config.pluginmanager.get_plugin(NAME)
        self._asking = found if isinstance(found, Asking) else None
        settings = hypothesis.settings
        settings.register_profile(PROFILE, phases=(Phase.explicit, Phase.generate))
        settings.load_profile(PROFILE)

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, None, None]:
        """Begin with what speaks of the mutant."""
        yield
        asked = [item for item in items if QUESTION in item.stash]
        key = by_relevance(self._mutant, [item.stash[QUESTION] for item in asked])
        asked.sort(key=lambda item: key(item.stash[QUESTION]))
        items[:] = asked

    def pytest_runtest_logfinish(self) -> None:
        """End when it is enough."""
        failed = self._named(Verdict.FAILED)
        if self._enough and len(failed) >= self._enough and self._session is not None:
            self._session.shouldstop = "that is enough"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Keep what was found."""
        if self._asking is not None:
            self.findings = self._asking.findings()

    def _named(self, verdict: Verdict) -> Sequence[Outcome]:
        outcomes = self._asking.outcomes.values() if self._asking else ()
        return [one for one in outcomes if one.verdict is verdict]


def try_mutant(mutant: Mutant | None, plan: Plan) -> Trial:
    """Run the suites against a fake that misbehaves, by the way of the command."""
    began = time.monotonic()
    tampering = Tampering(mutant)
    watching = Watching(mutant, enough=plan.enough if mutant else 0)
    with (
        FakePortServer(seed=plan.seed) as server,
        Proxy(server.base_url, between=tampering.between) as proxy,
    ):
        tampering.here = proxy.base_url
        run_suites(_options(proxy.base_url, plan), plugins=[watching])
    name = mutant.name if mutant else UNTOUCHED
    seconds = time.monotonic() - began
    if watching.findings is None:
        return Trial(name, seconds=seconds, fault="the suites did not begin")
    found = watching.findings.outcomes
    failed = [one for one in found if one.verdict is Verdict.FAILED]
    return Trial(
        name,
        strikes=tampering.strikes,
        killers=[one.question.name for one in failed],
        broken=[(one.question.name, one.reason) for one in found if one.verdict is Verdict.BROKEN],
        reasons=[(one.question.name, one.reason) for one in failed],
        asked=sum(one.verdict is not Verdict.SKIPPED for one in found),
        seconds=seconds,
        fault=tampering.fault,
    )


def _options(target: str, plan: Plan) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    given = ["run", "--target", target, "--profile", plan.profile, "--seed", str(plan.seed)]
    given += [f"--select={name}" for name in plan.select]
    return parser.parse_args([*given, f"--max-time={plan.patience_s}"])
