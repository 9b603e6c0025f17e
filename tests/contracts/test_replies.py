from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from port_fake.contracts.replies import SHOWN, AnswerError, Reply

READINGS: list[Callable[[Reply], object]] = [
    lambda reply: reply.json,
    lambda reply: reply["run"],
    lambda reply: reply.object("run"),
    lambda reply: reply.objects("runs"),
    lambda reply: reply.must(200),
    lambda reply: reply.refused(404, 422),
]

values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["run", "runs", "ok", "error"]), inner)
    ),
    max_leaves=6,
)


def reply(status: int, content: bytes) -> Reply:
    return Reply("GET /v1/x", status, {}, content)


@given(
    status=st.sampled_from([200, 204, 404, 422, 500]),
    content=st.binary() | values.map(lambda one: json.dumps(one).encode()),
    read=st.sampled_from(READINGS),
)
@example(status=404, content=b"[" * 100_000, read=READINGS[0])
@example(status=404, content=b"9" * 5_000, read=READINGS[0])
@example(status=404, content=b"\xff\xfe", read=READINGS[5])
def test_whatever_comes_is_read_or_told(
    status: int, content: bytes, read: Callable[[Reply], object]
) -> None:
    try:
        read(reply(status, content))
    except AnswerError as error:
        said = str(error)
        assert said.startswith(f"GET /v1/x was answered {status} ")
        assert said.isprintable()
        assert len(said) < SHOWN + 200


def test_what_is_told_is_one_line_without_escape_codes() -> None:
    answer = reply(500, b"<html>\n  <b>\x1b[31mno</b>\r\n</html>")

    with pytest.raises(AnswerError) as caught:
        answer.must(200, 201)

    assert str(caught.value) == (
        "GET /v1/x was answered 500 <html> <b>\N{REPLACEMENT CHARACTER}[31mno</b> </html>, and the "
        "status must be 200 or 201"
    )


def test_a_long_answer_is_cut_where_it_can_be_seen() -> None:
    assert reply(200, b"x" * 1000).told == f"GET /v1/x was answered 200 {'x' * SHOWN}..."
    assert reply(204, b"").told == "GET /v1/x was answered 204 (no body)"


@pytest.mark.parametrize(
    "body",
    [
        {"ok": False, "error": "not_found", "message": "no"},
        {"ok": False, "error": "not_found"},
    ],
)
def test_a_refusal_has_its_envelope(body: object) -> None:
    assert reply(404, json.dumps(body).encode()).refused(404)


@pytest.mark.parametrize(
    "body",
    [
        {"ok": True, "error": "not_found"},
        {"error": "not_found"},
        {"ok": False},
        {"ok": False, "error": 3},
        {"ok": False, "error": "a", "message": None},
        {"ok": False, "error": "a", "details": {}},
        {"ok": 0, "error": "a"},
        [],
        "no",
    ],
)
def test_another_envelope_is_told(body: object) -> None:
    with pytest.raises(AnswerError, match="not the envelope of a refusal"):
        reply(404, json.dumps(body).encode()).refused(404)
