"""The same exchanges give the same lines, whatever the ids, the times and the people are."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake import FakePort
from port_fake.contracts.exchanges.asking import Request, asker_of
from port_fake.contracts.exchanges.lines import Kind
from port_fake.contracts.proxy import Proxy
from port_fake.world.clock import EPOCH
from tests.contracts.exchanges.recorders import HEADER, Recorder


def run(run_id: str, time: str, user: str = "auth0|65a4b8b3f0e2c1d4e5f60718") -> dict[str, Any]:
    return {
        "ok": True,
        "run": {"id": run_id, "createdAt": time, "updatedAt": time, "createdBy": user},
    }


def test_ids_and_times_become_placeholders_that_keep_their_links() -> None:
    recorder = Recorder()

    made = recorder.keep(
        "/v1/actions/deploy/runs",
        run("r_AbCdEfGh12345678", "2026-03-01T10:00:00.123Z"),
        method="POST",
        body={"properties": {}},
        status=202,
    )
    read = recorder.keep("/v1/actions/runs/r_AbCdEfGh12345678?version=v2", {"ok": True})

    assert made.answer.body.value["run"] == {
        "id": "<run:1>",
        "createdAt": "<time:1>",
        "updatedAt": "<time:1>",
        "createdBy": "<user:1>",
    }
    assert (read.path, read.query) == ("/v1/actions/runs/<run:1>", "version=v2")
    assert (made.operation, read.operation) == (
        "execute-self-service-action",
        "get-action-run-s-details",
    )


IDS = st.from_regex(r"r_[A-Z][A-Za-z0-9]{14}[0-9]", fullmatch=True)
TIMES = st.integers(0, 10**12).map(
    lambda passed_ms: (EPOCH + timedelta(milliseconds=passed_ms)).isoformat()
)


@given(st.lists(st.tuples(IDS, TIMES), min_size=2, max_size=2, unique_by=(lambda x: x[0],)))
def test_recorded_twice_it_has_the_same_text(pairs: list[tuple[str, str]]) -> None:
    texts = []
    for run_id, time in pairs:
        recorder = Recorder()
        recorder.keep("/v1/actions/deploy/runs", run(run_id, time), method="POST")
        recorder.keep(f"/v1/actions/runs/{run_id}", {"message": f"run {run_id!r} at {time}"})
        texts.append(recorder.text)

    assert texts[0] == texts[1]


def test_a_fake_with_random_ids_and_real_time_is_recorded_alike_twice() -> None:
    texts = []
    for _ in range(2):
        recorder = Recorder()
        with FakePort(seed=None) as port:
            port.freeze()
            port.add_user("lea@example.com")
            with Proxy(port.base_url, between=recorder.recording) as proxy:
                ask = asker_of(port, base_url=proxy.base_url)
                button = {"type": "self-service", "operation": "CREATE"}
                trigger = {**button, "userInputs": {"properties": {}}}
                action = {
                    "identifier": "deploy",
                    "trigger": trigger,
                    "invocationMethod": {"type": "KAFKA"},
                }
                ask(Request("GET", "/v1/users"))
                ask(Request("POST", "/v1/actions", body=json.dumps(action).encode()))
                body = b'{"properties": {}}'
                made = ask(Request("POST", "/v1/actions/deploy/runs", "lea@example.com", body))
                run_id = json.loads(made.body)["run"]["id"]
                port.settle()
                ask(Request("GET", f"/v1/actions/runs/{run_id}?version=v2"))
                ask.close()
        texts.append(recorder.text)

    assert texts[0] == texts[1]
    callers = [json.loads(line)["as"] for line in texts[0].splitlines()[1:]]
    assert callers == ["organisation"] * 2 + ["lea@example.com", "organisation"]


def test_a_time_that_the_client_names_is_part_of_the_question_and_stays() -> None:
    recorder = Recorder()
    given_time = "2026-05-01T00:00:00Z"

    kept = recorder.keep(
        "/v1/x",
        {"since": given_time, "createdAt": "2026-05-02T00:00:00.000Z"},
        method="POST",
        body={"since": given_time},
    )

    assert kept.request.value == {"since": given_time}
    assert kept.answer.body.value == {"since": given_time, "createdAt": "<time:1>"}


def test_people_get_other_emails_and_names_the_same_everywhere() -> None:
    recorder = Recorder()
    user = {"email": "Jane.Doe@acme-corp.io", "firstName": "Jane", "lastName": "Doe"}

    recorder.keep("/v1/users", {"users": [user]})
    kept = recorder.keep("/v1/users/jane.doe@acme-corp.io", {"user": user})

    assert "acme" not in recorder.text
    assert "Jane" not in recorder.text
    assert kept.path == "/v1/users/person1@example.com"
    assert kept.answer.body.value["user"]["email"] == "person1@example.com"


def test_people_are_kept_on_request_and_made_up_ones_always() -> None:
    keeping, replacing = Recorder(keep_people=True), Recorder()

    keeping.keep("/v1/users/jane@acme.io", {"firstName": "Jane"})
    replacing.keep("/v1/users/ana@example.com")

    assert "jane@acme.io" in keeping.text
    assert "Jane" in keeping.text
    assert "ana@example.com" in replacing.text


def test_the_name_of_the_organisation_is_replaced_where_it_is_named() -> None:
    recorder = Recorder()

    recorder.keep("/v1/organization", {"organization": {"name": "Acme", "id": "x"}})
    recorder.keep("/v1/organization", {"ok": True}, method="PATCH", body={"name": "Acme"})

    assert "Acme" not in recorder.text
    assert recorder.text.count("Organisation 1") == 2


def test_the_name_of_an_organisation_is_replaced_in_what_is_said_of_its_members() -> None:
    recorder = Recorder()

    kept = recorder.keep("/v1/users", {"users": [{"orgs": [{"id": "x", "name": "Acme"}]}]})

    assert kept.answer.body.value == {"users": [{"orgs": [{"id": "x", "name": "Organisation 1"}]}]}


def test_a_cursor_is_the_same_in_the_answer_and_in_the_next_question() -> None:
    recorder = Recorder()

    recorder.keep("/v1/x", {"next": "WyJhIiwiYiJd", "entities": []}, method="POST")
    kept = recorder.keep("/v1/x", {}, method="POST", body={"from": "WyJhIiwiYiJd"})

    assert kept.request.value == {"from": "<cursor:1>"}


def test_of_headers_only_those_that_mean_something_are_kept() -> None:
    recorder = Recorder()
    given_headers = {
        "X-RateLimit-Remaining": "998",
        "Retry-After": "7",
        "Date": "x",
        "Allow": "GET",
    }

    kept = recorder.keep("/v1/x", {}, answer_headers=given_headers)

    assert kept.answer.headers == {
        "allow": "GET",
        "content-type": "application/json",
        "retry-after": "present",
        "x-ratelimit-remaining": "present",
    }


def test_a_large_body_is_left_out_with_a_note() -> None:
    recorder = Recorder(limit_bytes=100)

    kept = recorder.keep("/v1/x", {"text": "x" * 200}, method="POST", body=b"y" * 101)

    assert (kept.request.kind, kept.answer.body.kind) == (Kind.CUT, Kind.CUT)
    assert "xxx" not in recorder.text
    assert "yyy" not in recorder.text
    assert recorder.recorded.exchanges == [kept]


@given(
    sent=st.binary(max_size=60)
    | st.from_regex(r'\{"a": ?[0-9e.]{1,9}\}', fullmatch=True).map(str.encode),
    path=st.from_regex(r"/v1/[A-Za-z0-9%~._-]{0,20}", fullmatch=True),
)
def test_whatever_is_sent_is_read_back_as_it_was_kept(sent: bytes, path: str) -> None:
    recorder = Recorder()

    kept = recorder.keep(path, sent, body=sent, method="PUT")

    recorded = recorder.recorded
    assert recorded.exchanges == [kept]
    assert recorded.header == HEADER
    assert not recorded.broken
    assert kept.path == path


@pytest.mark.parametrize(
    ("authorization", "status", "caller"),
    [
        (None, 200, "nobody"),
        (None, 401, "nobody"),
        ("Bearer nonsense", 401, "stranger"),
        ("Bearer opaque-key-0001", 200, "organisation"),
    ],
)
def test_who_asked_is_read_from_the_token(
    authorization: str | None, status: int, caller: str
) -> None:
    recorder = Recorder()
    headers = {} if authorization is None else {"Authorization": authorization}

    kept = recorder.keep("/v1/actions", {}, status=status, headers=headers)

    assert kept.caller == caller


def test_an_unknown_route_has_no_operation() -> None:
    kept = Recorder().keep("/v1/scorecards", {})

    assert kept.operation is None


def test_a_body_that_is_nested_without_end_is_left_out() -> None:
    recorder = Recorder()

    for depth in (50, 99, 101, 400, 5_000):
        recorder.keep(
            "/v1/x", b"[" * depth + b"]" * depth, body=b'{"a":' * depth + b"1" + b"}" * depth
        )

    kinds = [one.answer.body.kind for one in recorder.recorded.exchanges]
    assert kinds[:4] == [Kind.JSON, Kind.JSON, Kind.CUT, Kind.CUT]
    assert len(kinds) == 5


@pytest.mark.filterwarnings("default")
def test_a_disk_that_is_full_costs_the_line_and_not_the_answer(port_fake: FakePort) -> None:
    recorder = Recorder()

    with Proxy(port_fake.base_url, between=recorder.recording) as proxy:
        ask = asker_of(port_fake, base_url=proxy.base_url)
        recorder.close()
        answer = ask(Request("GET", "/v1/teams"))
        ask.close()

    assert answer.status == 200
    assert (recorder.recording.lost, sum(recorder.recording.counts.values())) == (1, 0)
