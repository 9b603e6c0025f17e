"""A night as a file: what is passed from the step that judges to the step that tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from port_fake.contracts.nightly.issue import VALUE, Told
from port_fake.contracts.nightly.markdown import as_markdown
from port_fake.contracts.nightly.parts import Night, Part, Standing, Word, amounts_to

FORMAT: Final = 1
"""Counted up when a reader of the old form would go wrong."""


class UnknownRecordError(ValueError):
    """A file that holds no night."""


def as_json(night: Night) -> dict[str, Any]:
    """Return the night as a JSON value."""
    return {
        "format": FORMAT,
        "verdict": str(night.word),
        "link": night.link,
        "parts": {
            str(part): {
                "standing": str(one.standing),
                "summary": one.summary,
                "fingerprint": one.mark,
                "findings": [
                    {"kind": each.kind, "place": each.place, "text": each.text}
                    for each in one.findings
                ],
                "faults": [
                    {"kind": each.kind, "place": each.place, "text": each.text}
                    for each in one.faults
                ],
            }
            for part, one in night.endings.items()
        },
        "markdown": as_markdown(night),
    }


def from_json(record: Any) -> Told:
    """Read what `as_json` wrote.

    Raises:
        UnknownRecordError: It did not write this, or somebody changed it.
    """
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise UnknownRecordError(f"it is no verdict of format {FORMAT}")
    try:
        parts: Mapping[str, Any] = record["parts"]
        standings = {part: Standing(parts[part]["standing"]) for part in Part}
        told = Told(
            word=Word(record["verdict"]),
            standings=standings,
            marks={part: parts[part]["fingerprint"] for part in Part},
            markdown=record["markdown"],
            link=record["link"],
        )
    except (KeyError, TypeError, ValueError):
        raise UnknownRecordError("something is missing from it, or of another kind") from None
    texts = (told.markdown, told.link, *told.marks.values())
    if not all(isinstance(one, str) for one in texts):
        raise UnknownRecordError("a text in it is none")
    if not all(VALUE.fullmatch(one) for one in told.marks.values()):
        raise UnknownRecordError("a fingerprint in it is none")
    if told.word is not amounts_to(standings.values()):
        raise UnknownRecordError("its verdict is not what its parts amount to")
    return told
