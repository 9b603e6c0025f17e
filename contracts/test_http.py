"""What is true of every request, whatever it is about."""

from __future__ import annotations

import json
from typing import Any

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.scenes import Scene
from port_fake.contracts.values import thing
from port_fake.strategies.playing.targets import OPERATIONS

NEEDS = {Need.FURNISH}
LIMIT_BYTES = 1024 * 1024
TOO_LARGE = "OpenAPI 1.0, 413: a body over 1 MiB"
BODIES = [row.name for row in OPERATIONS.values() if row.method in {"POST", "PUT", "PATCH"}]
ACTIONS = "/v1/actions"
JSON = {"Content-Type": "application/json"}


def is_json(reply: Reply) -> bool:
    kind, _, parameters = reply.headers.get("content-type", "").partition(";")
    plain = parameters.strip().lower() in {"", "charset=utf-8"}
    return kind.strip().lower() == "application/json" and plain


# -- routes and methods


@question("http.unknown-route.not-found", source="docs: API; Assumed: 404")
@pytest.mark.parametrize(
    "target",
    ["/v1/nothing", "/v1/actions/x/nothing", "/v2/actions", "/v1/actions//permissions"],
    ids=["nothing", "deeper", "v2", "empty-name"],
)
def test_a_route_that_does_not_exist_is_not_found(port: Organisation, target: str) -> None:
    port.send("GET", target, token=port.token()).refused(404)


@question("http.wrong-method.refused", source="RFC 9110, 15.5.6: 405 names what is allowed")
def test_a_method_that_a_route_does_not_have_is_refused(port: Organisation) -> None:
    reply = port.send("GET", "/v1/auth/access_token", token=port.token()).refused(404, 405)

    allowed = {one.strip() for one in reply.headers.get("allow", "").split(",")}
    assert reply.status == 404 or allowed == {"POST"}


@question("http.wrong-method.allow", source="Assumed: 405", level=Level.UNKNOWN, needs=NEEDS)
def test_whoever_uses_a_wrong_method_is_told_the_right_ones(
    port: Organisation, observe: Any
) -> None:
    reply = port.send("DELETE", ACTIONS, token=port.token())

    observe(f"the answer is {reply.status}")
    assert {one.strip() for one in reply.refused(405).headers.get("allow", "").split(",")} == {
        "GET",
        "POST",
    }


# -- bodies

NO_JSON: dict[str, bytes] = {
    "cut": b'{"name": "x"',
    "comma": b'{"name": "x",}',
    "quotes": b"{'name': 'x'}",
    "two": b'{"name": "x"} {}',
    "not-a-number": b'{"name": NaN}',
    "no-utf-8": b'{"name": "\xff\xfe"}',
    "form": b"name=x",
    "deep": b"[" * 50_000,
}


@question("http.no-json.refused", source="Assumed: 400; docs: bodies are JSON", needs=NEEDS)
@pytest.mark.parametrize("content", NO_JSON.values(), ids=NO_JSON.keys())
def test_a_body_that_is_no_json_is_refused(port: Organisation, content: bytes) -> None:
    before = thing(port.get("get-organization"), "organization")

    port.send(
        "PATCH", "/v1/organization", content=content, headers=JSON, token=port.token()
    ).refused(400, 422)

    assert thing(port.get("get-organization"), "organization") == before


@question("http.no-body.refused", source="OpenAPI 1.0: requestBody is required", needs=NEEDS)
@pytest.mark.parametrize(
    "body", [None, "null", "[]", "5", '"x"'], ids=["none", "null", "list", "number", "text"]
)
def test_an_action_is_not_made_of_nothing(port: Organisation, body: str | None) -> None:
    before = port.get("get-actions").json
    content = None if body is None else body.encode()
    headers = {} if body is None else JSON

    port.send("POST", ACTIONS, content=content, headers=headers, token=port.token()).refused(422)

    assert port.get("get-actions").json == before


