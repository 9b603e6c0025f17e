"""What a fault may be, in code and in one line, and what is said of mistakes."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake import FakePort, MisuseError
from port_fake.http.fault_lines import read
from port_fake.http.fault_options import OPTIONS


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "needs an effect, one or more of: status, message, retry_after_s, latency_s, "),
        ({"times": 3}, "needs an effect"),
        ({"stale": False}, "needs an effect"),
        ({"statuss": 503}, r"no option 'statuss'; there are: operation, method, path, as_user, st"),
        ({"message": "hello"}, "message means nothing without status"),
        ({"retry_after_s": 1, "latency_s": 1}, "retry_after_s means nothing without status"),
        ({"on_clock": True}, "on_clock means nothing without latency_s"),
        ({"status": 503, "drop": "after"}, "status and drop contradict each other: set two faults"),
        ({"status": 503, "stale": True}, "status and stale contradict"),
        ({"drop": "after", "body": "malformed"}, "drop and body contradict"),
        ({"drop": "before", "stale": True}, "drop and stale contradict"),
        ({"body": "truncated", "stale": True}, "body and stale contradict"),
        ({"status": 200}, "status is an error, 400 to 599; given: 200"),
        ({"status": "503"}, "status is an error, 400 to 599; given: '503'"),
        ({"status": True}, "status is an error"),
        ({"status": 503, "message": 7}, "message is a text; given: 7"),
        ({"status": 429, "retry_after_s": -1}, "retry_after_s is a number from 0"),
        ({"latency_s": 0}, "latency_s is more than 0"),
        ({"latency_s": float("nan")}, "latency_s is a number from 0"),
        ({"latency_s": 1e300}, "latency_s is a number from 0"),
        ({"latency_s": 1, "on_clock": "yes"}, "on_clock and stale are True or False"),
        ({"drop": "later"}, "drop is 'before' or 'after'; given: 'later'"),
        ({"body": ["truncated"]}, "body is 'truncated' or 'malformed'; given:"),
        ({"status": 503, "times": 0}, "times is a whole number from 1, or None for always"),
        ({"status": 503, "times": True}, "times is a whole number"),
        ({"status": 503, "times": 1.5}, "times is a whole number"),
        ({"status": 503, "probability": 1.01}, "probability is a number from 0 to 1; given: 1.01"),
        ({"status": 503, "probability": -0.1}, "probability is a number from 0 to 1"),
        ({"status": 503, "probability": None}, "probability is a number from 0 to 1"),
        ({"operation": "get-runs", "status": 503}, "no operation 'get-runs'; there are: create-ac"),
        ({"operation": [], "status": 503}, r"no operation \[\]; there are: "),
        ({"method": "FETCH", "status": 503}, "no method 'FETCH'; there are: GET, POST, PUT, PATCH"),
        ({"path": "v1/actions", "status": 503}, "a path begins with / or \\*, where \\* stands"),
        ({"path": "/v1/actions?x=1", "status": 503}, "and has no query; given: '/v1/actions.x=1'"),
        ({"as_user": "ana", "status": 503}, "no user 'ana'; there are: lea@example.com"),
        ({"as_user": {}, "status": 503}, "no user {}; there are: lea@example.com"),
        (
            {"operation": "get-action-run-s-details", "method": "POST", "status": 503},
            "get-action-run-s-details is a GET: it is never a POST",
        ),
        ({"method": "PUT", "stale": True}, "only what a GET answers can be stale, and PUT is not"),
        (
            {"operation": "update-action-run", "stale": True},
            "can be stale, and update-action-run is not",
        ),
    ],
)
def test_a_mistake_is_told_with_what_there_is(
    port_fake: FakePort, options: dict[str, Any], expected: str
) -> None:
    port_fake.add_user("lea@example.com")

    with pytest.raises(MisuseError, match=expected):
        port_fake.tenant.faults.add(options)

    assert port_fake.faults == []


@given(options=st.dictionaries(st.sampled_from(OPTIONS), st.from_type(object) | st.text()))
def test_whatever_is_asked_for_it_is_a_fault_or_a_mistake(options: dict[str, Any]) -> None:
    port = FakePort()

    with suppress(MisuseError):
        port.tenant.faults.add(options)

    assert len(port.faults) <= 1
    assert all(repr(fault).startswith("<Fault ") for fault in port.faults)


def test_a_user_that_nobody_has_added_is_told_how_to_add_one() -> None:
    with pytest.raises(MisuseError, match=r"none: add_user\(...\) adds one"):
        FakePort().fault(as_user="ana@example.com", status=503)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"status": 503}, "<Fault any request: status=503 times=1, hits: 0>"),
        (
            {"method": "get", "path": "/v1/*", "latency_s": 2, "on_clock": True, "times": None},
            "<Fault GET /v1/*: latency_s=2 on_clock always, hits: 0>",
        ),
        (
            {
                "operation": "get-action-run-s-details",
                "stale": True,
                "times": 3,
                "probability": 0.25,
            },
            "<Fault get-action-run-s-details: stale times=3 probability=0.25, hits: 0>",
        ),
        (
            {
                "as_user": "lea@example.com",
                "status": 429,
                "message": "no, no",
                "times": None,
            },
            "<Fault as_user=lea@example.com: status=429 message='no, no' always, hits: 0>",
        ),
    ],
)
def test_a_fault_says_what_it_is(
    port_fake: FakePort, options: dict[str, Any], expected: str
) -> None:
    port_fake.add_user("lea@example.com")

    assert repr(port_fake.fault(**options)) == expected


def test_a_fault_may_be_set_before_anything_runs() -> None:
    port = FakePort()
    fault = port.fault(status=503)

    with port:
        assert port.faults == [fault]

    assert port.faults == [fault]


# In one line.


@pytest.mark.parametrize(
    ("line", "options"),
    [
        (
            "GET /v1/actions/runs status=503 times=2",
            {"method": "GET", "path": "/v1/actions/runs", "status": 503, "times": 2},
        ),
        (
            "get-action-run-s-details stale",
            {"operation": "get-action-run-s-details", "stale": True},
        ),
        (
            "  */logs   latency_s=0.5 on_clock times=always  ",
            {"path": "*/logs", "latency_s": 0.5, "on_clock": True, "times": None},
        ),
        (
            'status=429 message="come back later" retry_after_s=2 probability=0.1',
            {
                "status": 429,
                "message": "come back later",
                "retry_after_s": 2.0,
                "probability": 0.1,
            },
        ),
        ("/v1/a=b drop=before", {"path": "/v1/a=b", "drop": "before"}),
        ("body=truncated as_user=ana@x.io", {"body": "truncated", "as_user": "ana@x.io"}),
        ("message=a=b", {"message": "a=b"}),
        ("", {}),
    ],
)
def test_a_line_is_read_as_options(line: str, options: dict[str, Any]) -> None:
    assert read(line) == options


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("status=many", "the fault 'status=many': status is a whole number, not 'many'"),
        ("status=503 times=often", "times is a whole number or always, not 'often'"),
        ("probability=half", "probability is a number, not 'half'"),
        ("code=503", "has 'code=503', and options are: operation, method, path, as_user, status"),
        ("stale=yes", "has 'stale=yes', .*; on_clock and stale stand alone"),
        ("status=503 status=500", "says twice what its status is"),
        ("GET POST status=503", "says twice what its method is"),
        ("get-action-run get-actions status=503", "says twice what its operation is"),
        ("message='half", "cannot be read: No closing quotation"),
    ],
)
def test_a_mistake_in_a_line_is_told(line: str, expected: str) -> None:
    with pytest.raises(MisuseError, match=expected):
        read(line)
