"""What is to be done with the one issue that tells of differences.

The issue carries a mark: for each part, what it found when it was last done. A part that was not
done, or broke, leaves its entry as it was; so an issue is closed only when each part that found
something was done again and finds nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from port_fake.contracts.nightly.parts import Part, Standing, Word

TITLE: Final = "Port and the fake no longer agree"
COLOUR: Final = "D93F0B"
MARK: Final = re.compile(r"\A\s*<!-- port-fake nightly (\{[^<>]*\}) -->")
VALUE: Final = re.compile(r"(\d+)\.[0-9a-f]+")

Marks = Mapping[Part, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What a night amounts to, as far as the issue needs it.

    *standings* and *marks* are those of each part; *markdown* tells of it; *link* may be empty.
    """

    word: Word
    standings: Mapping[Part, Standing]
    marks: Marks
    markdown: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """An open issue with the label."""

    number: int
    body: str

    @property
    def marks(self) -> Marks | None:
        """What each part had found; None where the issue is not one of ours."""
        found = MARK.match(self.body)
        return None if found is None else _marks(found[1])


@dataclass(frozen=True, slots=True)
class Step:
    """One call of ``gh``: its *arguments*, what goes to its standard input, and what it does.

    *may_fail* where it does not matter: a label that is there already.
    """

    arguments: Sequence[str]
    does: str
    text: str = ""
    may_fail: bool = False


def steps(told: Told, issues: Sequence[Issue], *, label: str) -> Sequence[Step]:
    """Return what is to be done, in order, when *issues* are open with *label*."""
    ours = sorted((one for one in issues if one.marks is not None), key=lambda one: one.number)
    if not ours:
        now = _now(told, {})
        return [*_opened(told, now, label)] if now else []
    kept, *others = ours
    done = [*_kept(told, kept)]
    done += [_closed(one, f"#{kept.number} is kept instead.", "not planned") for one in others]
    return done


def _now(told: Told, before: Marks) -> Marks:
    """Return what each part found when it was last done, without those that found nothing."""
    marks = {}
    for part, standing in told.standings.items():
        if standing is Standing.CHANGED:
            marks[part] = told.marks[part]
        elif standing is not Standing.AGREES and part in before:
            marks[part] = before[part]
    return marks


def _opened(told: Told, now: Marks, label: str) -> Iterator[Step]:
    about = "Port and the fake differ; opened and closed by the nightly comparison"
    yield Step(
        ["label", "create", label, "--color", COLOUR, "--description", about],
        does=f"make the label {label}",
        may_fail=True,
    )
    yield Step(
        ["issue", "create", "--title", TITLE, "--label", label, "--body-file", "-"],
        does="open an issue",
        text=_body(told, now),
    )


def _kept(told: Told, issue: Issue) -> Iterator[Step]:
    before = issue.marks or {}
    now = _now(told, before)
    if now == before:
        return
    if not now:
        yield _closed(issue, f"What was told here is gone.{_link(told)}", "completed")
        return
    number = str(issue.number)
    yield Step(
        ["issue", "edit", number, "--body-file", "-"],
        does=f"write issue {number} anew",
        text=_body(told, now),
    )
    yield Step(
        ["issue", "comment", number, "--body-file", "-"],
        does=f"comment on issue {number}",
        text=_comment(told, before, now),
    )


def _closed(issue: Issue, comment: str, reason: str) -> Step:
    number = str(issue.number)
    return Step(
        ["issue", "close", number, "--reason", reason, "--comment", comment],
        does=f"close issue {number}",
    )


def _body(told: Told, now: Marks) -> str:
    mark = json.dumps({str(part): value for part, value in now.items()})
    return f"<!-- port-fake nightly {mark} -->\n{told.markdown}{_left(told, now)}"


def _left(told: Told, now: Marks) -> str:
    """Say which findings are older than this night, for their part was not done in it."""
    older = [part for part in now if told.standings[part] is not Standing.CHANGED]
    lines = [
        f"- `{part}` had {_count(now[part])} when it was last done; the history of this text has "
        "them.\n"
        for part in older
    ]
    return "\n" + "".join(lines) if lines else ""


def _comment(told: Told, before: Marks, now: Marks) -> str:
    lines = ["What differs has changed:", ""]
    for part in told.standings:
        if before.get(part) != now.get(part):
            told_before = _count(before[part]) if part in before else "nothing"
            told_now = _count(now[part]) if part in now else "nothing"
            lines.append(f"- `{part}`: {told_now}, before: {told_before}")
    return "\n".join(lines) + f"\n{_link(told)}\n"


def _link(told: Told) -> str:
    return f" [The run with its reports]({told.link})" if told.link else ""


def _count(mark: str) -> str:
    number = mark.partition(".")[0]
    return f"{number} finding" if number == "1" else f"{number} findings"


def _marks(text: str) -> Marks | None:
    try:
        raw: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(raw, dict) or not raw:
        return None
    known = {str(part): part for part in Part}
    if not all(key in known and VALUE.fullmatch(str(value)) for key, value in raw.items()):
        return None
    return {known[key]: str(value) for key, value in raw.items()}
