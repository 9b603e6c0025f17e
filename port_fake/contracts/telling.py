"""Tells of a run of the suites: while it goes on, at its end, and in files."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Generator
from enum import IntEnum
from pathlib import Path
from typing import Final, Protocol

import pytest

from port_fake.contracts.asking import NAME, QUESTION, Asking
from port_fake.contracts.outcomes import Findings
from port_fake.contracts.reports.colours import wants_colour
from port_fake.contracts.reports.html import as_html
from port_fake.contracts.reports.inventory import as_list
from port_fake.contracts.reports.junit import as_junit
from port_fake.contracts.reports.progress import Progress
from port_fake.contracts.reports.record import as_json
from port_fake.contracts.reports.table import as_text


class ExitCode(IntEnum):
    """How the command ends."""

    HELD = 0
    FAILED = 1
    STOPPED = 2
    """Wrong use, or interrupted."""
    NOTHING_ASKED = 3


def _json_text(findings: Findings) -> str:
    return f"{json.dumps(as_json(findings), indent=2)}\n"


class _Writer(Protocol):
    def __call__(self, findings: Findings) -> str: ...


WRITERS: Final[dict[str, _Writer]] = {"html": as_html, "junit": as_junit, "json": _json_text}


class Telling:
    """A plugin of pytest, beside `Asking`. With *own* it takes the place of pytest's reporter."""

    def __init__(self, asking: Asking, *, own: bool) -> None:
        self._asking = asking
        self._own = own
        self._progress: Progress | None = None
        self._width = shutil.get_terminal_size((100, 24)).columns
        self._colour = wants_colour(sys.stdout, os.environ)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Begin to tell, now that it is known of how much."""
        if self._own and session.config.option.collectonly:
            self._print(as_list([item.stash[QUESTION] for item in session.items]))
        elif self._own:
            self._progress = Progress(
                len(session.items),
                sys.__stdout__ or sys.stdout,
                clock=time.monotonic,
                width=self._width,
                colour=self._colour,
            )

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Tell of a question when it is asked, and when it has been."""
        question = item.stash.get(QUESTION, None)
        if self._progress is None or question is None:
            return (yield)
        self._progress.asking(question)
        result = yield
        outcome = self._asking.outcomes.get(question.name)
        if outcome is not None:
            self._progress.found(outcome)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Write what was asked for, and say how it ended."""
        result = yield
        if session.config.option.collectonly or session.exitstatus == pytest.ExitCode.USAGE_ERROR:
            return result
        findings = self._asking.findings()
        self._write(findings)
        if self._own:
            if self._progress is not None:
                self._progress.end()
            self._print(self._text(findings))
            code = _code(findings, session.exitstatus)
            session.exitstatus = max(code, ExitCode.FAILED) if self._asking.site.notes else code
        return result

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, config: pytest.Config
    ) -> None:
        """Show the table below what pytest shows."""
        if not self._own and not config.option.collectonly:
            terminalreporter.write_sep("=", "contract questions")
            terminalreporter.write_line(self._text(self._asking.findings()))

    def _text(self, findings: Findings) -> str:
        return as_text(findings, width=self._width, colour=self._colour)

    def _print(self, text: str) -> None:
        stream = sys.__stdout__ or sys.stdout
        encoding = stream.encoding or "utf-8"
        stream.write(f"{text.encode(encoding, 'replace').decode(encoding)}\n")
        stream.flush()

    def _write(self, findings: Findings) -> None:
        options = self._asking.options
        files: dict[str, Path | None] = {
            "html": options.html,
            "junit": options.junit,
            "json": options.json,
        }
        for kind, file in files.items():
            if file is None:
                continue
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(WRITERS[kind](findings), encoding="utf-8")
            except OSError as error:
                reason = f"port-fake: cannot write {file}: {error.strerror or error}"
                print(reason, file=sys.stderr)  # noqa: T201 - a command answers by printing


def tell(config: pytest.Config) -> None:
    """Let pytest tell of the questions that it asks."""
    asking = config.pluginmanager.get_plugin(NAME)
    if not isinstance(asking, Asking):
        return
    own = asking.options.own_report
    if own:
        config.pluginmanager.unregister(name="terminalreporter")
    config.pluginmanager.register(Telling(asking, own=own), f"{NAME}-telling")


def _code(findings: Findings, status: int) -> ExitCode:
    if status == pytest.ExitCode.INTERRUPTED and findings.ended and findings.is_good:
        return ExitCode.STOPPED
    if not findings.is_good:
        return ExitCode.FAILED
    return ExitCode.HELD if findings.was_asked else ExitCode.NOTHING_ASKED
