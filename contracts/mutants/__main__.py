"""``make mutants``: the suites against one fake after another that misbehaves.

Exit code: 0 every mutant was killed and no question broke, 1 not so, 2 wrong use, or the suites
find fault with a fake that does not misbehave.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Final

from contracts.mutants.catalogue import MUTANTS
from contracts.mutants.mutant import Mutant
from contracts.mutants.table import as_summary, as_table
from contracts.mutants.trial import UNTOUCHED, Plan, Trial
from contracts.mutants.workers import trials

EVERY: Final = 25
"""After how many mutants is said how far it is, where nobody watches."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Try mutants, print who killed whom, and return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    chosen = [one for one in MUTANTS if _is_chosen(one, options.only)]
    if not chosen:
        parser.error("no mutant has such a name: --list shows them")
    if options.list:
        print("\n".join(f"{one.name:<40} {one.does}" for one in chosen))
        return 0
    plan = Plan(
        profile=options.profile,
        seed=options.seed,
        select=tuple(options.select),
        enough=0 if options.full else options.killers,
    )
    return _try(chosen, plan, jobs=max(1, options.jobs))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m contracts.mutants",
        description="Run the contract suites against fakes that misbehave.",
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME",
        help="only mutants of that name, or of that class; * stands for anything",
    )  # fmt: skip
    parser.add_argument(
        "--select", action="append", default=[], metavar="NAME", help="ask only these questions"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at a time")
    parser.add_argument("--profile", choices=("ci", "nightly"), default="ci")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--killers", type=int, default=1, metavar="N", help="go on to the next after N failures"
    )
    parser.add_argument(
        "--full", "--keep-going", action="store_true", help="ask everything: find all who kill"
    )
    parser.add_argument("--list", action="store_true", help="only say what there is")
    return parser


def _is_chosen(mutant: Mutant, only: Sequence[str]) -> bool:
    return not only or any(
        fnmatchcase(mutant.name, wanted) or mutant.kind == wanted for wanted in only
    )


def _try(chosen: Sequence[Mutant], plan: Plan, *, jobs: int) -> int:
    began = time.monotonic()
    found: list[Trial] = []
    names = [UNTOUCHED, *(one.name for one in chosen)]
    for trial in trials(names, plan, jobs=jobs):
        if trial.name != UNTOUCHED:
            found.append(trial)
            _tell_how_far(found, len(chosen))
        elif not _is_sound(trial):
            return 2
    print(as_table(chosen, found, is_full=not plan.enough))
    print()
    print(as_summary(found))
    print(f"in {time.monotonic() - began:.0f} s, {jobs} at a time")
    return int(any(trial.complaint for trial in found))


def _is_sound(control: Trial) -> bool:
    """Whether the suites have nothing to say against a fake behind a proxy that alters nothing."""
    said = [*control.reasons, *control.broken]
    if control.fault or said or not control.asked:
        print("without a mutant the suites must hold, and they do not:", file=sys.stderr)
        for name, reason in said or [(control.name, control.fault or "nothing was asked")]:
            print(f"  {name}: {reason}", file=sys.stderr)
        return False
    print(f"without a mutant {control.asked} questions hold, in {control.seconds:.0f} s\n")
    return True


def _tell_how_far(found: Sequence[Trial], of: int) -> None:
    latest = found[-1]
    text = f"{len(found)} of {of} mutants tried"
    if sys.stderr.isatty():
        print(f"\r\033[K{text}, the latest: {latest.name}", end="", file=sys.stderr, flush=True)
        if len(found) == of:
            print(file=sys.stderr)
    elif latest.complaint:
        print(f"{text}: {latest.name} {latest.complaint}", file=sys.stderr, flush=True)
    elif len(found) % EVERY == 0:
        print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
