"""Fields of a run that are lost, renamed or of another kind."""

from __future__ import annotations

from typing import Any, Final

from contracts.mutants.rows import (
    APPROVERS,
    EXECUTE,
    LIST,
    READ,
    RULE,
    RUN,
    RUNS,
    UPDATE,
    Document,
    of_all,
    of_runs,
    put,
    renamed,
    said,
    sent,
    turned,
    without,
)

OPEN: Final = {"IN_PROGRESS", "WAITING_FOR_APPROVAL"}


def _open_has_null_end(run: Document) -> None:
    if run.get("status") in OPEN:
        run["endedAt"] = None


def _open_has_no_end(run: Document) -> None:
    if run.get("endedAt", "") is None:
        del run["endedAt"]


def _without_title(run: Document) -> None:
    if isinstance(run.get("action"), dict):
        run["action"].pop("title", None)


def _same_hand(run: Document) -> None:
    run["updatedBy"] = run.get("createdBy")


def _mute(run: Document) -> None:
    if isinstance(run.get("approval"), dict):
        run["approval"].pop("description", None)


def _texts(properties: Any) -> Any:
    return {
        key: str(value) if isinstance(value, (int, float)) else value
        for key, value in properties.items()
    }


def _no_blueprint_is_null(run: Document) -> None:
    run.setdefault("blueprint", None)


def _finished_forgets_label(run: Document) -> None:
    if run.get("status") not in OPEN:
        run.pop("statusLabel", None)


def _first(link: Any) -> Any:
    return link[0] if isinstance(link, list) and len(link) > 1 else link


FIELDS: Final = (
    said(
        "fields.list-without-properties",
        "lists runs with empty properties",
        LIST,
        change=of_runs(put("properties", {})),
    ),
    said(
        "fields.no-raw-properties",
        "loses rawProperties in v2",
        *RUNS,
        version="v2",
        change=of_runs(without("rawProperties")),
    ),
    said(
        "fields.numbers-are-text",
        "answers number inputs as text",
        *RUNS,
        change=of_runs(turned("properties", _texts)),
    ),
    said(
        "fields.action-without-title",
        "loses the title of the action in v2",
        *RUNS,
        change=of_runs(_without_title),
    ),
    said(
        "fields.links",
        "calls link links when a run is read",
        READ,
        change=of_runs(renamed("link", "links")),
    ),
    said(
        "fields.first-link-only",
        "shows one link of several",
        READ,
        LIST,
        change=of_runs(turned("link", _first)),
    ),
    said(
        "fields.status-is-state",
        "calls status state in lists of v1",
        LIST,
        version="v1",
        change=of_runs(renamed("status", "state")),
    ),
    said("fields.no-maker", "loses createdBy in lists", LIST, change=of_runs(without("createdBy"))),
    said(
        "fields.same-hand",
        "says that the maker did every update",
        *RUNS,
        change=of_runs(_same_hand),
    ),
    said(
        "fields.null-end-in-v2",
        "says endedAt: null of open runs in v2",
        READ,
        version="v2",
        change=of_runs(_open_has_null_end),
    ),
    said(
        "fields.no-end-in-v1",
        "leaves endedAt out of open runs in v1",
        READ,
        version="v1",
        change=of_runs(_open_has_no_end),
    ),
    said(
        "fields.api-in-lower-case",
        "writes the source in lower case",
        *RUNS,
        change=of_runs(turned("source", lambda word: str(word).lower())),
    ),
    said(
        "fields.policy-is-true",
        "says requiredApproval: true whatever the policy",
        *RUN,
        change=of_runs(turned("requiredApproval", bool)),
    ),
    said(
        "fields.no-policy",
        "leaves requiredApproval out where none is",
        *RUNS,
        version="v2",
        change=of_runs(
            lambda run: None if run.get("requiredApproval") else run.pop("requiredApproval", None)
        ),
    ),
    said(
        "fields.no-entity",
        "loses the entity of a run in v2",
        READ,
        version="v2",
        change=of_runs(without("entity")),
    ),
    said(
        "fields.null-blueprint",
        "says blueprint: null of runs without one",
        READ,
        version="v2",
        change=of_runs(_no_blueprint_is_null),
    ),
    said("fields.mute-approver", "loses what the approver said", READ, change=of_runs(_mute)),
    said(
        "fields.no-links-is-null",
        "says link: null of runs without links",
        READ,
        version="v2",
        change=of_runs(turned("link", lambda link: link or None)),
    ),
    said(
        "fields.finished-without-label",
        "loses the label of runs that end",
        READ,
        UPDATE,
        change=of_runs(_finished_forgets_label),
    ),
    said(
        "fields.execute-without-inputs",
        "answers execute with empty properties",
        EXECUTE,
        change=of_runs(put("properties", {})),
    ),
    said(
        "fields.ruling-of-other",
        "answers a ruling with another id",
        RULE,
        change=of_runs(turned("id", lambda id_: f"{id_}x")),
    ),
    said(
        "fields.approvers-are-text",
        "lists approvers by their id alone",
        APPROVERS,
        change=turned("approvers", lambda found: [one["userId"] for one in found]),
    ),
    said(
        "fields.approvers-without-state",
        "loses the state of approvers",
        APPROVERS,
        change=of_all("approvers", change=without("state")),
    ),
    sent(
        "fields.summary-is-cut",
        "cuts summaries after 255 characters",
        UPDATE,
        body=turned("summary", lambda text: text[:255] if isinstance(text, str) else text),
    ),
    sent(
        "fields.summary-is-trimmed",
        "trims summaries",
        UPDATE,
        body=turned("summary", lambda text: text.strip() if isinstance(text, str) else text),
    ),
    sent(
        "fields.message-is-lost",
        "forgets the message of an update",
        UPDATE,
        body=without("message"),
    ),
)
