"""A check that cannot fail is worth nothing: each is shown an answer that it must not bear."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from port_fake import FakePortServer
from port_fake.contracts.organisations import Organisation
from port_fake.contracts.pace import Pace
from port_fake.contracts.permits import Free, ReadOnly
from port_fake.contracts.proxy import Answered, Asked, Forward, Proxy
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.scenes import Scene
from port_fake.contracts.schema.examination import Effort, Examination
from port_fake.contracts.schema.left_out import NOT_OURS, OUT_OF_REACH
from port_fake.contracts.schema.stock import Found, Made
from port_fake.contracts.schema.wanted import ROWS
from port_fake.contracts.sites import Wanted, open_site
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import Wire
from port_fake.strategies.playing.targets import OPERATIONS
from port_fake.world.organisations import Credentials
from tests.contracts.recording import JSON, recording

pytestmark = pytest.mark.slow  # schemathesis takes its time

Alter = Callable[[Asked, Forward], Awaitable[Answered]]

BRIEF = Effort(covering=12, drawn=1, drawn_if_large=0, seed=1, is_fake=True, may_write=True)
SECRET = "what only the organisation knows"  # noqa: S105 - opens nothing


@pytest.fixture(scope="module")
def server() -> Iterator[FakePortServer]:
    with FakePortServer(seed=1) as server:
        yield server


@contextmanager
def organisation(url: str) -> Iterator[Organisation]:
    site = open_site(Wanted(target=url), veil=Veil())
    try:
        with site.organisation() as port:
            yield port
    finally:
        site.close()


def examine(url: str, operation: str, effort: Effort = BRIEF) -> Examination:
    with organisation(url) as port:
        examination = Examination(operation, stock=Made(Scene(port)), effort=effort)
        examination.carry_out()
    return examination


def altered(
    change: Callable[[Asked, Answered, Any], Answered | None], *, method: str = "", part: str = ""
) -> Alter:
    """Let *change* see requests of a method whose target has a part; None leaves the answer."""

    async def between(asked: Asked, forward: Forward) -> Answered:
        answered = await forward(asked)
        mine = "/_fake/" not in asked.target and part in asked.target
        if not mine or (method and asked.method != method):
            return answered
        try:
            body = json.loads(answered.body)
        except ValueError:
            body = None
        return change(asked, answered, body) or answered

    return between


def dropped(method: str, part: str, answer: Callable[[Asked], Any]) -> Alter:
    """Answer requests of a method instead of passing them on, if they would succeed."""

    async def between(asked: Asked, forward: Forward) -> Answered:
        known = any(value.startswith("Bearer ey") for _, value in asked.headers)
        if asked.method == method and part in asked.target and known:
            got = await forward(replace(asked, method="GET", body=b""))
            return replace(got, body=json.dumps(answer(asked) or json.loads(got.body)).encode())
        return await forward(asked)

    return between


def with_body(answered: Answered, body: Any) -> Answered:
    return replace(answered, body=json.dumps(body).encode())


def with_header(answered: Answered, name: str, value: str | None) -> Answered:
    kept = tuple(pair for pair in answered.headers if pair[0].lower() != name.lower())
    return replace(answered, headers=kept if value is None else (*kept, (name, value)))


def fails(_: Asked, answered: Answered, __: Any) -> Answered | None:
    return replace(answered, status=500)


def forgets_ok(_: Asked, answered: Answered, body: Any) -> Answered | None:
    return with_body(answered, {key: one for key, one in body.items() if key != "ok"})


def refuses_otherwise(_: Asked, answered: Answered, body: Any) -> Answered | None:
    if answered.status < 400:
        return None
    return with_body(answered, {"ok": False, "errors": [body["message"]]})


def is_html(_: Asked, answered: Answered, __: Any) -> Answered | None:
    return with_header(answered, "Content-Type", "text/html")


def accepts_all(_: Asked, answered: Answered, __: Any) -> Answered | None:
    if answered.status != 422:
        return None
    return Answered(200, answered.headers, b'{"ok": true, "team": {}}')


def refuses_all(_: Asked, answered: Answered, __: Any) -> Answered | None:
    if answered.status != 200:
        return None
    body = {"ok": False, "error": "invalid_request", "message": "no"}
    return with_body(replace(answered, status=422), body)


def hides_allow(_: Asked, answered: Answered, __: Any) -> Answered | None:
    return with_header(answered, "Allow", None)


def allows_more(_: Asked, answered: Answered, __: Any) -> Answered | None:
    return with_header(answered, "Allow", "GET, BREW") if answered.status == 405 else None


def finds_nothing(_: Asked, answered: Answered, __: Any) -> Answered | None:
    body = {"ok": False, "error": "not_found", "message": "no"}
    return with_body(replace(answered, status=404), body) if answered.status == 200 else None


def knows_everybody(_: Asked, answered: Answered, __: Any) -> Answered | None:
    return Answered(200, answered.headers, b"{}") if answered.status == 401 else None


def hides_rates(_: Asked, answered: Answered, __: Any) -> Answered | None:
    return with_header(answered, "x-ratelimit-remaining", None)


def tells_secrets(_: Asked, answered: Answered, body: Any) -> Answered | None:
    if answered.status != 200:
        return None
    return with_body(answered, {**body, "secret": {**body["secret"], "secretValue": SECRET}})


def tells_no_more(_: Asked, answered: Answered, __: Any) -> Answered | None:
    return with_body(answered, {"ok": True}) if answered.status == 200 else None


def tells_one_version(asked: Asked, _: Answered, body: Any) -> Answered | None:
    if "version=" in asked.target or "run" not in body:
        return None
    run = {**body["run"], "action": {"identifier": "deploy"}}
    return with_body(Answered(200, JSON), {**body, "run": run})


def turns_round(_: Asked, answered: Answered, body: Any) -> Answered | None:
    if answered.status != 200:
        return None
    return with_body(answered, {**body, "runLogs": body["runLogs"][::-1]})


def takes_late_reports(asked: Asked, answered: Answered, __: Any) -> Answered | None:
    if answered.status != 422 or b'"status"' not in asked.body:
        return None
    return Answered(200, answered.headers, b'{"ok": true}')


def loses_runs(asked: Asked, answered: Answered, body: Any) -> Answered | None:
    listing = asked.target.startswith("/v1/actions/runs?")
    return with_body(answered, {**body, "runs": []}) if listing else None


def shows_an_old_title(_: Asked, answered: Answered, body: Any) -> Answered | None:
    if "blueprint" not in body:
        return None
    return with_body(answered, {**body, "blueprint": {**body["blueprint"], "title": "old"}})


PLANTED = [
    ("not_a_server_error", "get-teams", altered(fails, part="/teams?")),
    ("envelope", "get-organization", altered(forgets_ok, part="/organization")),
    ("envelope", "create-team", altered(refuses_otherwise, method="POST", part="/teams")),
    ("status_code_conformance", "get-teams", altered(fails, part="/teams?")),
    ("content_type_conformance", "get-organization", altered(is_html, part="/organization")),
    ("response_schema_conformance", "get-teams", altered(tells_no_more, part="/teams")),
    ("negative_data_rejection", "change-team", altered(accepts_all, method="PATCH")),
    ("positive_data_acceptance", "get-teams", altered(refuses_all, part="/teams?")),
    ("unsupported_method", "get-kafka-credentials", altered(hides_allow, method="PUT")),
    ("unsupported_method", "get-kafka-credentials", altered(allows_more, method="PUT")),
    ("ignored_auth", "get-organization", altered(knows_everybody, part="/organization")),
    ("reached", "get-organization", altered(finds_nothing, part="/organization")),
    ("rate_limit_headers", "get-organization", altered(hides_rates, part="/organization")),
    ("no_secret", "get-organization-secret", altered(tells_secrets, part="/secrets/")),
    ("answer_of_version", "get-action-run-s-details", altered(tells_one_version, part="/runs/")),
    ("kept", "change-blueprint", dropped("PATCH", "/blueprints/", lambda _: None)),
    ("kept", "change-blueprint", altered(shows_an_old_title, method="GET", part="/blueprints/")),
    ("gone", "delete-team", dropped("DELETE", "/teams/", lambda _: {"ok": True})),
    ("finished_runs_stay", "update-action-run", altered(takes_late_reports, method="PATCH")),
    ("created_run_is_readable", "execute-self-service-action", altered(loses_runs)),
]


@pytest.mark.parametrize(
    ("check", "operation", "between"), PLANTED, ids=[f"{row[0]}-{row[1]}" for row in PLANTED]
)
def test_a_wrong_answer_is_told_by_the_check_that_is_there_for_it(
    server: FakePortServer, check: str, operation: str, between: Alter
) -> None:
    with Proxy(server.base_url, between=between) as proxy, pytest.raises(AnswerError) as caught:
        examine(proxy.base_url, operation)

    assert f"{check}: " in str(caught.value)
    assert "Bearer" not in str(caught.value)


@pytest.mark.parametrize("operation", ["get-teams", "change-team", "update-action-run"])
def test_a_fake_as_it_is_passes(server: FakePortServer, operation: str) -> None:
    examination = examine(server.base_url, operation)

    assert examination.complaints.accepted > 0
    assert examination.complaints.notes == []


def test_where_no_fake_answers_what_nobody_documents_is_noted(server: FakePortServer) -> None:
    effort = replace(BRIEF, is_fake=False)

    with Proxy(server.base_url, between=altered(hides_allow, method="PUT")) as proxy:
        examination = examine(proxy.base_url, "get-kafka-credentials", effort)

    (note,) = examination.complaints.notes
    assert note.startswith("unsupported_method: PUT /v1/kafka-credentials was answered 405")


def test_every_operation_has_a_row_or_a_reason() -> None:
    assert ROWS.keys() | OUT_OF_REACH.keys() == OPERATIONS.keys()
    assert not ROWS.keys() & OUT_OF_REACH.keys()
    assert OPERATIONS.keys() >= NOT_OURS.keys()


DUMB = {
    "an empty object": Answered(200, JSON, b"{}"),
    "a text": Answered(200, JSON, b'"hello"'),
    "a list": Answered(200, JSON, b"[1, 2]"),
    "a page": Answered(200, (("Content-Type", "text/html"),), b"<html><p>Hello</p></html>"),
    "nothing": Answered(204),
    "bytes": Answered(200, JSON, b"\xff\xfe\x00\x81"),
    "odd headers": Answered(200, (("Content-Type", "///;;="), ("Allow", ",,")), b"{}"),
    "a redirect": Answered(302, (("Location", "http://elsewhere.invalid/"),)),
    "an odd status": Answered(299, JSON, b'{"ok": true}'),
    "a fault": Answered(503, JSON, b'{"ok": false, "error": "down"}'),
}


@contextmanager
def known(url: str) -> Iterator[Organisation]:
    """Open an organisation at a server that knows nobody: it has a token already."""
    wire = Wire(url, permit=Free("throwaway"), veil=Veil(), pace=Pace())
    port = Organisation(wire, Credentials(client_id="me", client_secret="mine"))  # noqa: S106
    port._tokens[None] = "a token"  # noqa: SLF001 - it could not log in
    try:
        yield port
    finally:
        wire.close()


@pytest.mark.parametrize("answer", DUMB.values(), ids=DUMB)
@pytest.mark.parametrize("operation", ["get-teams", "get-all-action-runs", "create-team"])
def test_a_server_that_answers_nonsense_fails_and_breaks_nothing(
    answer: Answered, operation: str
) -> None:
    effort = replace(BRIEF, covering=4, is_fake=False)

    with (
        recording(answer) as server,
        known(server.url) as port,
        pytest.raises(AnswerError, match=r"(GET|POST) /v1/\S+ .*was answered"),
    ):
        Examination(operation, stock=Made(Scene(port)), effort=effort).carry_out()


READING = sorted(name for name, row in OPERATIONS.items() if row.method == "GET")


@pytest.mark.parametrize("operation", READING)
def test_reading_only_sends_nothing_but_get(server: FakePortServer, operation: str) -> None:
    seen: list[Asked] = []

    async def between(asked: Asked, forward: Forward) -> Answered:
        seen.append(asked)
        return await forward(asked)

    with organisation(server.base_url) as furnished:
        made = Made(Scene(furnished))
        for thing in ("entity", "legacy_action", "run", "user", "team", "secret"):
            getattr(made, thing)()
        with Proxy(server.base_url, between=between) as proxy:
            wire = Wire(proxy.base_url, permit=ReadOnly(), veil=Veil(), pace=Pace())
            port = Organisation(wire, furnished.credentials)
            effort = replace(BRIEF, covering=8, is_fake=False, may_write=False)
            examination = Examination(operation, stock=Found(port), effort=effort)
            examination.carry_out()
            wire.close()

    assert {asked.method for asked in seen if asked.target != "/v1/auth/access_token"} == {"GET"}
    assert examination.complaints.accepted > 0


def test_every_request_leaves_through_the_wire(server: FakePortServer) -> None:
    seen: list[Asked] = []

    async def between(asked: Asked, forward: Forward) -> Answered:
        seen.append(asked)
        return await forward(asked)

    with Proxy(server.base_url, between=between) as proxy:
        examine(proxy.base_url, "change-team")

    agents = {value for one in seen for name, value in one.headers if name == "User-Agent"}
    assert agents == {"port-fake-contracts"}


def test_one_seed_asks_the_same_and_another_seed_something_else(server: FakePortServer) -> None:
    asked: list[list[tuple[str, bytes]]] = []
    for seed in (1, 1, 2):
        seen: list[tuple[str, bytes]] = []

        async def between(
            one: Asked, forward: Forward, seen: list[tuple[str, bytes]] = seen
        ) -> Answered:
            if one.method == "PUT" and "/teams/" in one.target:
                seen.append((one.target, one.body))
            return await forward(one)

        with Proxy(server.base_url, between=between) as proxy:
            examine(proxy.base_url, "replace-team", replace(BRIEF, seed=seed, drawn=3))
        asked.append(seen)

    first, again, other = asked
    assert first == again
    assert first != other
