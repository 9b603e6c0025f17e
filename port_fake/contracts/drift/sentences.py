"""Each finding as half a sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from port_fake.contracts.drift.classes import Aspect, Change, Finding, Side

LONG: Final = 160

PRESENCE: Final[Mapping[Aspect, str]] = {
    Aspect.OPERATION: "the operation",
    Aspect.PARAMETER: "the parameter",
    Aspect.BODY: "the body",
    Aspect.MEDIA_TYPE: "the media type",
    Aspect.STATUS: "the status",
    Aspect.HEADER: "the header",
    Aspect.PROPERTY: "the property",
}


def sentence(finding: Finding) -> str:
    """Say what differs; where it does is told beside it."""
    if finding.note:
        return printable(finding.note)
    if finding.aspect in PRESENCE:
        return _presence(finding)
    if finding.aspect is Aspect.REQUIRED:
        return _required(finding)
    label = printable(finding.label or finding.aspect.value)
    if finding.aspect in {Aspect.ENUM, Aspect.ALTERNATIVE} and None in (
        finding.fake,
        finding.published,
    ):
        one_sided = _one_sided(finding)
        if one_sided:
            return f"{label}: {one_sided}"
    return f"{label}: {_shown(finding.fake)} in the fake, {_shown(finding.published)} published"


def _presence(finding: Finding) -> str:
    thing = PRESENCE[finding.aspect]
    if finding.aspect is Aspect.MEDIA_TYPE:
        thing = f"{thing} {printable(finding.label)}"
    if finding.label.startswith("required "):
        thing = thing.replace("the ", "the required ", 1)
    if finding.change is Change.GONE:
        return f"{thing} is in the fake only"
    return f"{thing} is published, the fake has it not"


def _required(finding: Finding) -> str:
    if finding.side is Side.ANSWER:
        here, there = "always answered by the fake", "always answered, as published"
        return (
            f"{here}, optional as published" if finding.fake else f"{there}, optional in the fake"
        )
    if finding.published:
        return "required as published, optional in the fake"
    return "required by the fake, optional as published"


def _one_sided(finding: Finding) -> str:
    narrower = finding.change is Change.NARROWER
    if finding.published is None and finding.fake is not None and narrower:
        return f"the fake only: {_shown(finding.fake)}"
    if finding.fake is None and finding.published is not None and not narrower:
        return f"published only: {_shown(finding.published)}"
    return ""


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, list):
        text = ", ".join(one if isinstance(one, str) else json.dumps(one) for one in value)
    else:
        text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    text = printable(text)
    return text if len(text) <= LONG else f"{text[: LONG - 3]}..."


def printable(text: str) -> str:
    """Return *text* without what would command a terminal instead of being read."""
    return "".join(one if one.isprintable() else "?" for one in text)
