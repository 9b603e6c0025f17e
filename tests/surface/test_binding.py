"""From raw text to the values that a handler is promised."""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Final, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import TypedDict

from port_fake.errors import InvalidError, MalformedError
from port_fake.surface.binding import Binding, parse
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.schema import closed as closed_schema
from port_fake.surface.schema import text
from port_fake.surface.values import Bounded, Described, Document, Flag, Number, closed

BODY: Final = closed_schema({"name": text()}, ["name"])


class Query(TypedDict, total=False):
    """One parameter of each kind."""

    word: str
    tongue: Annotated[str, Described(format="email")]
    flag: Flag
    plain: Number
    bounded: Annotated[float, Bounded(1, 10)]
    choice: Literal["a", "b"]
    names: list[str]
    choices: list[Literal["a", "b"]]


@closed
class Body(TypedDict):
    """A body."""

    name: str
    size: float


def typed(_world: object, _call: Call[Query, Body]) -> dict[str, Any]:
    """Read a query and a typed body."""
    return {}


def documented(
    _world: object, _call: Call[Nothing, Annotated[dict[str, Any], Document(BODY)]]
) -> dict[str, Any]:
    """Read a body that a document describes."""
    return {}


def nothing(_world: object, _call: Call[Nothing, Nothing]) -> dict[str, Any]:
    """Read nothing."""
    return {}


def binding(handler: Any, *, body_required: bool = True) -> Binding:
    return Binding(
        Operation(name="x", tag="x", route="POST /x", handler=handler, body_required=body_required)
    )


TYPED: Final = binding(typed)
DOCUMENTED: Final = binding(documented)
OPTIONAL: Final = binding(documented, body_required=False)
NONE: Final = binding(nothing)

names = st.sampled_from([*Query.__annotations__, "unknown", "", "[]"])
pairs = st.lists(
    st.tuples(
        st.builds("".join, st.tuples(names, st.sampled_from(["", "[]"]))),
        st.sampled_from(["", "true", "a", "a,b", "1", "-1e999", ",", "\ud800", "\0"]),
    ),
    max_size=4,
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # What JSON cannot carry is a matter of its own.
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=8,
)


