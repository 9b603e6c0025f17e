"""What a difference weighs for somebody who tests against the fake and runs against Port.

breaking
    What works against the fake may fail against Port: a request that the fake takes may be
    refused, or an answer may lack, or add, what a test on the fake cannot have prepared for.
additive
    Port takes or promises more than the fake. What is tested works; what is new cannot be tested.
cosmetic
    The same requests and answers, in other words.
unclear
    What the comparison cannot vouch for: a piece that it does not understand or cannot read, or
    a known difference that is gone. Never passed over, whatever the threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Severity(StrEnum):
    """The classes of differences, the heaviest first."""

    UNCLEAR = "unclear"
    BREAKING = "breaking"
    ADDITIVE = "additive"
    COSMETIC = "cosmetic"


class Side(StrEnum):
    """Which way something travels: what is tolerable in a request is not in an answer."""

    REQUEST = "request"
    ANSWER = "answer"


class Change(StrEnum):
    """How the published document differs from the fake's."""

    GONE = "gone"
    NEW = "new"
    NARROWER = "narrower"
    WIDER = "wider"
    CHANGED = "changed"
    SPELLING = "spelling"
    UNREAD = "unread"


class Aspect(StrEnum):
    """What differs."""

    DOCUMENT = "document"
    KNOWN = "known difference"
    OPERATION = "operation"
    PATH = "path"
    DEPRECATION = "deprecation"
    SECURITY = "security"
    PARAMETER = "parameter"
    STYLE = "style"
    REQUIRED = "required"
    BODY = "body"
    MEDIA_TYPE = "media type"
    STATUS = "status"
    HEADER = "header"
    TYPE = "type"
    ENUM = "enum"
    FORMAT = "format"
    PATTERN = "pattern"
    BOUND = "bound"
    CLOSEDNESS = "closedness"
    PROPERTY = "property"
    DEFAULT = "default"
    ALTERNATIVE = "alternative"
    CONDITION = "condition"
    ANNOTATION = "annotation"
    KEYWORD = "keyword"


WEIGHT: Final[Mapping[Change, Mapping[Side, Severity]]] = {
    Change.GONE: {Side.REQUEST: Severity.BREAKING, Side.ANSWER: Severity.BREAKING},
    Change.NEW: {Side.REQUEST: Severity.ADDITIVE, Side.ANSWER: Severity.ADDITIVE},
    Change.NARROWER: {Side.REQUEST: Severity.BREAKING, Side.ANSWER: Severity.ADDITIVE},
    Change.WIDER: {Side.REQUEST: Severity.ADDITIVE, Side.ANSWER: Severity.BREAKING},
    Change.CHANGED: {Side.REQUEST: Severity.BREAKING, Side.ANSWER: Severity.BREAKING},
    Change.SPELLING: {Side.REQUEST: Severity.COSMETIC, Side.ANSWER: Severity.COSMETIC},
    Change.UNREAD: {Side.REQUEST: Severity.UNCLEAR, Side.ANSWER: Severity.UNCLEAR},
}
"""Narrower requests are refused, wider answers surprise; the other way round nobody is hurt."""

ORDER: Final = tuple(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One difference.

    *operation* is empty where the whole document is meant, *place* says where inside. *label*
    names the keyword or thing, *fake* and *published* what each side says of it; None where a
    side says nothing. *note* says what the rest cannot, *line* is that of the published document.
    """

    aspect: Aspect
    change: Change
    side: Side = Side.REQUEST
    operation: str = ""
    place: str = ""
    label: str = ""
    fake: Any = None
    published: Any = None
    note: str = ""
    line: int | None = None

    @property
    def severity(self) -> Severity:
        """What the difference weighs."""
        return WEIGHT[self.change][self.side]


def unclear(place: str, reason: str, *, line: int | None = None) -> Finding:
    """Return the finding that something in the published document cannot be vouched for."""
    return Finding(
        aspect=Aspect.DOCUMENT, change=Change.UNREAD, place=place, note=reason, line=line
    )


def counts(severity: Severity, threshold: Severity) -> bool:
    """Say whether *severity* is at least as heavy as *threshold*."""
    return ORDER.index(severity) <= ORDER.index(threshold)
