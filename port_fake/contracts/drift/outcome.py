"""What comes of comparing a published document with the fake's, and the exit code it deserves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from port_fake.contracts.drift.classes import ORDER, Aspect, Change, Finding, Severity, counts
from port_fake.contracts.drift.compare import Comparison, compared
from port_fake.contracts.drift.documents import load
from port_fake.contracts.drift.known import KNOWN, Known, key_of

PORTS: Final = "Port API"
"""Source: OpenAPI 1.0: how the title of Port's document begins."""


class Code(IntEnum):
    """The exit codes; 2 is for mistakes on the command line."""

    AGREES = 0
    DIFFERS = 1
    NOT_COMPARED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The comparison of *source*; *known* differences are set apart, each with its reason.

    *absent* names the operations of the fake that a partial document does not speak of.
    """

    source: str
    comparison: Comparison
    findings: list[Finding]
    known: list[tuple[Finding, str]] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def code(self, threshold: Severity) -> Code:
        """Return the exit code: differences from *threshold* up count, what is unclear always."""
        if not self.comparison.compared:
            return Code.NOT_COMPARED
        heavy = any(counts(one.severity, threshold) for one in self.findings)
        return Code.DIFFERS if heavy else Code.AGREES

    @property
    def counted(self) -> Mapping[Severity, int]:
        """How many findings there are of each class."""
        found = Counter(one.severity for one in self.findings)
        return {severity: found[severity] for severity in ORDER}


def drift(
    spec: str, *, fake: Any, known: Sequence[Known] = KNOWN, partial: bool = False
) -> Outcome:
    """Compare the document at the file or address *spec* with *fake*, the fake's own.

    Known differences are those from what Port publishes as "Port API": they apply to no other
    document, and not to one that the fake itself has printed. What a *partial* document leaves
    out does not count.
    """
    loaded = load(spec)
    if loaded.raw is None and loaded.findings:
        return Outcome(source=spec, comparison=Comparison(), findings=loaded.findings)
    comparison = compared(fake, loaded.raw)
    reasons = dict(_reasons(known)) if _is_ports(loaded.raw, fake) else {}
    findings, set_apart = [*loaded.findings], []
    for one in comparison.findings:
        if (reason := reasons.get(key_of(one))) is None:
            findings.append(one)
        else:
            set_apart.append((one, reason))
    absent = [one.operation for one in findings if partial and _absent(one)]
    findings = [one for one in findings if not (partial and _absent(one))]
    if comparison.compared:
        findings += _gone(reasons, set_apart, comparison)
    return Outcome(
        source=spec,
        comparison=comparison,
        findings=sorted(findings, key=lambda one: ORDER.index(one.severity)),
        known=set_apart,
        absent=absent,
    )


def _absent(finding: Finding) -> bool:
    return finding.aspect is Aspect.OPERATION and finding.change is Change.GONE


def _is_ports(published: Any, fake: Any) -> bool:
    title = _title(published)
    return isinstance(title, str) and title.startswith(PORTS) and title != _title(fake)


def _title(document: Any) -> Any:
    info = document.get("info") if isinstance(document, dict) else None
    return info.get("title") if isinstance(info, dict) else None


def _reasons(known: Sequence[Known]) -> Iterator[tuple[Any, str]]:
    for one in known:
        yield from ((key, one.reason) for key in one.identities())


GONE: Final = "this known difference is gone; take it off the list, the fake agrees with Port here"


def _gone(
    reasons: Mapping[Any, str], met: list[tuple[Finding, str]], comparison: Comparison
) -> Iterator[Finding]:
    """Yield the known differences of operations that were compared and show them no more."""
    seen = {key_of(one) for one, _ in met}
    for key in reasons.keys() - seen:
        operation, place, aspect, change = key
        if operation in comparison.compared:
            yield Finding(
                aspect=Aspect.KNOWN,
                change=Change.UNREAD,
                operation=operation,
                place=place,
                label=aspect.value,
                note=f"{GONE} ({aspect.value} {change.value})",
            )
