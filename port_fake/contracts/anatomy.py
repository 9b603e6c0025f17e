"""What a run, and a line of its log, must look like in either version."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from port_fake.contracts.replies import AnswerError, Reply

Part: TypeAlias = Callable[[Any], bool]

RUN_ID: Final = re.compile(r"r(un)?_[A-Za-z0-9]{16}")
"""Source: docs and tutorial samples; those of 2022 show the longer prefix too."""

MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")
"""Source: docs: ISO 8601, UTC, milliseconds and ``Z``."""

STATUSES: Final = ("IN_PROGRESS", "SUCCESS", "FAILURE", "WAITING_FOR_APPROVAL", "DECLINED")
"""Source: docs, "Interact with runs"."""

OPEN: Final = ("IN_PROGRESS", "WAITING_FOR_APPROVAL")

LASTING: Final = (
    *("id", "action", "blueprint", "entity", "properties", "rawProperties", "source"),
    *("requiredApproval", "createdAt", "createdBy", "impersonatedBy"),
)
"""What nothing that happens to a run changes."""


def is_moment(value: Any) -> bool:
    """Whether a value is a time as Port writes it."""
    if not isinstance(value, str) or not MOMENT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def moment_of(run: Mapping[str, Any], key: str) -> str:
    """Return a time that must be there; such texts sort as the moments do.

    Raises:
        AnswerError: It is missing, or written otherwise.
    """
    value = run.get(key)
    if not isinstance(value, str) or not is_moment(value):
        raise AnswerError(
            f"{key!r} of {run.get('id')} is {value!r}, and must be like 2026-01-05T10:00:00.000Z"
        )
    return value


def text_of(held: Mapping[str, Any], key: str) -> str:
    """Return a text that must be there.

    Raises:
        AnswerError: It is missing, empty or no text.
    """
    value = held.get(key)
    if not isinstance(value, str) or not value:
        raise AnswerError(f"{key!r} must be a text, and is {value!r} in {held}")
    return value


def named_by(reference: Any) -> Any:
    """Return the identifier that a run's action, blueprint or entity has, in either version."""
    return reference.get("identifier") if isinstance(reference, dict) else reference


def lasting(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a run of v2 stays as it is; whether it was deleted since is left out."""
    kept = {key: run[key] for key in LASTING if key in run}
    for key in ("action", "blueprint", "entity"):
        if key in kept:
            kept[key] = named_by(kept[key])
    return kept


def misshapen(run: Mapping[str, Any], version: str = "v2") -> list[str]:
    """Return what of a run is not as documented, a sentence each.

    Source: OpenAPI 1.0, the run of every run operation, for v2; the tutorial of 2022 for v1.
    """
    parts = V2 if version == "v2" else V1
    return _wrong(run, parts, REQUIRED[version])


def misshapen_line(line: Mapping[str, Any]) -> list[str]:
    """Return what of a log line is not as documented, a sentence each.

    Source: OpenAPI 1.0, POST /v1/actions/runs/{run_id}/logs.
    """
    return _wrong(line, LINE, LINE)


def enveloped(reply: Reply, key: str) -> Any:
    """Return what a success holds under *key*, beside ``ok: true`` and nothing else.

    Source: OpenAPI 1.0, the closed answers of the run operations.

    Raises:
        AnswerError: It is no success, or its envelope is another.
    """
    held = reply[key]
    body = reply.json
    is_alone = body == {"ok": True, key: held} and body["ok"] is True
    if reply.status not in range(200, 300) or not is_alone:
        raise AnswerError(f"{reply.told}, and must be ok: true and {key!r}, and nothing else")
    return held


def _wrong(
    held: Mapping[str, Any], parts: Mapping[str, Part], required: Iterable[str]
) -> list[str]:
    wrong = [f"{name} is missing" for name in required if name not in held]
    return wrong + [
        f"{name} is {held[name]!r}"
        for name, is_right in parts.items()
        if name in held and not is_right(held[name])
    ]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_object_or_none(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def _is_status(value: Any) -> bool:
    return value in STATUSES


def _is_reference(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _is_name(value.get("identifier"))
        and _is_text_or_none(value.get("title"))
        and _is_text_or_none(value.get("icon"))
        and _is_flag(value.get("deleted", False))
    )


def _is_approval(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get("type") in {"ALL", "ANY"} if _is_text(value.get("type")) else False
    return _is_flag(value)


def _is_link(value: Any) -> bool:
    return _is_text(value) or (isinstance(value, list) and all(map(_is_text, value)))


def _is_source(value: Any) -> bool:
    return value in {"UI", "API", "AUTOMATION"} if _is_text(value) else _is_object(value)


def _is_moment_or_none(value: Any) -> bool:
    return value is None or is_moment(value)


SHARED: Final[Mapping[str, Part]] = {
    "id": _is_name,
    "status": _is_status,
    "properties": _is_object,
    "source": _is_source,
    "statusLabel": _is_text_or_none,
    "link": _is_link,
    "summary": _is_text,
    "externalRunId": _is_text,
    "createdBy": _is_name,
    "updatedBy": _is_name,
    "createdAt": is_moment,
    "updatedAt": is_moment,
}

V2: Final[Mapping[str, Part]] = {
    **SHARED,
    "action": _is_reference,
    "blueprint": _is_reference,
    "entity": _is_reference,
    "rawProperties": _is_object,
    "endedAt": is_moment,
    "requiredApproval": _is_approval,
    "approval": _is_object_or_none,
    "payload": _is_object_or_none,
    "response": lambda value: isinstance(value, (str, list, dict)),
    "pendingExecution": _is_flag,
    "claimedUntil": is_moment,
    "installationId": _is_text,
    "impersonatedBy": _is_name,
}

V1: Final[Mapping[str, Part]] = {
    **SHARED,
    "action": _is_name,
    "blueprint": _is_reference,
    "entity": _is_reference,
    "endedAt": _is_moment_or_none,
    "message": _is_object,
    "relatedEntityExists": _is_flag,
    "relatedBlueprintExists": _is_flag,
}

LINE: Final[Mapping[str, Part]] = {
    "id": _is_name,
    "runId": _is_name,
    "message": _is_text,
    "createdBy": _is_name,
    "createdAt": is_moment,
}

REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "v2": (
        *("id", "status", "action", "properties", "requiredApproval", "source"),
        *("createdAt", "createdBy", "updatedAt", "updatedBy"),
    ),
    "v1": (
        *("id", "status", "action", "properties", "source", "endedAt"),
        *("createdAt", "createdBy", "updatedAt", "updatedBy"),
        *("relatedEntityExists", "relatedBlueprintExists"),
    ),
}
"""Stamps are optional in the document, and in every run of the documentation."""
