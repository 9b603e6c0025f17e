"""What a fault may be: its options, checked against each other and against what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from math import inf, isfinite
from typing import Any, Final

from port_fake.errors import MisuseError
from port_fake.http.fault_plans import Aim, Effect, FaultPlan
from port_fake.surface.operation import Operation
from port_fake.world.world import World

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
DROPS: Final = ("before", "after")
BODIES: Final = ("truncated", "malformed")
STATUSES: Final = range(400, 600)
LONGEST_S: Final = 86_400 * 366
"""Of what is told in seconds: more is a mistake, or overflows somebody's clock."""

TARGETS: Final = tuple(one.name for one in fields(Aim))
EFFECTS: Final = tuple(one.name for one in fields(Effect))
LIMITS: Final = ("times", "probability")
OPTIONS: Final = (*TARGETS, *EFFECTS, *LIMITS)

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "message": ("status",),
    "retry_after_s": ("status",),
    "on_clock": ("latency_s",),
}
"""What means nothing alone."""

RIVALS: Final = (
    ("status", "drop"),
    ("status", "stale"),
    ("drop", "body"),
    ("drop", "stale"),
    ("body", "stale"),
)
"""Effects that cannot both happen to one request."""


def checked(
    options: Mapping[str, Any], *, world: World, operations: Iterable[Operation]
) -> FaultPlan:
    """Return what *options* ask for; those that are None or False are as good as not given.

    Raises:
        MisuseError: An option is unknown, is no such value, or contradicts another one.
    """
    for unknown in [name for name in options if name not in OPTIONS]:
        raise MisuseError(f"a fault has no option {unknown!r}; there are: {', '.join(OPTIONS)}")
    given = {key: one for key, one in options.items() if one is not None and one is not False}
    effect = _effect(given)
    aim = _aim(given, world, {one.name: one for one in operations}, stale=effect.stale)
    return FaultPlan(
        aim=aim,
        effect=effect,
        times=_times(options.get("times", 1)),
        probability=float(_number("probability", options.get("probability", 1.0), 1)),
    )


def _effect(given: Mapping[str, Any]) -> Effect:
    found = {name: given[name] for name in EFFECTS if name in given}
    if not found.keys() - NEEDS.keys():
        lonely = next(iter(found), None)
        if lonely is not None:
            raise MisuseError(f"{lonely} means nothing without {_either(NEEDS[lonely])}")
        raise MisuseError(f"a fault needs an effect, one or more of: {', '.join(EFFECTS)}")
    for name, needed in NEEDS.items():
        if name in found and not found.keys() & {*needed}:
            raise MisuseError(f"{name} means nothing without {_either(needed)}")
    for one, other in RIVALS:
        if one in found and other in found:
            raise MisuseError(f"{one} and {other} contradict each other: set two faults")
    return Effect(**{name: CHECKS[name](value) for name, value in found.items()})


def _aim(
    given: Mapping[str, Any], world: World, known: Mapping[str, Operation], *, stale: bool
) -> Aim:
    operation = given.get("operation")
    if operation is not None and (not isinstance(operation, str) or operation not in known):
        raise MisuseError(f"no operation {operation!r}; there are: {', '.join(known)}")
    method = _method(given.get("method"))
    if operation is not None and method not in {None, known[operation].method}:
        raise MisuseError(f"{operation} is a {known[operation].method}: it is never a {method}")
    reads = known[operation].method if operation is not None else method
    if stale and reads not in {None, "GET"}:
        raise MisuseError(f"only what a GET answers can be stale, and {operation or method} is not")
    return Aim(
        operation=operation,
        method=method,
        path=_path(given.get("path")),
        as_user=_user(given.get("as_user"), world),
    )


def _method(given: Any) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or given.upper() not in METHODS:
        raise MisuseError(f"no method {given!r}; there are: {', '.join(METHODS)}")
    return given.upper()


def _path(given: Any) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or given[:1] not in {"/", "*"} or "?" in given:
        raise MisuseError(
            f"a path begins with / or *, where * stands for anything, and has no query; "
            f"given: {given!r}"
        )
    return given


def _user(given: Any, world: World) -> str | None:
    if given is None:
        return None
    with world.lock:
        users = world.people.users
        if isinstance(given, str) and given in users:
            return users[given].email
        there = ", ".join(one.email for one in users) or "none: add_user(...) adds one"
    raise MisuseError(f"no user {given!r}; there are: {there}")


def _times(given: Any) -> int | None:
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and given > 0):
        return given
    raise MisuseError(f"times is a whole number from 1, or None for always; given: {given!r}")


def _status(given: Any) -> int:
    if not isinstance(given, int) or given not in STATUSES:
        raise MisuseError(f"status is an error, {_span(STATUSES)}; given: {given!r}")
    return given


def _message(given: Any) -> str:
    if not isinstance(given, str):
        raise MisuseError(f"message is a text; given: {given!r}")
    return given


def _latency(given: Any) -> float:
    if _number("latency_s", given, LONGEST_S) == 0:
        raise MisuseError("latency_s is more than 0: a fault of 0 seconds is none")
    return float(given)


def _retry_after(given: Any) -> float:
    return float(_number("retry_after_s", given, LONGEST_S))


def _flag(given: Any) -> bool:
    if given is not True:
        raise MisuseError(f"on_clock and stale are True or False; given: {given!r}")
    return given


def _drop(given: Any) -> str:
    return _one_of("drop", given, DROPS)


def _body(given: Any) -> str:
    return _one_of("body", given, BODIES)


def _one_of(name: str, given: Any, known: tuple[str, ...]) -> str:
    if not isinstance(given, str) or given not in known:
        raise MisuseError(f"{name} is {_either(tuple(map(repr, known)))}; given: {given!r}")
    return given


def _number(name: str, given: Any, most: float = inf) -> float:
    right = isinstance(given, (int, float)) and not isinstance(given, bool) and isfinite(given)
    if not right or not 0 <= given <= most:
        raise MisuseError(f"{name} is a number from 0 to {most}; given: {given!r}")
    number: float = given
    return number


def _either(words: tuple[str, ...]) -> str:
    return " or ".join(words)


def _span(span: range) -> str:
    return f"{span.start} to {span.stop - 1}"


CHECKS: Final[Mapping[str, Any]] = {
    "status": _status,
    "message": _message,
    "retry_after_s": _retry_after,
    "latency_s": _latency,
    "on_clock": _flag,
    "drop": _drop,
    "body": _body,
    "stale": _flag,
}
