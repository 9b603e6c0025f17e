"""Parts of an answer, each read with the suspicion that it may be anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from port_fake.contracts.replies import AnswerError, Reply

MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
"""Source: docs: times are ISO 8601, UTC, with milliseconds and ``Z``."""

STAMPS: Final = frozenset({"createdAt", "createdBy", "updatedAt", "updatedBy"})


def whole(reply: Reply, *keys: str) -> Reply:
    """Return the answer, if its body holds ``ok: true``, these keys and no others.

    Raises:
        AnswerError: It does not.
    """
    if reply["ok"] is not True:
        raise AnswerError(f"{reply.told}, and 'ok' must be true")
    wanted, found = {"ok", *keys}, set(reply.json)
    if found != wanted:
        raise AnswerError(f"{reply.told}, and its keys must be {sorted(wanted)}")
    return reply


def thing(reply: Reply, key: str) -> dict[str, Any]:
    """Return the one object that an answer holds beside ``ok``.

    Raises:
        AnswerError: It holds something else.
    """
    return whole(reply, key).object(key)


def things(reply: Reply, key: str) -> list[dict[str, Any]]:
    """Return the one list of objects that an answer holds beside ``ok``.

    Raises:
        AnswerError: It holds something else.
    """
    return whole(reply, key).objects(key)


def text(found: Mapping[str, Any], key: str) -> str:
    """Return a text of an object.

    Raises:
        AnswerError: There is none.
    """
    value = found.get(key)
    if not isinstance(value, str) or not value:
        raise AnswerError(f"{key!r} must be a text that is not empty, and is {value!r}")
    return value


def moment(found: Mapping[str, Any], key: str) -> datetime:
    """Return a time of an object.

    Raises:
        AnswerError: There is none, or it is written otherwise.
    """
    value = text(found, key)
    if MOMENT.fullmatch(value) is None:
        raise AnswerError(f"{key!r} must be a time such as 2026-01-05T10:00:00.000Z: {value!r}")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise AnswerError(f"{key!r} is no time that there is: {value!r}") from None


def inner(found: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return an object within an object.

    Raises:
        AnswerError: There is none.
    """
    value = found.get(key)
    if not isinstance(value, dict):
        raise AnswerError(f"{key!r} must be an object, and is {value!r}")
    return value


def said(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an object says of itself: without stamps and ids, and without what is empty.

    A key that is left out and one that is null or empty say the same.
    """
    given = {key: value for key, value in found.items() if key not in STAMPS | {"id"}}
    return {key: value for key, value in given.items() if value not in (None, {}, [])}


def must_be_stamped(found: Mapping[str, Any], *, by: str) -> None:
    """Do nothing if an object was made just now by that actor, and not changed since.

    Raises:
        AnswerError: Its stamps say otherwise.
    """
    who = (found.get("createdBy"), found.get("updatedBy"))
    if who != (by, by):
        raise AnswerError(f"it must be created and updated by {by!r}, and is by {who!r}")
    if moment(found, "createdAt") != moment(found, "updatedAt"):
        raise AnswerError("what was not changed must have been updated when it was created")


def must_be_restamped(after: Mapping[str, Any], before: Mapping[str, Any], *, by: str) -> None:
    """Do nothing if an object was changed by that actor since *before*.

    Raises:
        AnswerError: Its stamps say otherwise.
    """
    for key in ("createdAt", "createdBy"):
        if after.get(key) != before.get(key):
            raise AnswerError(f"{key!r} must not change: {before.get(key)!r}, {after.get(key)!r}")
    if after.get("updatedBy") != by:
        raise AnswerError(f"'updatedBy' must be {by!r}, and is {after.get('updatedBy')!r}")
    if moment(after, "updatedAt") <= moment(before, "updatedAt"):
        raise AnswerError("'updatedAt' must be later than before the change")
