"""JSON values and templates, as Hypothesis draws them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

KEYS = st.sampled_from(["a", "b", "a-b", "x y", "é", "inputs", 'q"q', ""])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: abs(number) < 1e300)
    | st.text()
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda child: st.lists(child, max_size=4) | st.dictionaries(KEYS, child, max_size=4)
)
CONTEXTS: st.SearchStrategy[Any] = st.recursive(
    SCALARS | st.floats() | st.text(st.characters(categories=["Cs", "Ll"])),
    lambda child: st.lists(child, max_size=4) | st.dictionaries(KEYS, child, max_size=4),
)
PIECES = st.sampled_from(
    ["{{", "}}", "{", "}", "'", '"', "\\", "\\(", "(", ")", " ", ".a", "x", "é", "\n", "#", "|"]
)
EXPRESSIONS = st.sampled_from(
    [
        ".a",
        ".",
        ".b[0]?",
        '.["a-b"]',
        "keys",
        ".a | tostring",
        "[.[]?]",
        ". == 'a'",
        "{a: {b: .a}}",
        "spreadValue()",
        "error(.a)",
        "empty",
        ".a +",
        '"\\(.a)"',
    ]
)
TEXTS = st.lists(PIECES | EXPRESSIONS.map("{{{{ {} }}}}".format), max_size=8).map("".join)
TEMPLATES: st.SearchStrategy[Any] = st.recursive(
    SCALARS | TEXTS | EXPRESSIONS.map("{{{{{}}}}}".format),
    lambda child: st.lists(child, max_size=4) | st.dictionaries(KEYS | TEXTS, child, max_size=4),
)


def spelled(steps: list[str | int], optional: list[bool]) -> str:
    """Return the path of *steps*, each in the way its key asks for."""
    path = ""
    for step, forgiving in zip(steps, optional, strict=True):
        if isinstance(step, int):
            path = f"{path or '.'}[{step}]"
        elif step.isidentifier() and step.isascii():
            path += f".{step}"
        else:
            quoted = step.replace('"', '\\"')
            path += f'."{quoted}"'
        path += "?" if forgiving else ""
    return path or "."
