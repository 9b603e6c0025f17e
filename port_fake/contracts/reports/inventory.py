"""The questions themselves, without answers."""

from __future__ import annotations

from collections.abc import Sequence

from port_fake.contracts.questions import Question
from port_fake.contracts.reports.words import questions as counted


def as_list(questions: Sequence[Question]) -> str:
    """Return the questions as lines: name and level, then what is asked, needed and quoted."""
    lines = []
    for one in sorted(questions, key=lambda one: one.name):
        needs = f" (needs {', '.join(sorted(one.needs))})" if one.needs else ""
        lines += [f"{one.name}  [{one.level}]", f"    {one.text}{needs}", f"    {one.source}"]
    return "\n".join([*lines, counted(len(questions))])
