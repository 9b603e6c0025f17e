"""One difference is planted in a row; it is found where it is, and weighs what it should."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from port_fake.contracts.drift.classes import WEIGHT, Aspect, Change, Severity, Side
from port_fake.contracts.drift.compare import compared
from tests.contracts.drift.documents import DOCUMENT, PATH, copied, findings, put
from tests.contracts.drift.planted_schemas import IN_SCHEMAS, Planted

Json = Any


B, A, C, U = Severity.BREAKING, Severity.ADDITIVE, Severity.COSMETIC, Severity.UNCLEAR


def sets(where: Callable[[Json], Json], **words: Any) -> Callable[[Json], object]:
    return lambda document: where(document).update(words)


def drops(where: Callable[[Json], Json], word: str) -> Callable[[Json], object]:
    return lambda document: where(document).pop(word)


def parameter(position: int) -> Callable[[Json], Json]:
    return lambda document: put(document)["parameters"][position]


def parameter_schema(position: int) -> Callable[[Json], Json]:
    return lambda document: put(document)["parameters"][position]["schema"]


def responses(document: Json) -> Json:
    return put(document)["responses"]


def paths(document: Json) -> Json:
    return document["paths"]


def item(document: Json) -> Json:
    return document["paths"][PATH]


def renamed(document: Json) -> None:
    document["paths"]["/v1/things/{id}/"] = document["paths"].pop(PATH)
    for operation in document["paths"]["/v1/things/{id}/"].values():
        operation["parameters"][0]["name"] = "id"


NEW_PARAMETER: Final = {"name": "q", "in": "query", "schema": {"type": "string"}}
HEADER: Final = {"schema": {"type": "string"}}

ROWS: Final[dict[str, Planted]] = {
    **IN_SCHEMAS,
    "an operation goes": Planted(drops(item, "get"), "", Aspect.OPERATION, B),
    "an operation appears": Planted(
        sets(paths, **{"/v1/new": {"get": {"responses": {}}}}), "", Aspect.OPERATION, A
    ),
    "an operation is deprecated": Planted(sets(put, deprecated=True), "", Aspect.DEPRECATION, C),
    "the path is spelt otherwise": Planted(renamed, "", Aspect.PATH, C),
    "nobody asks any more": Planted(sets(put, security=[]), "security", Aspect.SECURITY, A),
    "another scope": Planted(
        sets(put, security=[{"bearer": ["write:all"]}]), "security", Aspect.SECURITY, B
    ),
    "one scope more": Planted(
        sets(put, security=[{"bearer": ["write:things", "x"]}]), "security", Aspect.SECURITY, B
    ),
    "no scope": Planted(sets(put, security=[{"bearer": []}]), "security", Aspect.SECURITY, A),
    "another scheme": Planted(
        lambda d: d["components"]["securitySchemes"]["bearer"].update(name="X-Key"),
        "security",
        Aspect.SECURITY,
        B,
    ),
    "a parameter goes": Planted(
        lambda d: put(d)["parameters"].pop(1), "query parameter limit", Aspect.PARAMETER, B
    ),
    "a parameter appears": Planted(
        lambda d: put(d)["parameters"].append(NEW_PARAMETER),
        "query parameter q",
        Aspect.PARAMETER,
        A,
    ),
    "a required parameter appears": Planted(
        lambda d: put(d)["parameters"].append({**NEW_PARAMETER, "required": True}),
        "query parameter q",
        Aspect.PARAMETER,
        B,
    ),
    "a parameter is demanded": Planted(
        sets(parameter(1), required=True), "query parameter limit", Aspect.REQUIRED, B
    ),
    "a parameter is excused": Planted(
        sets(parameter(2), required=False), "query parameter upsert", Aspect.REQUIRED, A
    ),
    "a parameter is repeated otherwise": Planted(
        sets(parameter(1), explode=False), "query parameter limit", Aspect.STYLE, B
    ),
    "a parameter is deprecated": Planted(
        sets(parameter(1), deprecated=True), "query parameter limit", Aspect.DEPRECATION, C
    ),
    "a parameter's bound sinks": Planted(
        sets(parameter_schema(1), maximum=50), "query parameter limit", Aspect.BOUND, B
    ),
    "a parameter's bound rises": Planted(
        sets(parameter_schema(1), maximum=500), "query parameter limit", Aspect.BOUND, A
    ),
    "a parameter's default": Planted(
        sets(parameter_schema(2), default=True), "query parameter upsert", Aspect.DEFAULT, B
    ),
    "a bound of the path": Planted(
        sets(parameter_schema(0), minLength=3), "path parameter 1", Aspect.BOUND, B
    ),
    "the body goes": Planted(drops(put, "requestBody"), "body", Aspect.BODY, B),
    "a body appears": Planted(
        lambda d: item(d)["get"].update(requestBody={"content": {}}), "body", Aspect.BODY, A
    ),
    "a required body appears": Planted(
        lambda d: item(d)["get"].update(requestBody={"content": {}, "required": True}),
        "body",
        Aspect.BODY,
        B,
    ),
    "the body is excused": Planted(
        lambda d: put(d)["requestBody"].pop("required"), "body", Aspect.REQUIRED, A
    ),
    "a media type goes": Planted(
        lambda d: put(d)["requestBody"].update(content={"text/plain": {}}),
        "body",
        Aspect.MEDIA_TYPE,
        B,
    ),
    "a media type appears": Planted(
        lambda d: put(d)["requestBody"]["content"].update({"text/plain": {}}),
        "body",
        Aspect.MEDIA_TYPE,
        A,
    ),
    "an error goes": Planted(drops(responses, "404"), "answer 404", Aspect.STATUS, B),
    "an error appears": Planted(
        lambda d: responses(d).update({"429": {"description": "x"}}),
        "answer 429",
        Aspect.STATUS,
        A,
    ),
    "the success goes": Planted(
        lambda d: responses(d).update({"201": responses(d).pop("200")}),
        "answer 200",
        Aspect.STATUS,
        B,
    ),
    "an answer is not described": Planted(
        lambda d: responses(d)["404"].pop("content"), "answer 404", Aspect.BODY, B
    ),
    "a header goes": Planted(
        lambda d: responses(d)["200"].pop("headers"),
        "answer 200 header x-total",
        Aspect.HEADER,
        B,
    ),
    "a header appears": Planted(
        lambda d: responses(d)["200"]["headers"].update({"X-New": HEADER}),
        "answer 200 header x-new",
        Aspect.HEADER,
        A,
    ),
    "a parameter of the path that may be left out": Planted(
        sets(parameter(0), required=False),
        "#/paths/~1v1~1things~1{thing_id}/put",
        Aspect.DOCUMENT,
        U,
    ),
    "an answer lies elsewhere": Planted(
        lambda d: responses(d).update({"404": {"$ref": "other.json"}}),
        "#/paths/~1v1~1things~1{thing_id}/put",
        Aspect.DOCUMENT,
        U,
    ),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_planted_difference_is_found_and_weighed(row: Planted) -> None:
    found = findings(row.change)

    assert (row.place, row.aspect, row.severity) in {
        (one.place, one.aspect, one.severity) for one in found
    }


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_nothing_heavier_is_made_of_it(row: Planted) -> None:
    heavier = {U: {U, B, A, C}, B: {B, A, C}, A: {A, C}, C: {C}}[row.severity]

    assert {one.severity for one in findings(row.change)} <= heavier


def test_every_aspect_has_been_planted() -> None:
    elsewhere = {Aspect.KNOWN}

    assert {row.aspect for row in ROWS.values()} == {*Aspect} - elsewhere


def test_every_class_and_every_change_has_been_planted() -> None:
    found = [one for row in ROWS.values() for one in findings(row.change)]

    assert {one.change for one in found} == {*Change}
    assert {one.severity for one in found} == {*Severity}


def test_every_change_weighs_something_on_each_side() -> None:
    assert WEIGHT.keys() == {*Change}
    assert all(weights.keys() == {*Side} for weights in WEIGHT.values())


def test_nothing_is_found_where_nothing_was_planted() -> None:
    assert compared(DOCUMENT, copied()).findings == []