@question("http.body.over-a-mebibyte", source=TOO_LARGE, needs=NEEDS)
@pytest.mark.parametrize("operation", BODIES)
def test_a_body_over_a_mebibyte_is_refused(port: Organisation, operation: str) -> None:
    row = OPERATIONS[operation]
    parts = ("x" if part[:1] == "{" else part for part in row.path.split("/"))
    content = json.dumps({"message": "x" * LIMIT_BYTES}).encode()
    token = None if row.public else port.token()

    port.send(row.method, "/".join(parts), content=content, headers=JSON, token=token).refused(413)


@question("http.body.at-the-limit", source=TOO_LARGE, needs=NEEDS)
def test_a_mebibyte_is_accepted_and_one_byte_more_is_not(scene: Scene) -> None:
    run = scene.run(scene.action())["id"]
    target = f"/v1/actions/runs/{run}/logs"
    frame = len(json.dumps({"message": ""}))

    def send(length: int) -> Reply:
        content = json.dumps({"message": "x" * (length - frame)}).encode()
        return scene.port.send(
            "POST", target, content=content, headers=JSON, token=scene.port.token()
        )

    send(LIMIT_BYTES + 1).refused(413)
    send(LIMIT_BYTES).must(201)

    assert [line.get("message") for line in scene.logs(run)] == ["x" * (LIMIT_BYTES - frame)]


@question(
    "http.content-type.other", source="Assumed: not looked at", level=Level.UNKNOWN, needs=NEEDS
)
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", None], ids=["text", "form", "none"]
)
def test_json_is_read_whatever_it_is_called(
    port: Organisation, observe: Any, kind: str | None
) -> None:
    headers = {} if kind is None else {"Content-Type": kind}

    reply = port.send(
        "PATCH", "/v1/organization", content=b'{"name": "x"}', headers=headers, token=port.token()
    )

    observe(f"the answer is {reply.status}")
    reply.must(200)


@question(
    "http.content-type.with-charset", source="RFC 9110, 8.3: parameters and case", needs=NEEDS
)
@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON"], ids=["charset", "case"]
)
def test_the_type_of_a_body_may_be_written_in_other_ways(port: Organisation, kind: str) -> None:
    content = '{"name": "Größe"}'.encode()

    port.send(
        "PATCH",
        "/v1/organization",
        content=content,
        headers={"Content-Type": kind},
        token=port.token(),
    ).must(200)

    assert thing(port.get("get-organization"), "organization").get("name") == "Größe"


# -- answers


@question("http.answer.is-json", source="OpenAPI 1.0: application/json")
def test_every_answer_is_json_and_says_so(port: Organisation) -> None:
    token = port.token()
    replies = [
        port.send("GET", "/v1/organization", token=token).must(200),
        port.send("GET", ACTIONS).must(401),
        port.send("GET", f"{ACTIONS}/nobody-has-this-action", token=token).must(404),
        port.send("GET", f"{ACTIONS}?version=v9", token=token).must(422),
        port.send("POST", "/v1/auth/access_token", body={}).must(422),
    ]

    for reply in replies:
        if not is_json(reply):
            kind = reply.headers.get("content-type")
            raise AnswerError(f"{reply.told} as {kind!r}, and it must be application/json")
    assert [reply["ok"] for reply in replies] == [True, False, False, False, False]


@question("http.refusal.explained", source="OpenAPI 1.0: 404 and 422 have a message")
def test_a_refusal_says_what_is_wrong(port: Organisation) -> None:
    missing = port.ask("get-action", path={"action_identifier": "nobody-has-this-action"})
    wrong = port.ask("get-actions", query={"version": "v9"})

    assert missing.refused(404)["error"] == "not_found"
    assert isinstance(missing["message"], str)
    assert missing["message"]
    assert isinstance(wrong.refused(422)["message"], str)
    assert wrong["message"]
    assert wrong["error"] != missing["error"]


@question(
    "http.refusal.words",
    source="Assumed: the words but not_found",
    level=Level.UNKNOWN,
    needs=NEEDS,
)
def test_refusals_have_words(port: Organisation, observe: Any) -> None:
    action = {"identifier": "a"}
    found = {
        401: port.send("GET", ACTIONS)["error"],
        405: port.send("DELETE", ACTIONS, token=port.token())["error"],
        422: port.ask("create-action", body=action)["error"],
    }

    observe(f"the words are {found}")
    assert found == {401: "unauthorized", 405: "method_not_allowed", 422: "invalid_request"}


