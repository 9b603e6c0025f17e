"""GitHub's issues, by its own command ``gh``: it has the token, and no token is seen here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any, Final

from port_fake.contracts.nightly.issue import Issue, Step
from port_fake.contracts.veil import Veil

PROGRAM: Final = "gh"
TIMEOUT_S: Final = 60
LIMIT_ISSUES: Final = "200"
LONG: Final = 300


class HubError(Exception):
    """``gh`` could not do it. The text holds no token."""


class Hub:
    """The issues of the repository that ``gh`` finds in the environment, or in this folder."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = dict(environment)
        self._veil = Veil()
        self._veil.learn_environment(environment)

    def open_issues(self, label: str) -> Sequence[Issue]:
        """Return the open issues with *label*.

        Raises:
            HubError: They cannot be listed.
        """
        step = Step(
            [
                *("issue", "list", "--state", "open", "--label", label),
                *("--limit", LIMIT_ISSUES, "--json", "number,body"),
            ],
            does="list the open issues",
        )
        try:
            return _issues(json.loads(self._call(step)))
        except (ValueError, TypeError, KeyError, RecursionError):
            raise HubError("cannot list the open issues: gh answered no list of issues") from None

    def do(self, step: Step) -> None:
        """Do one thing.

        Raises:
            HubError: It was not done.
        """
        try:
            self._call(step)
        except HubError:
            if not step.may_fail:
                raise

    def _call(self, step: Step) -> str:
        program = shutil.which(PROGRAM, path=self._environment.get("PATH"))
        if program is None:
            raise HubError(f"cannot {step.does}: there is no program {PROGRAM} on the PATH")
        try:
            done = subprocess.run(  # noqa: S603 - a program of GitHub's, arguments of our own
                [program, *step.arguments],
                check=False,
                capture_output=True,
                env=self._environment,
                input=step.text.encode("utf-8", "replace"),
                timeout=TIMEOUT_S,
            )
        except subprocess.TimeoutExpired:
            raise HubError(f"cannot {step.does}: no answer within {TIMEOUT_S} s") from None
        except OSError as error:
            raise HubError(f"cannot {step.does}: {error.strerror}") from None
        if done.returncode:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())
            said = self._veil.cover(said)[:LONG] or "it says nothing"
            raise HubError(f"cannot {step.does}: gh ended with {done.returncode}: {said}")
        return done.stdout.decode("utf-8", "replace")


def _issues(raw: Any) -> Sequence[Issue]:
    if not isinstance(raw, list):
        raise TypeError
    return [_issue(one) for one in raw]


def _issue(raw: Any) -> Issue:
    number, body = raw["number"], raw["body"]
    if not isinstance(number, int) or not isinstance(body, str):
        raise TypeError
    return Issue(number, body)