# Queries.


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ([], {}),
        ([("word", "a")], {"word": "a"}),
        ([("word", " ")], {"word": " "}),
        ([("word", "")], {}),
        ([("word", "a,b")], {"word": "a,b"}),
        ([("tongue", "x")], {"tongue": "x"}),
        ([("flag", "true")], {"flag": True}),
        ([("flag", "false")], {"flag": False}),
        ([("plain", "1.5")], {"plain": 1.5}),
        ([("plain", "-1e3")], {"plain": -1000.0}),
        ([("bounded", "1")], {"bounded": 1.0}),
        ([("bounded", "10")], {"bounded": 10.0}),
        ([("choice", "b")], {"choice": "b"}),
        ([("names", "")], {"names": [""]}),
        ([("names", "a")], {"names": ["a"]}),
        ([("names", "a"), ("names", "b")], {"names": ["a", "b"]}),
        ([("names", "a,b"), ("names[]", "c")], {"names": ["a", "b", "c"]}),
        ([("choices[]", "b,a")], {"choices": ["b", "a"]}),
        ([("unknown", "x"), ("unknown", "y"), ("", "z"), ("[]", "")], {}),
    ],
)
def test_a_query_becomes_what_its_shape_says(
    sent: list[tuple[str, str]], expected: dict[str, Any]
) -> None:
    assert TYPED.query(sent) == expected


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ([("flag", "TRUE")], "query/flag must be boolean"),
        ([("flag", "")], "query/flag must be boolean"),
        ([("plain", "")], "query/plain must be number"),
        ([("plain", "1,5")], "query/plain must be number"),
        ([("plain", "1_0")], "query/plain must be number"),
        ([("plain", "0x10")], "query/plain must be number"),
        ([("plain", "NaN")], "query/plain must be a finite number"),
        ([("plain", "1e999")], "query/plain must be a finite number"),
        ([("bounded", "0.999")], "query/bounded must be >= 1"),
        ([("bounded", "10.001")], "query/bounded must be <= 10"),
        ([("choice", "c")], "query/choice must be 'a' or 'b'"),
        ([("choices", "a,c")], "query/choices/1 must be 'a' or 'b'"),
        ([("word", "a"), ("word", "a")], "query/word must be given once"),
        ([("word", "a"), ("word[]", "b")], "query/word must be given once"),
        ([("plain", "x"), ("flag", "y")], "query/flag must be boolean; query/plain must be number"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(
    sent: list[tuple[str, str]], message: str
) -> None:
    with pytest.raises(InvalidError) as refusal:
        TYPED.query(sent)

    assert str(refusal.value) == message


@given(pairs)
def test_a_query_is_read_or_refused_whatever_it_is(sent: list[tuple[str, str]]) -> None:
    for one in (TYPED, NONE):
        try:
            value = one.query(sent)
        except InvalidError:
            continue
        assert value.keys() <= Query.__annotations__.keys()


@given(st.sampled_from(sorted(Query.__annotations__)), st.lists(st.text(), min_size=1, max_size=3))
def test_a_parameter_is_read_or_refused_whatever_it_is(name: str, texts: list[str]) -> None:
    sent = [(name, each) for each in texts]
    try:
        value = TYPED.query(sent)
    except InvalidError as refusal:
        assert str(refusal).startswith(f"query/{name}")  # noqa: PT017 - it need not be refused
    else:
        assert value.keys() <= {name}


def test_an_operation_without_a_query_ignores_all_of_it() -> None:
    assert NONE.query([("a", "b"), ("a", "c")]) == {}


# Bodies.


@pytest.mark.parametrize(
    ("one", "body"),
    [
        (TYPED, {"name": "a", "size": 1}),
        (TYPED, {"name": "", "size": 1.5}),
        (DOCUMENTED, {"name": "a"}),
        (OPTIONAL, {"name": "a"}),
    ],
)
def test_a_body_becomes_what_its_shape_says(one: Binding, body: dict[str, Any]) -> None:
    assert one.body(json.dumps(body).encode()) == body
    assert one.value(body) == body


@pytest.mark.parametrize(
    ("one", "body", "message"),
    [
        (TYPED, {}, "must have required property 'name'; body must have required property 'size'"),
        (TYPED, {"name": "a", "size": "1"}, "body/size must be number"),
        (TYPED, {"name": "a", "size": True}, "body/size must be number"),
        (TYPED, {"name": "a", "size": None}, "body/size must be number"),
        (TYPED, {"name": 1, "size": 1}, "body/name must be string"),
        (TYPED, {"name": "a", "size": 1, "x": 1}, "body must NOT have additional property 'x'"),
        (TYPED, [], "body must be object"),
        (DOCUMENTED, {}, '"name" is a required property'),
        (DOCUMENTED, {"name": 1}, "body/name: "),
        (DOCUMENTED, {"name": "a", "x": 1}, "'x' was unexpected"),
        (DOCUMENTED, "a", "body: "),
    ],
)
def test_a_body_that_does_not_fit_is_refused(one: Binding, body: Any, message: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        one.body(json.dumps(body).encode())

    assert message in str(refusal.value)


def test_a_refusal_does_not_repeat_values() -> None:
    with pytest.raises(InvalidError) as typed_refusal:
        TYPED.body(b'{"name": 12345678, "size": "hidden"}')
    with pytest.raises(InvalidError) as documented_refusal:
        DOCUMENTED.body(b'{"name": {"password": "hidden"}}')

    for refusal in (typed_refusal, documented_refusal):
        assert "hidden" not in str(refusal.value)
        assert "12345678" not in str(refusal.value)


def test_a_body_may_be_left_out_where_it_is_optional() -> None:
    assert OPTIONAL.body(b"") == {}
    assert OPTIONAL.value(None) == {}
    for one in (TYPED, DOCUMENTED):
        with pytest.raises(InvalidError, match="body"):
            one.body(b"")


def test_an_optional_body_is_not_null() -> None:
    with pytest.raises(InvalidError, match="body"):
        OPTIONAL.body(b"null")


def test_an_operation_without_a_body_ignores_what_is_sent() -> None:
    assert NONE.body(b"\xff") == {}
    assert NONE.value([1]) == {}


@given(values)
def test_a_body_is_read_or_refused_whatever_it_is(value: Any) -> None:
    data = json.dumps(value).encode()
    for one in (TYPED, DOCUMENTED, OPTIONAL):
        try:
            assert one.body(data) == value
        except InvalidError as refusal:
            assert str(refusal).startswith("body")  # noqa: PT017 - it need not be refused


# JSON.


@given(values)
def test_json_is_read_as_it_was_written(value: Any) -> None:
    assert parse(json.dumps(value).encode()) == value
    assert parse(json.dumps(value, ensure_ascii=False, indent=1).encode()) == value


@given(st.binary(max_size=50))
def test_bytes_are_json_or_malformed(data: bytes) -> None:
    try:
        parse(data)
    except MalformedError as refusal:
        assert "not valid JSON" in str(refusal)  # noqa: PT017 - it need not be refused


@given(st.integers(-400, 400), st.sampled_from(["1e{}", "1E{}", "-9.99e{}", "[0.001e{}]"]))
def test_no_number_becomes_infinite(exponent: int, form: str) -> None:
    data = form.format(exponent).encode()
    try:
        value = parse(data)
    except MalformedError:
        assert exponent > 300
    else:
        assert math.isfinite(value[0] if isinstance(value, list) else value)


@pytest.mark.parametrize("data", [b"NaN", b"[Infinity]", b'{"a":-Infinity}', b"1e999", b"[-1e999]"])
def test_what_is_no_finite_number_is_no_json(data: bytes) -> None:
    with pytest.raises(MalformedError, match="not valid JSON"):
        parse(data)


@pytest.mark.parametrize("data", [b'"1e999"', b'"NaN"', b'{"1e999":1}', b"1e-999", b"0e999"])
def test_what_only_looks_infinite_is_read(data: bytes) -> None:
    assert parse(data) is not None