# -- the rate limit

RATES = ("limit", "period", "remaining", "reset")


def rates(reply: Reply) -> dict[str, int]:
    found = {name: reply.headers.get(f"x-ratelimit-{name}", "") for name in RATES}
    if not all(value.isdecimal() and value.isascii() for value in found.values()):
        raise AnswerError(f"{reply.asked} must be answered with rate limits, and has {found}")
    return {name: int(value) for name, value in found.items()}


@question("http.rate-limit.told", source="docs: rate limits")
@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/v1/organization", 200),
        ("/v1/actions/nobody-has-this-action", 404),
        ("/v1/actions?version=v9", 422),
    ],
    ids=["success", "not-found", "invalid"],
)
def test_every_answer_tells_the_rate_limit(port: Organisation, target: str, status: int) -> None:
    found = rates(port.send("GET", target, token=port.token()).must(status))

    assert found["limit"] > 0
    assert found["period"] > 0
    assert 0 <= found["remaining"] < found["limit"]


@question("http.rate-limit.counts-down", source="docs: rate limits", needs={Need.CLOCK})
def test_the_rate_limit_counts_down_and_begins_anew(port: Organisation) -> None:
    first, second = rates(port.get("get-organization")), rates(port.get("get-organization"))

    port.advance(first["period"])
    later = rates(port.send("GET", "/v1/organization", token=port.token()))

    assert second == {**first, "remaining": first["remaining"] - 1}
    assert later["remaining"] > second["remaining"]
    assert later["reset"] == first["reset"] + first["period"]
    assert later["limit"] == first["limit"]


# -- browsers

ORIGIN = {"Origin": "https://app.example.com"}
BROWSERS = "docs: its pages call the API from browsers; Assumed: any page may"


@question("http.browser.may-read", source=BROWSERS)
@pytest.mark.parametrize("status", [200, 401, 404])
def test_a_page_of_any_origin_may_read_the_answer(port: Organisation, status: int) -> None:
    target = "/v1/nothing" if status == 404 else "/v1/organization"
    token = None if status == 401 else port.token()

    reply = port.send("GET", target, headers=ORIGIN, token=token).must(status)

    assert reply.headers.get("access-control-allow-origin") in {"*", ORIGIN["Origin"]}


@question("http.browser.preflight", source=BROWSERS, needs=NEEDS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_a_browser_may_ask_before(port: Organisation, method: str) -> None:
    headers = {
        **ORIGIN,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, content-type",
    }

    reply = port.send("OPTIONS", "/v1/actions/x/runs", headers=headers).must(200, 204)

    methods = reply.headers.get("access-control-allow-methods", "")
    names = reply.headers.get("access-control-allow-headers", "").lower()
    assert reply.headers.get("access-control-allow-origin") in {"*", ORIGIN["Origin"]}
    assert method in {one.strip() for one in methods.split(",")}
    assert "authorization" in {one.strip() for one in names.split(",")}


# -- queries


@question("http.query.unknown-parameters", source="clients: GitHub Action, PyPort")
def test_parameters_that_nobody_knows_are_tolerated(port: Organisation) -> None:
    usual = port.get("get-actions").json

    assert port.get("get-actions", query={"page": 1, "per_page": 1, "x": "y"}).json == usual


@question(
    "http.query.lists-repeat-their-name", source="OpenAPI 1.0: style form, explode", needs=NEEDS
)
def test_a_list_in_a_query_repeats_its_name(scene: Scene) -> None:
    names = [scene.action(name) for name in ("a", "b", "c")]
    query = f"action_identifier={names[0]}&action_identifier={names[2]}"

    reply = scene.port.send("GET", f"{ACTIONS}?{query}", token=scene.port.token()).must(200)

    found = [one.get("identifier") for one in reply.objects("actions")]
    assert found == [names[0], names[2]]
