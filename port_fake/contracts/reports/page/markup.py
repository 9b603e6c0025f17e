"""HTML in which nothing is markup unless it was made here."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from port_fake.contracts.reports.words import visible

VOID: Final = frozenset({"input", "meta", "wbr"})
SAFE: Final = re.compile(r"[^A-Za-z0-9_.-]")


class Markup(str):
    """A text that is HTML already."""

    __slots__ = ()


def element(name: str, /, *children: str, **attributes: str | bool | None) -> Markup:
    """Return an element; children that are no `Markup` are text, and are escaped.

    In names of attributes ``_`` stands for ``-``, and one at the end for nothing (``class_``). An
    attribute that is None or False is left out; one that is True has no value.
    """
    opened = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in VOID:
        return Markup(f"<{name}{opened}>")
    return Markup(f"<{name}{opened}>{joined(*children)}</{name}>")


def joined(*children: str) -> Markup:
    """Return *children* one after the other; what is no `Markup` is escaped."""
    return Markup("".join(one if isinstance(one, Markup) else text(one) for one in children))


def text(value: str) -> Markup:
    """Return *value* as it is read: escaped, and without anything that is not seen."""
    return Markup(escape(visible(value, keep="\n\t"), quote=False))


def dotted(name: str) -> Markup:
    """Return a name that may be broken after its dots."""
    return Markup("<wbr>".join(text(part) for part in re.split(r"(?<=\.)", name)))


def anchor(name: str) -> str:
    """Return an id for *name*: stable, of no other name, fit for an address."""
    return "q-" + SAFE.sub(lambda found: f"~{ord(found[0]):x}~", name)


def _attribute(key: str, value: str | bool | None, /) -> str:  # noqa: FBT001 - as in HTML
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    return f' {name}="{escape(visible(value), quote=True)}"'
