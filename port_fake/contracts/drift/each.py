"""One operation of both documents: parameters, body, answers, and who may ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from port_fake.contracts.drift.classes import Aspect, Change, Finding, Side
from port_fake.contracts.drift.endpoints import Answer, Endpoint, Parameter
from port_fake.contracts.drift.shapes import ShapeComparison


class EndpointComparison:
    """Compares one operation of the fake's with the published one."""

    def __init__(self, fake: Endpoint, published: Endpoint, shapes: ShapeComparison) -> None:
        self._fake = fake
        self._published = published
        self._shapes = shapes

    def findings(self) -> Iterator[Finding]:
        """Yield what differs."""
        mine, theirs = self._fake, self._published
        if mine.path != theirs.path:
            yield Finding(
                aspect=Aspect.PATH,
                change=Change.SPELLING,
                label="path",
                fake=mine.path,
                published=theirs.path,
            )
        yield from _deprecation(mine, theirs, "")
        yield from self._security()
        yield from self._parameters()
        yield from self._body()
        yield from self._answers()

    def _security(self) -> Iterator[Finding]:
        mine, theirs = self._fake.security, self._published.security
        if mine == theirs:
            return
        if _opens(mine, theirs):
            change = Change.WIDER
        else:
            change = Change.NARROWER if _opens(theirs, mine) else Change.CHANGED
        yield Finding(
            aspect=Aspect.SECURITY,
            change=change,
            place="security",
            label="security",
            fake=_said(mine),
            published=_said(theirs),
        )

    def _parameters(self) -> Iterator[Finding]:
        mine, theirs = self._fake.parameters, self._published.parameters
        for key in sorted(mine.keys() | theirs.keys()):
            if key not in theirs:
                yield Finding(aspect=Aspect.PARAMETER, change=Change.GONE, place=key, label=key)
            elif key not in mine:
                demanded = theirs[key].required
                change = Change.NARROWER if demanded else Change.NEW
                label = f"required {key}" if demanded else key
                yield Finding(aspect=Aspect.PARAMETER, change=change, place=key, label=label)
            else:
                yield from self._parameter(key, mine[key], theirs[key])

    def _parameter(self, key: str, mine: Parameter, theirs: Parameter) -> Iterator[Finding]:
        yield from _demand(key, mine.required, theirs.required)
        yield from _deprecation(mine, theirs, key)
        if mine.style != theirs.style:
            yield Finding(
                aspect=Aspect.STYLE,
                change=Change.CHANGED,
                place=key,
                label="style",
                fake=mine.style,
                published=theirs.style,
            )
        yield from self._shapes.findings(mine.schema, theirs.schema, side=Side.REQUEST, place=key)

    def _body(self) -> Iterator[Finding]:
        mine, theirs = self._fake.body, self._published.body
        place = "body"
        if mine is None or theirs is None:
            if mine is not theirs:
                demanded = mine is None and self._published.body_required
                change = Change.GONE if theirs is None else Change.NEW
                yield Finding(
                    aspect=Aspect.BODY,
                    change=Change.NARROWER if demanded else change,
                    place=place,
                    label="required body" if demanded else "body",
                )
            return
        yield from _demand(place, self._fake.body_required, self._published.body_required)
        yield from self._contents(mine, theirs, Side.REQUEST, place)

    def _answers(self) -> Iterator[Finding]:
        mine, theirs = self._fake.answers, self._published.answers
        for code in sorted(mine.keys() | theirs.keys()):
            place = f"answer {code}"
            ours, other = mine.get(code), theirs.get(code)
            if other is None and ours is not None:
                other = theirs.get(f"{code[0]}XX", theirs.get("default"))
            if other is None:
                yield Finding(
                    aspect=Aspect.STATUS,
                    change=Change.GONE,
                    side=Side.ANSWER,
                    place=place,
                    label=code,
                )
            elif ours is None:
                if code in {"default", f"{code[0]}XX"} and any(
                    code == "default" or one.startswith(code[0]) for one in mine
                ):
                    continue  # it has been compared with what the fake says in detail
                yield Finding(
                    aspect=Aspect.STATUS,
                    change=Change.NEW,
                    side=Side.ANSWER,
                    place=place,
                    label=code,
                )
            else:
                yield from self._contents(ours, other, Side.ANSWER, place)
                yield from self._headers(ours, other, place)

    def _contents(self, mine: Answer, theirs: Answer, side: Side, place: str) -> Iterator[Finding]:
        if not (mine.read and theirs.read):
            return  # it has been told that one cannot be
        one, other = mine.contents, theirs.contents
        several = len(one) > 1 or len(other) > 1
        if one and not other:
            yield Finding(
                aspect=Aspect.BODY, change=Change.GONE, side=side, place=place, label="content"
            )
            return
        for media in sorted(one.keys() | other.keys()):
            if media in one and media in other:
                inside = f"{place} ({media})" if several else place
                yield from self._shapes.findings(one[media], other[media], side=side, place=inside)
                continue
            yield Finding(
                aspect=Aspect.MEDIA_TYPE,
                change=Change.GONE if media in one else Change.NEW,
                side=side,
                place=place,
                label=media,
            )

    def _headers(self, mine: Answer, theirs: Answer, place: str) -> Iterator[Finding]:
        one, other = mine.headers, theirs.headers
        for name in sorted(one.keys() | other.keys()):
            inside = f"{place} header {name}"
            if name not in one or name not in other:
                yield Finding(
                    aspect=Aspect.HEADER,
                    change=Change.GONE if name in one else Change.NEW,
                    side=Side.ANSWER,
                    place=inside,
                    label=name,
                )
                continue
            if one[name][0] != other[name][0]:
                change = Change.WIDER if one[name][0] else Change.NARROWER
                yield Finding(
                    aspect=Aspect.REQUIRED,
                    change=change,
                    side=Side.ANSWER,
                    place=inside,
                    label=name,
                    fake=one[name][0],
                    published=other[name][0],
                )
            yield from self._shapes.findings(
                one[name][1], other[name][1], side=Side.ANSWER, place=inside
            )


def _demand(place: str, mine: bool, theirs: bool) -> Iterator[Finding]:  # noqa: FBT001 - a pair
    if mine != theirs:
        yield Finding(
            aspect=Aspect.REQUIRED,
            change=Change.NARROWER if theirs else Change.WIDER,
            place=place,
            label=place,
            fake=mine,
            published=theirs,
        )


def _deprecation(
    mine: Endpoint | Parameter, theirs: Endpoint | Parameter, place: str
) -> Iterator[Finding]:
    if mine.deprecated != theirs.deprecated:
        yield Finding(
            aspect=Aspect.DEPRECATION,
            change=Change.SPELLING,
            place=place,
            label="deprecated",
            fake=mine.deprecated,
            published=theirs.deprecated,
        )


def _opens(mine: Any, theirs: Any) -> bool:
    """Say whether each way of *mine* opens *theirs* too, with as much or more than it takes."""
    return all(
        any(
            all(any(s == t and want <= have for t, have in way) for s, want in needed)
            for needed in theirs
        )
        for way in mine
    )


def _said(security: Any) -> str:
    ways = [
        " and ".join(f"{scheme} {json.dumps(sorted(scopes))}" for scheme, scopes in sorted(way))
        for way in security
    ]
    return " or ".join(sorted(way or "nobody asks" for way in ways))
