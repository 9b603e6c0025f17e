"""The options of the suites, for pytest; ``port-fake contracts run`` has the same."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from port_fake.contracts.sites import Wanted


@dataclass(frozen=True, slots=True)
class Profile:
    """How thoroughly is asked: *examples* for each generated question, *steps* of a machine.

    *seed* is the usual one; None draws one, which is shown.
    """

    name: str
    examples: int
    steps: int
    seed: int | None


PROFILES: Final = {
    "ci": Profile("ci", examples=20, steps=25, seed=1),
    "nightly": Profile("nightly", examples=200, steps=60, seed=None),
}


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for."""

    wanted: Wanted
    profile: Profile
    seed: int
    select: tuple[str, ...] = ()
    fail_fast: bool = False
    html: Path | None = None
    junit: Path | None = None
    json: Path | None = None
    own_report: bool = False

    @property
    def again(self) -> tuple[str, ...]:
        """What the command needs, beside names and the seed, to ask the same target again."""
        wanted = self.wanted
        given = {"--target": wanted.target, "--write": wanted.write}
        if self.profile.name != "ci":
            given["--profile"] = self.profile.name
        if wanted.write is not None and wanted.properties:
            given["--properties"] = json.dumps(wanted.properties)
        flags = {"--throwaway": wanted.throwaway, "--i-own-this-organisation": wanted.owned}
        pairs = [one for name, value in given.items() if value for one in (name, value)]
        return (*pairs, *(name for name, is_given in flags.items() if is_given))


def add_options(parser: pytest.Parser) -> None:
    """Add the options to pytest's."""
    group = parser.getgroup("port-contracts", "contract suites of port-fake")
    group.addoption(
        "--port-target",
        metavar="URL",
        help="the server to ask, without /v1 (default: a fake that is started for it)",
    )
    group.addoption("--port-profile", choices=tuple(PROFILES), default="ci", help="how thoroughly")
    group.addoption("--port-seed", type=int, metavar="N", help="the same asks the same")
    group.addoption(
        "--port-select",
        action="append",
        default=[],
        metavar="NAME",
        help="only questions of that name, or below it; * stands for anything; may be repeated",
    )
    group.addoption("--port-max-time", type=float, metavar="SECONDS", help="skip what is left then")
    group.addoption(
        "--i-own-this-organisation",
        action="store_true",
        help="the organisation of a server that is no fake may be asked, by reading only",
    )
    group.addoption(
        "--port-write", metavar="ACTION", help="make runs of that action, and of no other"
    )
    group.addoption(
        "--port-properties", metavar="JSON", default="{}", help="the inputs of these runs"
    )
    group.addoption(
        "--port-throwaway",
        action="store_true",
        help="the organisation is there for nothing else: make anything in it",
    )
    for kind in ("html", "junit", "json"):
        group.addoption(
            f"--port-{kind}", type=Path, metavar="FILE", help=f"write the report as {kind}"
        )
    group.addoption("--port-own-report", action="store_true", help="show progress and table only")


def read_options(config: pytest.Config) -> Options:
    """Return the options of a run.

    Raises:
        pytest.UsageError: They do not go together.
    """

    def given(name: str, default: Any = None) -> Any:
        # Absent where pytest found the suites too late for their options, as with --pyargs.
        return config.getoption(name, default)

    profile = PROFILES[given("--port-profile", "ci")]
    seed = given("--port-seed")
    if seed is None:
        seed = secrets.randbelow(2**31) if profile.seed is None else profile.seed
    try:
        properties = json.loads(given("--port-properties", "{}"))
    except ValueError as error:
        raise pytest.UsageError(f"--port-properties: not JSON: {error}") from None
    if not isinstance(properties, dict):
        raise pytest.UsageError("--port-properties: must be a JSON object")
    wanted = Wanted(
        target=given("--port-target"),
        seed=seed,
        write=given("--port-write"),
        properties=properties,
        throwaway=given("--port-throwaway", default=False),
        owned=given("--i-own-this-organisation", default=False),
        max_time_s=given("--port-max-time"),
    )
    return Options(
        wanted=wanted,
        profile=profile,
        seed=seed,
        select=tuple(given("--port-select", ())),
        html=given("--port-html"),
        junit=given("--port-junit"),
        json=given("--port-json"),
        own_report=given("--port-own-report", default=False),
    )
