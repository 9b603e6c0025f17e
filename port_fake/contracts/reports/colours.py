"""The few colours of a terminal, and who wants them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TextIO

from port_fake.contracts.outcomes import Verdict

RESET: Final = "\x1b[0m"
BOLD: Final = "1"
DIM: Final = "2"

CODES: Final[Mapping[Verdict, str]] = {
    Verdict.FAILED: "1;31",
    Verdict.BROKEN: "1;35",
    Verdict.DIFFERS: "33",
    Verdict.SKIPPED: "2",
    Verdict.HELD: "32",
}


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Say whether *stream* is a terminal whose user has not said no.

    Source: no-color.org: NO_COLOR counts when it is there and not empty.
    """
    silenced = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
    return not silenced and stream.isatty()


def painted(text: str, code: str, *, colour: bool) -> str:
    """Return *text* in the colour of *code*, or as it is."""
    return f"\x1b[{code}m{text}{RESET}" if colour and text else text
