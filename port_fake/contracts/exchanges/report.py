"""What came of replays, for people and for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any, Final

from port_fake.contracts.exchanges.comparing import Difference, Tier
from port_fake.contracts.exchanges.lines import ORGANISATION, Exchange
from port_fake.contracts.exchanges.replaying import Outcome, Replayed

MOST: Final = 12
"""How many differences of one exchange are shown."""
LEAST_WIDTH: Final = 40


class ExitCode(IntEnum):
    """How the command ends; 2 is wrong use."""

    AGREED = 0
    DIFFERED = 1
    NOTHING = 3


def code(outcomes: Sequence[Outcome], *, level: Tier) -> ExitCode:
    """Return how the command ends if differences count from *level* up."""
    if any(one.counts()[tier] for one in outcomes for tier in Tier if tier >= level):
        return ExitCode.DIFFERED
    if not any(one.compared for one in outcomes):
        return ExitCode.NOTHING
    return ExitCode.AGREED


def as_text(outcomes: Sequence[Outcome], *, width: int, level: Tier) -> str:
    """Return the report for people, file by file."""
    lines: list[str] = []
    for outcome in outcomes:
        lines += _file(outcome, max(width, LEAST_WIDTH))
        lines.append("")
    lines.append(_verdict(outcomes, level))
    return "\n".join(lines)


def as_json(outcomes: Sequence[Outcome], *, level: Tier) -> dict[str, Any]:
    """Return the report for programs."""
    return {
        "exit_code": int(code(outcomes, level=level)),
        "level": level.word,
        "differences": {tier.word: _total(outcomes, tier) for tier in Tier},
        "files": [_file_json(one) for one in outcomes],
    }


def _file_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "file": outcome.recorded.name,
        "target": outcome.target,
        "exchanges": len(outcome.replayed),
        "compared": len(outcome.compared),
        "notes": list(outcome.notes),
        "broken": [{"line": one.line, "reason": one.reason} for one in outcome.recorded.broken],
        "not_comparable": [
            {**_place(one.exchange), "reason": one.reason}
            for one in outcome.replayed
            if not one.was_compared
        ],
        "differences": [
            {**_place(one.exchange), "tier": each.tier.word, "path": each.place, "text": each.text}
            for one in outcome.replayed
            for each in one.differences
        ],
    }


def _place(exchange: Exchange) -> dict[str, Any]:
    return {
        "n": exchange.number,
        "operation": exchange.operation,
        "as": exchange.caller,
        "request": str(exchange),
    }


def _file(outcome: Outcome, width: int) -> Iterator[str]:
    recorded = outcome.recorded
    header = recorded.header
    origin = "" if header is None else f", recorded from {header.source or header.target}"
    asked = f"{_count(len(outcome.replayed), 'exchange')}, {len(outcome.compared)} compared"
    yield from _wrapped(f"{recorded.name}: {asked} with {outcome.target}{origin}", width, 0)
    for broken in recorded.broken:
        yield from _wrapped(f"line {broken.line} is broken: {broken.reason}", width, 2)
    for note in outcome.notes:
        yield from _wrapped(f"before: {note}", width, 2)
    for one in outcome.replayed:
        if not one.was_compared:
            yield from _head(one, width)
            yield from _wrapped(f"not comparable: {one.reason}", width, 4)
        elif one.differences:
            yield from _head(one, width)
            yield from _differences(one.differences, width)


def _head(one: Replayed, width: int) -> Iterator[str]:
    exchange = one.exchange
    caller = "" if exchange.caller == ORGANISATION else f" as {exchange.caller}"
    name = f" ({exchange.operation})" if exchange.operation else ""
    yield from _wrapped(f"{exchange.number}. {exchange}{caller}{name}", width, 2)


def _differences(found: Sequence[Difference], width: int) -> Iterator[str]:
    worst_first = sorted(found, key=lambda one: -one.tier)
    for one in worst_first[:MOST]:
        yield from _wrapped(f"{one.tier.word:<7} {one.place}  {one.text}", width, 4)
    if len(found) > MOST:
        yield f"    ... and {len(found) - MOST} more: --format json lists all"


def _verdict(outcomes: Sequence[Outcome], level: Tier) -> str:
    ending = code(outcomes, level=level)
    if ending is ExitCode.NOTHING:
        return f"Nothing was compared (exit {int(ending)})."
    compared = sum(len(one.compared) for one in outcomes)
    skipped = sum(len(one.replayed) for one in outcomes) - compared
    parts = [f"{_count(compared, 'exchange')} compared"]
    if skipped:
        parts.append(f"{skipped} not comparable")
    parts += [f"{_total(outcomes, tier)} {tier.word}" for tier in reversed(Tier)]
    counted = "no difference that counts" if ending is ExitCode.AGREED else "differences that count"
    return f"{', '.join(parts)}; {counted} from {level.word} up (exit {int(ending)})."


def _total(outcomes: Sequence[Outcome], tier: Tier) -> int:
    return sum(one.counts()[tier] for one in outcomes)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 4),
        break_on_hyphens=False,
    )
