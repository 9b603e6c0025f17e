"""Faults in one line of text: ``GET /v1/actions/runs status=503 times=2``.

Words come first that say which requests: a method, a path (``*`` stands for anything), or an
``operationId``. Then come options, each as ``name=value``; ``stale`` and ``on_clock`` stand alone,
``times=always`` has no end, and quotes hold words together: ``message="come back later"``.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import Any, Final

from port_fake.errors import MisuseError
from port_fake.http.fault_options import METHODS, OPTIONS

ALWAYS: Final = "always"
FLAGS: Final = frozenset({"stale", "on_clock"})

KINDS: Final[Mapping[str, tuple[Callable[[str], Any], str]]] = {
    "status": (int, "a whole number"),
    "times": (lambda text: None if text == ALWAYS else int(text), f"a whole number or {ALWAYS}"),
    "probability": (float, "a number"),
    "latency_s": (float, "a number"),
    "retry_after_s": (float, "a number"),
}
"""How a value is read that is not a text, and what it must be."""


def read(line: str) -> dict[str, Any]:
    """Return the options that a line names, for `Faults.add`.

    Raises:
        MisuseError: The line has another form; the text shows it and says what is wrong.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise MisuseError(f"the fault {line!r} cannot be read: {error}") from None
    options: dict[str, Any] = {}
    for word in words:
        name, value = _option(word, line)
        if name in options:
            raise MisuseError(f"the fault {line!r} says twice what its {name} is")
        options[name] = value
    return options


def _option(word: str, line: str) -> tuple[str, Any]:
    name, equals, text = word.partition("=")
    if not equals or name[:1] in {"/", "*"}:
        return _bare(word)
    if name in FLAGS or name not in OPTIONS:
        known = ", ".join(one for one in OPTIONS if one not in FLAGS)
        alone = " and ".join(sorted(FLAGS))
        raise MisuseError(
            f"the fault {line!r} has {word!r}, and options are: {known}; {alone} stand alone"
        )
    convert, kind = KINDS.get(name, (str, "a text"))
    try:
        return name, convert(text)
    except ValueError:
        raise MisuseError(f"the fault {line!r}: {name} is {kind}, not {text!r}") from None


def _bare(word: str) -> tuple[str, Any]:
    if word in FLAGS:
        return word, True
    if word[:1] in {"/", "*"}:
        return "path", word
    return ("method" if word.upper() in METHODS else "operation"), word
