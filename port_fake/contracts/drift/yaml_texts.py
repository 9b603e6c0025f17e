"""YAML as Port publishes it, read from the events of a parser instead of its ready-made loaders.

Those read the enum member ``=`` as a command, dates as dates and ``no`` as false, and expand what
an alias multiplies. Here scalars follow the core schema of YAML 1.2, keys are texts, and a line
that only lacks quotes is read as text and told.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

from port_fake.contracts.drift.classes import Finding, unclear
from port_fake.contracts.drift.references import escaped
from port_fake.contracts.drift.unreadable import UnreadableError

LIMIT_NODES: Final = 3_000_000
"""Counted as if every alias were written out."""
LIMIT_MENDED: Final = 20

WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
REAL: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
ODD: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
MENDABLE: Final = re.compile(r"""(\s*(?:- +)*(?:[^\s'"#&*!|>{\[][^:#]*:\s+|- +))([^\s'"|>&].*)""")
STANDARD: Final = "tag:yaml.org,2002:"


def yaml_document(text: str, *, limit_depth: int) -> tuple[Any, list[Finding]]:
    """Return the value of the first document in *text*, and what was found on the way.

    Raises:
        UnreadableError: it is no YAML, goes beyond the bounds, or the library is not installed.
    """
    mended: list[Finding] = []
    lines = text.split("\n")
    while True:
        try:
            builder = _built("\n".join(lines), limit_depth)
        except UnreadableError as error:
            at = (error.line or 0) - 1
            if len(mended) >= LIMIT_MENDED or not (error.mendable and _mend(lines, at)):
                raise _first(mended, error) from None
            note = f"the line is broken ({error}); its value is read as text"
            mended.append(unclear("", note, line=error.line))
        else:
            return builder.value, mended + builder.findings


def _first(mended: list[Finding], error: UnreadableError) -> UnreadableError:
    """Return the first error that was met: the later ones may be of our own making."""
    if not mended:
        return error
    reason = mended[0].note.partition("(")[2].rpartition(")")[0]
    return UnreadableError(reason, line=mended[0].line)


def _mend(lines: list[str], at: int) -> bool:
    """Put the value of a line in quotes; say whether there was one without."""
    line = lines[at].rstrip("\r") if 0 <= at < len(lines) else ""
    if (match := MENDABLE.fullmatch(line)) is None:
        return False
    lines[at] = match[1] + "'" + match[2].rstrip().replace("'", "''") + "'"
    return True


def _built(text: str, limit_depth: int) -> Builder:
    try:
        import yaml
    except ImportError:
        raise UnreadableError(
            "reading YAML needs PyYAML: pip install 'port-fake[contracts]', or give JSON"
        ) from None
    builder = Builder(limit_depth)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(part for part in (error.context, error.problem) if part)
        line = mark.line + 1 if mark else None
        raise UnreadableError(f"not YAML: {reason}", line=line, mendable=True) from None
    except yaml.reader.ReaderError as error:
        line = text.encode("utf-8", "replace").count(b"\n", 0, error.position) + 1
        raise UnreadableError(f"not YAML: {error.reason}", line=line) from None
    except UnicodeError:
        raise UnreadableError("not YAML: a half of a surrogate pair") from None
    return builder


@dataclass(slots=True)
class Open:
    """A collection whose end has not come: its value, the key that waits, and its size."""

    value: Any
    anchor: str | None
    merges: list[Any] = field(default_factory=list)
    key: str | None = None
    size: int = 1


class Builder:
    """Makes a value of the events of a parser, without recursion and without copies."""

    def __init__(self, limit_depth: int) -> None:
        self.value: Any = None
        self.findings: list[Finding] = []
        self._limit_depth = limit_depth
        self._open: list[Open] = []
        self._anchors: dict[str, tuple[Any, int] | None] = {}
        self._documents = 0

    def take(self, event: Any) -> None:
        """Take the next event.

        Raises:
            UnreadableError: an alias names nothing, itself or too much, or nesting is too deep.
        """
        kind = type(event).__name__
        line = event.start_mark.line + 1 if event.start_mark else None
        if kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                self.findings.append(unclear("", "a second document begins; it is left", line=line))
        elif kind == "AliasEvent":
            self._put(*self._named(event.anchor, line), line=line)
        elif kind == "ScalarEvent":
            value = self._scalar(event, line)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
            self._put(value, 1, line=line, text=event.value, plain=event.implicit[0])
        elif kind in {"MappingStartEvent", "SequenceStartEvent"}:
            self._begin(event, {} if kind.startswith("M") else [], line)
        elif kind in {"MappingEndEvent", "SequenceEndEvent"}:
            self._end(line)

    def _begin(self, event: Any, value: Any, line: int | None) -> None:
        if len(self._open) >= self._limit_depth:
            raise UnreadableError(f"nested deeper than {self._limit_depth} levels", line=line)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._open.append(Open(value, event.anchor))

    def _end(self, line: int | None) -> None:
        done = self._open.pop()
        for other in done.merges:
            for source in other if isinstance(other, list) else [other]:
                if isinstance(source, dict):
                    done.value.update({k: v for k, v in source.items() if k not in done.value})
        if done.anchor:
            self._anchors[done.anchor] = (done.value, done.size)
        self._put(done.value, done.size, line=line)

    def _named(self, anchor: str, line: int | None) -> tuple[Any, int]:
        if anchor not in self._anchors:
            reason = f"not YAML: found undefined alias {anchor!r}"
            raise UnreadableError(reason, line=line, mendable=True)
        if (named := self._anchors[anchor]) is None:
            raise UnreadableError(f"the alias {anchor!r} stands inside of what it names", line=line)
        return named

    def _put(
        self,
        value: Any,
        size: int,
        *,
        line: int | None,
        text: str | None = None,
        plain: bool = False,
    ) -> None:
        if not self._open:
            if self._documents == 1:
                self.value = value
            return
        owner = self._open[-1]
        owner.size += size
        if owner.size > LIMIT_NODES:
            raise UnreadableError(f"aliases make it larger than {LIMIT_NODES:,} values", line=line)
        if isinstance(owner.value, list):
            owner.value.append(value)
        elif owner.key is None:
            owner.key = self._key(value, text, line)
            if owner.key == "<<" and plain:
                owner.key = MERGE
        else:
            self._pair(owner, owner.key, value, line)
            owner.key = None

    def _pair(self, owner: Open, key: str, value: Any, line: int | None) -> None:
        if key is MERGE:
            owner.merges.append(value)
            return
        if key in owner.value:
            place = self._place()
            note = f"the key {key!r} is there twice; the last one counts"
            self.findings.append(unclear(place, note, line=line))
        owner.value[key] = value

    def _place(self) -> str:
        parts = [str(len(one.value)) if one.key is None else one.key for one in self._open[:-1]]
        return "/".join(["#", *map(escaped, parts)])

    def _key(self, value: Any, text: str | None, line: int | None) -> str:
        if text is not None:
            return text
        if isinstance(value, (dict, list)):
            self.findings.append(unclear("", "a key is not a text; read as '?'", line=line))
            return "?"
        return str(value)

    def _scalar(self, event: Any, line: int | None) -> Any:
        text: str = event.value
        tag = (event.tag or "").removeprefix(STANDARD)
        if event.implicit[1] or tag in {"str", "!"}:
            return text
        if not event.implicit[0] and tag not in {"int", "float", "bool", "null"}:
            self.findings.append(unclear("", f"the tag {event.tag} is not known", line=line))
            return text
        if text in WORDS:
            return WORDS[text]
        value, odd = _number(text)
        if odd:
            self.findings.append(
                unclear("", f"{text[:30]} is not a JSON number; read as text", line=line)
            )
        return value


MERGE: Final = "<<" + chr(0)
"""The key of YAML 1.1 that takes in another mapping; no text is equal to it."""


def _number(text: str) -> tuple[Any, bool]:
    """Return the number that *text* stands for or the text, and whether JSON lacks it."""
    try:
        if INTEGER.fullmatch(text):
            return int(text, 0 if text[:2] in {"0o", "0x"} else 10), False
    except ValueError:  # thousands of digits
        return text, True
    if ODD.fullmatch(text):
        return text, True
    if REAL.fullmatch(text):
        value = float(text)
        return (value, False) if math.isfinite(value) else (text, True)
    return text, False
