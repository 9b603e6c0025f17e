"""Runs the suites within pytest: which questions are asked, and what came of each."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Final

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, core

from port_fake.contracts.options import Options, read_options
from port_fake.contracts.outcomes import Findings, Outcome, Verdict, judged
from port_fake.contracts.pace import TimeIsUpError
from port_fake.contracts.questions import MARKER, Need, Question
from port_fake.contracts.sites import Site, open_site
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import UnreachableError
from port_fake.errors import MisuseError
from port_fake.surface.document import product_version

NAME: Final = "port-fake-contracts"
QUESTION = pytest.StashKey[Question]()
OBSERVED = pytest.StashKey[list[str]]()

ANSWERS: Final = (AssertionError, UnreachableError, hypothesis.errors.Flaky)
"""What says something of the target; everything else says that the question is broken."""

LACKS: Final = {
    Need.WRITE: "runs may not be made: see --write ACTION",
    Need.FURNISH: "nothing may be made in this organisation: see --throwaway",
    Need.PEOPLE: "there are no credentials of users",
    Need.RECEIVER: "the target cannot call this machine",
    Need.SECOND: "there is no second organisation",
    Need.EMPTY: "there is no organisation in which nothing is",
    Need.CLOCK: "the target's time cannot be moved",
}


class Asking:
    """A plugin of pytest: skips what the target does not offer, and collects the outcomes."""

    def __init__(self, options: Options, *, veil: Veil, site: Site) -> None:
        self.options = options
        self.veil = veil
        self.site = site
        self.outcomes: dict[str, Outcome] = {}
        self.ended = ""
        self._broken: list[str] = []
        self._began = time.time()
        self._suffixes = 0

    def next_suffix(self) -> str:
        """Return what makes names on a target that keeps them: one that was not used before."""
        self._suffixes += 1
        return f"_{int(self._began):x}_{self._suffixes}"

    # -- which

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the questions that are selected."""
        kept: list[pytest.Item] = []
        left: list[pytest.Item] = []
        for item in items:
            question = _question_of(item)
            if question is None:
                continue
            item.stash[QUESTION] = question
            (kept if self._is_selected(question) else left).append(item)
        others = [item for item in items if QUESTION not in item.stash]
        twice = [name for name, times in Counter(_names(kept)).items() if times > 1]
        if twice:
            raise pytest.UsageError(f"two questions have the name {', '.join(twice)}")
        if self.options.select and not kept and not self._broken:
            wanted = ", ".join(self.options.select)
            raise pytest.UsageError(f"no question is called {wanted}: --list shows all names")
        config.hook.pytest_deselected(items=left)
        items[:] = [*others, *kept]

    def _is_selected(self, question: Question) -> bool:
        return not self.options.select or any(
            fnmatchcase(question.name, wanted) or fnmatchcase(question.name, f"{wanted}.*")
            for wanted in self.options.select
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip what cannot be asked here, or now."""
        question = item.stash.get(QUESTION, None)
        if question is None:
            return
        self.site.wire.begin()
        item.stash[OBSERVED] = []
        lacking = sorted(question.needs - self.site.offers)
        if lacking:
            pytest.skip(LACKS[Need(lacking[0])])
        if self.site.wire.pace.is_over:
            self.ended = "the time was up"
            pytest.skip("the time was up")

    # -- what came of it

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn a report into an outcome, and let no secret into either."""
        report = yield
        question = item.stash.get(QUESTION, None)
        error = None if call.excinfo is None else call.excinfo.value
        if question is None:
            return report
        late = [one for one in _causes(error) if isinstance(one, TimeIsUpError)]
        if late:
            self.ended = str(late[0])
            report.outcome = "skipped"
            report.longrepr = (str(item.path), 0, f"Skipped: {late[0]}")
        outcome = self._outcome(item, question, report, error)
        if outcome is not None:
            self.outcomes[question.name] = outcome
            if outcome.verdict is Verdict.DIFFERS:
                report.outcome = "skipped"
                report.wasxfail = outcome.reason
        if isinstance(report.longrepr, tuple):
            path, line, text = report.longrepr
            report.longrepr = (path, line, self.veil.cover(text))
        elif report.longrepr is not None:
            report.longrepr = self.veil.cover(str(report.longrepr))
        report.sections = [(title, self.veil.cover(text)) for title, text in report.sections]
        return report

    def _outcome(
        self,
        item: pytest.Item,
        question: Question,
        report: pytest.TestReport,
        error: BaseException | None,
    ) -> Outcome | None:
        before = self.outcomes.get(question.name)
        if report.passed and (report.when != "call" or before is not None):
            return None
        if report.when == "teardown" and before is not None and before.verdict is not Verdict.HELD:
            return None
        cover = self.veil.cover
        seconds = report.duration + (before.seconds if before else 0)
        if report.passed:
            observed = item.stash[OBSERVED]
            return Outcome(question, Verdict.HELD, seconds, reason=cover("; ".join(observed)))
        if report.skipped:
            text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(error)
            return Outcome(
                question, Verdict.SKIPPED, seconds, reason=cover(text.removeprefix("Skipped: "))
            )
        said = _causes(error)
        is_answer = bool(said) and all(isinstance(one, ANSWERS) for one in said)
        verdict = judged(question.level, as_expected=False) if is_answer else Verdict.BROKEN
        reason = _first_line(said[0] if said else error)
        if report.when == "setup" and is_answer:
            reason = f"what it needs could not be arranged: {reason}"
        return Outcome(
            question,
            verdict,
            seconds,
            reason=cover(reason),
            detail=cover(str(report.longrepr)),
            evidence=self.site.wire.evidence,
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Remember suites that cannot be read."""
        if report.failed:
            self._broken.append(self.veil.cover(str(report.longrepr)))

    def pytest_keyboard_interrupt(self) -> None:
        """Say why not all was asked."""
        self.ended = "it was interrupted"

    # -- the end

    def findings(self) -> Findings:
        """Return what came of all questions so far."""
        outcomes = [*self.outcomes.values()]
        for number, text in enumerate(self._broken, 1):
            question = Question(f"suite.{number}", source="", text="a suite can be read")
            reason = text.strip().rpartition("\n")[2]
            outcomes.append(Outcome(question, Verdict.BROKEN, reason=reason, detail=text))
        return Findings(
            target=self.site.wire.base_url,
            mode=self.site.mode,
            profile=self.options.profile.name,
            seed=self.options.seed,
            version=product_version(),
            started_at=datetime.fromtimestamp(self._began, UTC).isoformat(timespec="seconds"),
            seconds=time.time() - self._began,
            outcomes=outcomes,
            ended=self.ended,
            options=tuple(self.veil.cover(one) for one in self.options.again),
            settings={"left": self.veil.cover("; ".join(self.site.notes))}
            if self.site.notes
            else {},
        )

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self) -> Generator[None, object, object]:
        """Leave the target as it was found, whatever went wrong before."""
        try:
            return (yield)
        finally:
            self.site.close()
            for note in self.site.notes:
                print(f"port-fake: {self.veil.cover(note)}", file=sys.stderr)  # noqa: T201 - must be seen


def install(config: pytest.Config) -> None:
    """Let pytest ask questions.

    Raises:
        pytest.UsageError: The target must not be asked like this, or cannot be reached.
    """
    config.addinivalue_line("markers", f"{MARKER}(question): a question of the contract suites")
    options = read_options(config)
    veil = Veil()
    try:
        site = open_site(options.wanted, veil=veil)
    except MisuseError as error:
        raise pytest.UsageError(veil.cover(str(error))) from None
    _settle_hypothesis(options)
    config.pluginmanager.register(Asking(options, veil=veil, site=site), NAME)


def _settle_hypothesis(options: Options) -> None:
    """Let every draw follow from the seed, and let nothing be kept or explained for minutes."""
    name = f"port-fake-{options.profile.name}"
    hypothesis.settings.register_profile(
        name,
        database=None,
        deadline=None,
        max_examples=options.profile.examples,
        stateful_step_count=options.profile.steps,
        print_blob=False,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    hypothesis.settings.load_profile(name)
    core.global_force_seed = options.seed  # type: ignore[assignment] # as --hypothesis-seed does


def _question_of(item: pytest.Item) -> Question | None:
    marker = item.get_closest_marker(MARKER)
    if marker is None:
        return None
    question: Question = marker.args[0]
    case = getattr(item, "callspec", None)
    return question if case is None else question.about(case.id)


def _names(items: Sequence[pytest.Item]) -> list[str]:
    return [item.stash[QUESTION].name for item in items]


def _causes(error: BaseException | None) -> Sequence[BaseException]:
    """Return the errors that stand behind one: those of a group, or itself."""
    if error is None:
        return ()
    if isinstance(error, BaseExceptionGroup):
        return [cause for one in error.exceptions for cause in _causes(one)]
    return (error,)


def _first_line(error: BaseException | None) -> str:
    text = str(error).strip() or type(error).__name__
    line = text.splitlines()[0]
    return line if isinstance(error, ANSWERS) else f"{type(error).__name__}: {line}"
