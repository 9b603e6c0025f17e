"""Shapes put together: all of several, or any of several, in as few words as mean the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from port_fake.contracts.drift import keywords

LIMIT_MEMBERS: Final = 500
UNION: Final = frozenset(("anyOf", "exclusive"))


class Shape(dict[str, Any]):
    """What one schema says, by keyword.

    Values are spelt as `keywords` spells them; ``anyOf`` and ``allOf`` hold shapes, ``exclusive``
    says that a union was written ``oneOf``, ``?`` why a part is not understood, and ``unknown``
    names the keywords that nobody knows.
    """


class Together(tuple[Any, ...]):
    """Schemas as they are written that must all hold in one place."""

    __slots__ = ()


def _together(one: Any, other: Any) -> Any:
    members = [
        node for side in (one, other) for node in (side if isinstance(side, Together) else (side,))
    ]
    alone = [node for i, node in enumerate(members) if node not in members[:i]]
    return alone[0] if len(alone) == 1 else Together(alone)


def tidy(shape: Shape) -> Shape:
    """Return *shape* without what says nothing beside the rest."""
    made = Shape(shape)
    if "enum" in made:
        allowed = made["enum"]
        if "type" in made:
            allowed = tuple(one for one in allowed if _fits(keywords.type_of(one), made["type"]))
            del made["type"]
        made["enum"] = allowed
        for whole, name in ((("null",), "null"), (("false", "true"), "boolean")):
            if allowed == whole:
                del made["enum"]
                made["type"] = (name,)
    if "type" in made:
        heard = frozenset().union(*(keywords.SPECIFIC[name] for name in made["type"]))
        for word in keywords.SPECIFIC_WORDS - heard:
            made.pop(word, None)
    for word in [*made]:
        if made[word] in keywords.MEANINGLESS.get(word, ()):
            del made[word]
    return made


def _fits(name: str, allowed: tuple[str, ...]) -> bool:
    return name in allowed or (name == "integer" and "number" in allowed)


def nullable(shape: Shape) -> Shape:
    """Return the same shape, or null, as OpenAPI 3.0 says it."""
    if "type" in shape:
        return Shape({**shape, "type": tuple(sorted({*shape["type"], "null"}))})
    if "anyOf" in shape:
        others = Shape({k: v for k, v in shape.items() if k not in {"anyOf", "exclusive"}})
        null = Shape({"type": ("null",)})
        exclusive = bool(shape.get("exclusive"))
        return both(others, union([*shape["anyOf"], null], exclusive=exclusive))
    return shape


def typed(shape: Shape, types: tuple[str, ...]) -> Shape:
    """Return *shape* with the *types* that hold around it, if it names none."""
    if {"type", "enum", "?"} & shape.keys():
        return shape
    if "anyOf" not in shape:
        return tidy(Shape({**shape, "type": types}))
    members = [typed(member, types) for member in shape["anyOf"]]
    return shape if members == shape["anyOf"] else _with_members(shape, members)


def _with_members(shape: Shape, members: list[Shape]) -> Shape:
    """Return *shape* with other alternatives."""
    rest = Shape({word: value for word, value in shape.items() if word not in UNION})
    return both(rest, union(members, exclusive=bool(shape.get("exclusive"))))


def both(one: Shape, other: Shape) -> Shape:
    """Return the shape of what fits both; what has no simpler form is kept in ``allOf``."""
    if not one or not other:
        return one or other
    if one == other:
        return one
    made = Shape(one)
    if _guarded(one, other) or _guarded(other, one):
        return _beside(one, other)
    for word, value in other.items():
        if word not in made or made[word] == value:
            made[word] = value
        elif word in MERGERS:
            made[word] = MERGERS[word](made[word], value)
        else:
            return _beside(one, other)
    if made.get("type") == ():
        return Shape({"enum": ()})
    return _typed_inside(tidy(made))


def _typed_inside(made: Shape) -> Shape:
    """Return *made* with its type said by each alternative instead, where they can all say it."""
    if not {"anyOf", "type"} <= made.keys():
        return made
    allowed = made["type"]
    members = [typed(member, allowed) for member in made["anyOf"]]
    if members != made["anyOf"]:
        return _with_members(made, members)
    named = [_types(member) for member in members]
    if all(names and all(_fits(name, allowed) for name in names) for names in named):
        return Shape({word: value for word, value in made.items() if word != "type"})
    return made


def _types(shape: Shape) -> tuple[str, ...]:
    if "enum" in shape:
        return tuple({keywords.type_of(one) for one in shape["enum"]})
    named: tuple[str, ...] = shape.get("type", ())
    return named


def _guarded(one: Shape, other: Shape) -> bool:
    """Say whether *one* speaks of all keys that it does not name while *other* names some."""
    speaks = {"additionalProperties", "patternProperties", "unevaluatedProperties"} & one.keys()
    return bool(speaks) and not (
        other.get("properties", {}).keys() <= one.get("properties", {}).keys()
        and not {"patternProperties"} & other.keys()
    )


def _beside(one: Shape, other: Shape) -> Shape:
    members = [*one.get("allOf", ()), *([other] if set(other) != {"allOf"} else other["allOf"])]
    return Shape({**one, "allOf": members})


def _merged_types(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    left = {name for name in one if _fits(name, other)} | {n for n in other if _fits(n, one)}
    return tuple(sorted(left - ({"number"} if {"integer", "number"} <= left else set())))


def _merged_properties(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    made = dict(one)
    for name, schema in other.items():
        made[name] = schema if name not in one else _together(one[name], schema)
    return made


MERGERS: Final[dict[str, Any]] = {
    "type": _merged_types,
    "enum": lambda one, other: tuple(value for value in one if value in other),
    "required": lambda one, other: tuple(sorted({*one, *other})),
    "properties": _merged_properties,
    "allOf": lambda one, other: [*one, *other],
    "default": lambda one, _: one,
    "?": lambda one, other: (*one, *other),
    "unknown": lambda one, other: tuple(sorted({*one, *other})),
    **dict.fromkeys(keywords.MINIMA, max),
    **dict.fromkeys(keywords.MAXIMA, min),
    **dict.fromkeys(keywords.FLAGS, lambda one, other: one or other),
}


def union(members: Iterable[Shape], *, exclusive: bool) -> Shape:
    """Return the shape of what fits any of *members*.

    Assumed: alternatives of Port's exclude each other, so ``oneOf`` and ``anyOf`` mean the same.
    """
    parts: list[Shape] = []
    values: set[str] = set()
    flat = [*_flat(members)]
    if len(flat) > LIMIT_MEMBERS:
        return Shape({"?": (f"a union of more than {LIMIT_MEMBERS} alternatives",)})
    for member in flat:
        if set(member) == {"enum"}:
            values.update(member["enum"])
        else:
            parts.extend(_single_typed(member))
    if "null" in values:
        values.discard("null")
        parts.append(Shape({"type": ("null",)}))
    parts = _joined([one for i, one in enumerate(parts) if one not in parts[:i]])
    if values and parts and parts[-1] == {"type": ("null",)}:
        parts.pop()
        values.add("null")
    if values or not parts:
        parts.append(tidy(Shape({"enum": tuple(sorted(values))})))
    if any(not part for part in parts):
        return Shape()
    if len(parts) == 1:
        return parts[0]
    return Shape({"anyOf": parts, **({"exclusive": True} if exclusive else {})})


def _flat(members: Iterable[Shape]) -> Iterable[Shape]:
    for member in members:
        if member.keys() <= {"anyOf", "exclusive"} and member:
            yield from member["anyOf"]
        else:
            yield member


def _specific(shape: Shape) -> bool:
    """Say whether every keyword speaks of one type only, so that types can be told apart."""
    names = shape.get("type", ())
    text_or_not = "format" not in shape or "string" in names
    words = shape.keys() - {"type", *(("format",) if text_or_not else ())}
    return bool(names) and words <= keywords.SPECIFIC_WORDS


def _single_typed(shape: Shape) -> Iterable[Shape]:
    if not _specific(shape):
        yield shape
        return
    for name in shape["type"]:
        heard = keywords.SPECIFIC[name] | ({"format"} if name == "string" else set())
        yield Shape({"type": (name,), **{k: v for k, v in shape.items() if k in heard}})


def _joined(parts: list[Shape]) -> list[Shape]:
    """Return *parts* with those that have a type to themselves made one; it comes last."""
    kinds = [{name.replace("integer", "number") for name in _types(part)} for part in parts]
    lone = [
        part
        for part, kind in zip(parts, kinds, strict=True)
        if _specific(part) and sum(bool(kind & other) for other in kinds) == 1
    ]
    rest = [part for part in parts if not any(part is one for one in lone)]
    if not lone:
        return rest
    names = tuple(sorted(name for part in lone for name in part["type"]))
    words = {word: value for part in lone for word, value in part.items()}
    return [*rest, tidy(Shape({**words, "type": names}))]
