"""The table of who killed whom."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from contracts.mutants.mutant import Mutant
from contracts.mutants.trial import Trial

SHOWN: Final = 5
"""How many killers are named."""
NAME: Final = 38
DOES: Final = 54


def as_table(mutants: Sequence[Mutant], trials: Sequence[Trial], *, is_full: bool) -> str:
    """Return one row for each mutant that was tried; *is_full* if all questions were asked."""
    found = {trial.name: trial for trial in trials}
    lines = [f"{'mutant':<{NAME}}{'this fake ...':<{DOES}}killed by"]
    kind = ""
    for mutant in mutants:
        trial = found.get(mutant.name)
        if trial is None:
            continue
        if mutant.kind != kind:
            lines.append("")
            kind = mutant.kind
        lines += _row(mutant, trial, is_full=is_full)
    return "\n".join(line.rstrip() for line in lines)


def _row(mutant: Mutant, trial: Trial, *, is_full: bool) -> Sequence[str]:
    right = [*trial.killers[:SHOWN]] or ["NOBODY"]
    more = len(trial.killers) - SHOWN
    if more > 0:
        right.append(f"and {more} more")
    elif not is_full and trial.killers:
        right[-1] += " ..."
    if trial.complaint:
        right += [f"!! {line}" for line in trial.complaint.splitlines()]
    left = textwrap.wrap(mutant.does, DOES - 2)
    columns = zip_longest([mutant.name], left, right, fillvalue="")
    return [f"{name:<{NAME}}{does:<{DOES}}{killer}" for name, does, killer in columns]


def as_summary(trials: Sequence[Trial]) -> str:
    """Return what counts, in a few lines."""
    bad = [trial for trial in trials if trial.complaint]
    killers = {name for trial in trials for name in trial.killers}
    killed = sum(bool(trial.killers) for trial in trials)
    lines = [
        f"mutants tried: {len(trials)}, killed: {killed}, questions that killed: {len(killers)}",
    ]
    lines += [f"!! {trial.name}: {trial.complaint}" for trial in bad]
    return "\n".join(lines)
