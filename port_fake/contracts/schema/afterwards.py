"""What must be seen afterwards, once a request has been accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.schema.checks import Deed
from port_fake.contracts.schema.complaints import cut
from port_fake.contracts.schema.keeping import KEPT, RUN, SHOWN_AS_SENT, Kept

NOT_FOUND: Final = 404
FINISHED: Final = frozenset({"SUCCESS", "FAILURE", "DECLINED"})

UNREADABLE: Final = frozenset({"", ".", ".."})
"""Names that may be given, and cannot be part of a path."""


GONE: Final[Mapping[str, str]] = {
    "delete-action": "get-action",
    "delete-blueprint": "get-blueprint",
    "delete-entity": "get-entity",
    "delete-team": "get-team",
    "delete-user": "get-user",
    "delete-organization-secret": "get-organization-secret",
    "delete-blueprint-action": "get-blueprint-action",
}
"""What takes something away, and what must not find it any more."""


def kept(port: Organisation, deed: Deed) -> None:
    """What was accepted is read as it was answered, shows what was sent, and is listed.

    Raises:
        AnswerError: It is not.
    """
    where = KEPT.get(deed.operation)
    if where is None or deed.query.get("validation_only") not in {None, "false", False}:
        return
    answered = deed.reply.object(where.key)
    shows(deed, answered)
    name = answered.get(where.field)
    if not isinstance(name, str):
        raise AnswerError(f"{where.field!r} must be a text, and is {name!r}")
    if name in UNREADABLE:
        return
    path = {**_of(where.read, deed.path), where.parameter: name}
    query = {"version": deed.version} if where is RUN else None
    found = _read(port, where.read, path=path, query=query).object(where.key)
    differing = sorted(
        key for key in answered if key in found and found[key] != answered[key] and key != "status"
    )
    if differing:
        key = differing[0]
        raise AnswerError(
            f"{where.read} shows {key!r} as {_shown(found[key])}, not as the answer did: "
            f"{_shown(answered[key])}"
        )
    if where.listed is not None:
        _listed(port, where, name, path=path)


def shows(deed: Deed, answered: Mapping[str, Any]) -> None:
    """An answer shows what was sent.

    Raises:
        AnswerError: It does not.
    """
    body = deed.body if isinstance(deed.body, dict) else {}
    for key in SHOWN_AS_SENT.get(deed.operation, ()):
        sent = body.get(key)
        if sent is not None and answered.get(key) != sent:
            got = _shown(answered.get(key))
            raise AnswerError(f"{key!r} was sent as {_shown(sent)} and is shown as {got}")


def gone(port: Organisation, deed: Deed) -> None:
    """What was deleted is not found any more.

    Raises:
        AnswerError: It is.
    """
    reader = GONE.get(deed.operation)
    if reader is not None:
        port.ask(reader, path=_of(reader, deed.path)).refused(NOT_FOUND)


def executed(port: Organisation, deed: Deed) -> None:
    """A run that was made can be read, with what it was made of, and is listed.

    Raises:
        AnswerError: It cannot.
    """
    made = deed.reply.object("run")
    path = {"run_id": str(made.get("id"))}
    found = _read(port, RUN.read, path=path, query={"version": "v2"}).object("run")
    for key in ("id", "action", "properties", "source", "createdAt"):
        if found.get(key) != made.get(key):
            raise AnswerError(f"the run is read with another {key!r}: {_shown(found.get(key))}")
    sent = deed.body.get("properties") if isinstance(deed.body, dict) else None
    if isinstance(sent, dict) and not sent.items() <= found["properties"].items():
        raise AnswerError(f"the run is read with other inputs: {_shown(found['properties'])}")
    query = {"version": "v2", "action": deed.path["action_identifier"], "limit": 1000}
    listed = _read(port, "get-all-action-runs", query=query).objects("runs")
    if made.get("id") not in [run.get("id") for run in listed]:
        raise AnswerError("the run is not in the list of its action's runs")


def finished(port: Organisation, deed: Deed) -> None:
    """A run that is finished stays as it is.

    Source: client, github-action: its integration test is refused with 422.

    Raises:
        AnswerError: It does not.
    """
    run = deed.reply.object("run")
    status = run.get("status")
    if status not in FINISHED:
        return
    path = {"run_id": deed.path["run_id"]}
    other = "FAILURE" if status == "SUCCESS" else "SUCCESS"
    port.ask("update-action-run", path=path, body={"status": other}).refused(422)
    found = _read(port, RUN.read, path=path, query={"version": "v2"}).object("run")
    if found.get("status") != status:
        raise AnswerError(f"the run was {status}, and is {found.get('status')} after a refusal")


def logged(port: Organisation, deed: Deed) -> None:
    """A line that was written is in the log, as it was sent, and lines are in their order.

    Raises:
        AnswerError: It is not.
    """
    line = deed.reply.object("runLog")
    path = {"run_id": deed.path["run_id"]}
    # A log that is longer than a page was not begun here, or by very many requests.
    lines = _read(port, "get-action-s-run-logs", path=path, query={"limit": 50}).objects("runLogs")
    if line.get("id") not in [one.get("id") for one in lines]:
        raise AnswerError("the line is not in the log")
    if isinstance(deed.body, dict) and line.get("message") != deed.body.get("message"):
        raise AnswerError(f"the line is shown as {_shown(line.get('message'))}")
    times = [str(one.get("createdAt")) for one in lines]
    if times != sorted(times):
        raise AnswerError("the lines of the log are not in the order of their time")


def counted(port: Organisation, deed: Deed) -> None:
    """No entity is left after all were deleted.

    Raises:
        AnswerError: There is one.
    """
    if deed.query.get("delete_blueprint") in {None, "false", False}:
        left = _read(port, "count-entities", path=dict(deed.path))["count"]
        if left != 0:
            raise AnswerError(f"{left!r} entities are left")


def named(port: Organisation, deed: Deed) -> None:
    """An organisation has the name that it was given.

    Raises:
        AnswerError: It has another.
    """
    sent = deed.body.get("name") if isinstance(deed.body, dict) else None
    found = _read(port, "get-organization").object("organization").get("name")
    if sent is not None and found != sent:
        raise AnswerError(f"the name was sent as {_shown(sent)} and is {_shown(found)}")


def invited(port: Organisation, deed: Deed) -> None:
    """Whoever was invited is a user.

    Raises:
        AnswerError: Is not.
    """
    if isinstance(deed.body, dict) and isinstance(deed.body.get("invitee"), dict):
        email = str(deed.body["invitee"].get("email"))
        found = _read(port, "get-user", path={"user_email": email}).object("user")
        if str(found.get("email")).casefold() != email.casefold():
            raise AnswerError(f"get-user shows another user: {_shown(found.get('email'))}")


def permitted(port: Organisation, deed: Deed) -> None:
    """Permissions that were changed are read as they were answered.

    Raises:
        AnswerError: They are not.
    """
    found = _read(port, "get-action-permissions", path=dict(deed.path)).object("permissions")
    if found != deed.reply.object("permissions"):
        raise AnswerError(f"get-action-permissions shows others: {_shown(found)}")


Seen: TypeAlias = Callable[[Organisation, Deed], None]

AFTERWARDS: Final[Mapping[str, Mapping[str, Seen]]] = {
    **{name: {"kept": kept} for name in KEPT},
    **{name: {"gone": gone} for name in GONE},
    "update-action-run": {"kept": kept, "finished_runs_stay": finished},
    "execute-self-service-action": {"created_run_is_readable": executed},
    "add-log-action-run": {"log": logged},
    "delete-all-entities": {"gone": counted},
    "replace-organization": {"kept": named},
    "change-organization": {"kept": named},
    "invite-user": {"kept": invited},
    "update-action-permissions": {"kept": permitted},
}
"""By operation and by the name under which they complain."""


def _of(operation: str, path: Mapping[str, str]) -> dict[str, str]:
    """Return what the path of *operation* names; the same thing goes by several names."""
    from_path = dict(path)
    if operation == "get-entities" and "identifier" in path:
        from_path["blueprint_identifier"] = path["identifier"]
    return from_path


def _listed(port: Organisation, where: Kept, name: str, *, path: Mapping[str, str]) -> None:
    if where.listed is None:
        return
    operation, key = where.listed
    names = [one.get(where.field) for one in _read(port, operation, path=path).objects(key)]
    if name not in names:
        raise AnswerError(f"{operation} does not list it")


def _read(port: Organisation, operation: str, **asked: Any) -> Reply:
    return port.get(operation, **asked)


def _shown(value: Any) -> str:
    return cut(repr(value), 100)
