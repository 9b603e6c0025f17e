"""A rendered invocation method with what Port fills in, but for the message of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import to_json

CALLED: Final = frozenset({"WEBHOOK", "SLACK", "JENKINS"})
"""Types that carry a URL, a method, headers and a body."""


def complete(rendered: Mapping[str, Any]) -> dict[str, Any]:
    """Return *rendered* with defaults, and switches and headers in their own types.

    Source: docs, webhook: POST by default; OpenAPI 1.0, a run's payload, for the types.
    """
    method = dict(rendered)
    for switch in ("agent", "synchronized"):
        if switch in method or method.get("type") == "WEBHOOK":
            method[switch] = method.get(switch) in {True, "true"}
    if method.get("type") in CALLED:
        method["method"] = str(method.get("method") or "POST").upper()
        method["headers"] = {
            str(name): value if isinstance(value, str) else to_json(value).decode()
            for name, value in (method.get("headers") or {}).items()
        }
    for key in ("body", "payload"):
        if key in method and method[key] is None:
            del method[key]
    return method


def has_expressions(template: Any) -> bool:
    """Whether any string or key of *template* may hold an expression."""
    if isinstance(template, str):
        return "{{" in template
    if isinstance(template, Mapping):
        return any(has_expressions(one) for pair in template.items() for one in pair)
    return isinstance(template, list) and any(has_expressions(one) for one in template)
