from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.contracts.replies import AnswerError
from port_fake.contracts.schema.complaints import Complaint, Complaints, cut
from port_fake.contracts.schema.methods import documented, possible, undocumented


def complain(text: str) -> None:
    raise AnswerError(text)


def test_nothing_to_complain_of_settles_in_silence() -> None:
    Complaints().settle()


def test_of_one_kind_the_shortest_is_told_and_the_others_are_counted() -> None:
    complaints = Complaints()
    for told in ("a very long request", "a request", "a longer request"):
        complaints.add(Complaint("envelope", told, "no envelope"))

    with pytest.raises(AnswerError) as caught:
        complaints.settle()

    assert str(caught.value).splitlines()[0] == "envelope: a request: no envelope [3 times]"


def test_kinds_are_told_apart_and_the_first_line_counts_them() -> None:
    complaints = Complaints()
    complaints.add(Complaint("reached", "one", "not reached"))
    complaints.add(Complaint("envelope", "two", "no envelope"), kind="422")
    complaints.add(Complaint("envelope", "three", "no envelope"), kind="404")

    with pytest.raises(AnswerError) as caught:
        complaints.settle()

    first, *others = str(caught.value).splitlines()
    assert first == "reached: one: not reached (and 2 more of other kinds)"
    assert others[:2] == ["envelope: two: no envelope", "envelope: three: no envelope"]


def test_what_is_noted_is_no_failure() -> None:
    complaints = Complaints(frozenset({"unsupported_method"}))
    complaints.note("unsupported_method", "PUT /v1/x", lambda: complain("not refused"))

    complaints.settle()

    assert complaints.notes == ["unsupported_method: PUT /v1/x: not refused"]


@given(text=st.text(max_size=200), length=st.integers(1, 100))
def test_a_text_is_cut_to_its_length_and_no_shorter(text: str, length: int) -> None:
    shown = cut(text, length)

    assert shown == text if len(text) <= length else shown == f"{text[:length]}..."


def test_a_line_stays_a_line() -> None:
    assert Complaint("a", "b\nc", "d\n\ne").line == "a: b c: d e"


def test_a_path_that_may_mean_two_things_may_have_the_methods_of_both() -> None:
    assert documented("/v1/actions/runs") == {"GET"}
    assert possible("/v1/actions/runs") == {"GET", "PUT", "DELETE"}
    assert undocumented("/v1/actions/runs") == ["POST", "PATCH", "TRACE"]
