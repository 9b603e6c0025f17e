"""The log of a run: order, pages, what a line says, and lines that change the run."""

from __future__ import annotations

import pytest

from port_fake.contracts.anatomy import enveloped, misshapen_line, moment_of, text_of
from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Button, Scene
from port_fake.contracts.stillness import unchanged

LOG = "add-log-action-run"
LOGS = "get-action-s-run-logs"
WRITING = "OpenAPI 1.0, POST /v1/actions/runs/{run_id}/logs"
READING = "OpenAPI 1.0, GET /v1/actions/runs/{run_id}/logs"
ASCENDING = f"{READING}. Assumed: oldest line first, as the log of a run is shown"


@question("logs.line.is-answered-201", source=WRITING, needs={Need.WRITE})
def test_a_line_is_answered_201_in_its_shape(button: Button) -> None:
    run_id = button.press()["id"]

    path, body = {"run_id": run_id}, {"message": "Starting"}
    reply = button.scene.port.ask(LOG, path=path, body=body).must(201)

    assert enveloped(reply, "runLog") == reply.object("runLog")
    line = reply.object("runLog")
    assert misshapen_line(line) == []
    assert line.get("runId") == run_id
    assert line.get("message") == "Starting"


@question("logs.line.is-in-the-log-as-it-was-answered", source=READING, needs={Need.WRITE})
def test_a_line_is_in_the_log_as_it_was_answered(button: Button) -> None:
    run_id = button.press()["id"]

    line = button.scene.log(run_id, "Starting")

    assert button.scene.logs(run_id) == [line]


@question("logs.line.is-by-who-wrote-it", source=WRITING, needs={Need.WRITE})
def test_a_line_names_who_wrote_it(button: Button) -> None:
    run_id = button.press()["id"]

    line = button.scene.log(run_id, "x")

    client_id = button.scene.port.credentials.client_id
    assert line.get("createdBy") in (client_id, f"{client_id}@clients")


@question("logs.line.is-by-a-user", source=WRITING, needs={Need.FURNISH, Need.PEOPLE})
def test_a_users_line_names_the_user(scene: Scene) -> None:
    user = scene.user("ana", roles=["Admin"])
    made = scene.run(scene.action(), as_user=user)

    path, body = {"run_id": made["id"]}, {"message": "mine"}
    line = scene.port.get(LOG, path=path, body=body, as_user=user).object("runLog")

    assert line.get("createdBy") == made.get("createdBy")
    assert line.get("createdBy") != scene.port.credentials.client_id


@question("logs.empty", source="docs: a new run has an empty log", needs={Need.WRITE})
def test_a_new_run_has_an_empty_log(button: Button) -> None:
    assert button.scene.logs(button.press()["id"]) == []


@question("logs.order", source=ASCENDING, needs={Need.WRITE})
def test_lines_are_in_the_order_in_which_they_were_written(button: Button) -> None:
    run_id = button.press()["id"]
    written = [button.scene.log(run_id, text) for text in ("c", "a", "b", "a")]

    found = button.scene.logs(run_id)

    assert found == written
    ids = [text_of(line, "id") for line in found]
    assert len(set(ids)) == len(ids)
    moments = [moment_of(line, "createdAt") for line in found]
    assert moments == sorted(moments)
    assert moments[0] >= moment_of(button.scene.read(run_id), "createdAt")


@question("logs.same-text-twice", source=WRITING, needs={Need.WRITE})
def test_the_same_text_twice_is_two_lines(button: Button) -> None:
    run_id = button.press()["id"]

    for _ in range(3):
        button.scene.log(run_id, "retrying")

    assert [line.get("message") for line in button.scene.logs(run_id)] == ["retrying"] * 3


@question("logs.texts-come-back", source=WRITING, needs={Need.WRITE})
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("é ✓ \U0001f680 日本語 \u0000 \u2028 e\u0301", id="unicode"),
        pytest.param("  two\r\n\tlines \n", id="white-space"),
        pytest.param("\u001b[31mred\u001b[0m <b>&amp;</b> \"'\\", id="markup"),
        pytest.param("0123456789" * 20_000, id="long"),
    ],
)
def test_a_text_comes_back_unchanged(button: Button, text: str) -> None:
    run_id = button.press()["id"]

    line = button.scene.log(run_id, text)

    assert line.get("message") == text
    assert [one.get("message") for one in button.scene.logs(run_id)] == [text]


@question("logs.of-their-run-only", source=READING, needs={Need.WRITE})
def test_a_log_holds_the_lines_of_its_run_only(button: Button) -> None:
    first, second = button.press()["id"], button.press()["id"]
    mine = button.scene.log(first, "mine")
    theirs = button.scene.log(second, "theirs")

    assert button.scene.logs(first) == [mine]
    assert button.scene.logs(second) == [theirs]


@question("logs.plain-line-leaves-the-run", source=WRITING, needs={Need.FURNISH})
def test_a_plain_line_leaves_the_run_as_it_is(scene: Scene) -> None:
    run_id = scene.run(scene.action())["id"]
    before = scene.update(run_id, statusLabel="Going on")

    scene.log(run_id, "x")

    kept = {key: value for key, value in before.items() if not key.startswith("updated")}
    found = scene.read(run_id)
    assert {key: found.get(key) for key in kept} == kept


@question("logs.label", source="docs: run logs, statusLabel", needs={Need.WRITE})
def test_a_line_may_label_the_run(button: Button) -> None:
    run_id = button.press()["id"]

    line = button.scene.log(run_id, "x", statusLabel="Rolling out")

    found = button.scene.read(run_id)
    assert found.get("statusLabel") == "Rolling out"
    assert found["status"] == "IN_PROGRESS"
    assert button.scene.logs(run_id) == [line]
    assert misshapen_line(line) == []


@question("logs.termination", source="docs: run logs, terminationStatus", needs={Need.WRITE})
@pytest.mark.parametrize("status", ["SUCCESS", "FAILURE"])
def test_a_line_may_end_the_run_and_label_it(button: Button, status: str) -> None:
    run_id = button.press()["id"]
    first = button.scene.log(run_id, "nearly")

    last = button.scene.log(run_id, "over", terminationStatus=status, statusLabel="Over")

    found = button.scene.read(run_id)
    assert (found["status"], found.get("statusLabel")) == (status, "Over")
    assert moment_of(found, "endedAt") >= moment_of(first, "createdAt")
    assert button.scene.logs(run_id) == [first, last]


# -- pages


@question("logs.limit", source=READING, needs={Need.WRITE})
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 50])
def test_a_page_has_at_most_as_many_lines_as_asked_for(button: Button, limit: int) -> None:
    run_id = button.press()["id"]
    written = [button.scene.log(run_id, str(number)) for number in range(3)]

    assert button.scene.logs(run_id, limit=limit) == written[:limit]


@question("logs.offset", source=READING, needs={Need.WRITE})
@pytest.mark.parametrize("offset", [0, 1, 2, 3, 4])
def test_a_page_begins_after_as_many_lines_as_asked_for(button: Button, offset: int) -> None:
    run_id = button.press()["id"]
    written = [button.scene.log(run_id, str(number)) for number in range(3)]

    assert button.scene.logs(run_id, offset=offset) == written[offset:]


@question("logs.pages", source=READING, needs={Need.WRITE})
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_side_by_side_are_the_whole_log(button: Button, size: int) -> None:
    run_id = button.press()["id"]
    written = [button.scene.log(run_id, str(number)) for number in range(5)]

    pages = [button.scene.logs(run_id, limit=size, offset=at) for at in range(0, 6, size)]

    assert [line for page in pages for line in page] == written
    assert [len(page) for page in pages][:1] == [size]


@question(
    "logs.default-page",
    source=f"{READING}: at most 50. Assumed: 50 by default, from the first line",
    needs={Need.FURNISH},
)
def test_a_page_has_fifty_lines_by_default(scene: Scene) -> None:
    run_id = scene.run(scene.action())["id"]
    for number in range(52):
        scene.log(run_id, str(number))

    default = [line.get("message") for line in scene.logs(run_id)]
    largest = [line.get("message") for line in scene.logs(run_id, limit=50)]
    rest = [line.get("message") for line in scene.logs(run_id, offset=50)]

    assert largest == [str(number) for number in range(50)]
    assert default == largest
    assert rest == ["50", "51"]


@question("logs.limit-refused", source=f"{READING}: limit is 1 to 50", needs={Need.WRITE})
@pytest.mark.parametrize("limit", ["0", "51", "-1", "1000", "0.5", "50.5", "many", "NaN", "1e9"])
def test_a_limit_out_of_bounds_is_refused(button: Button, limit: str) -> None:
    path = {"run_id": button.press()["id"]}

    button.scene.port.ask(LOGS, path=path, query={"limit": limit}).refused(422)


@question("logs.offset-refused", source=f"{READING}: offset is a number", needs={Need.WRITE})
@pytest.mark.parametrize("offset", ["second", "NaN", "1,2"])
def test_an_offset_that_is_no_number_is_refused(button: Button, offset: str) -> None:
    path = {"run_id": button.press()["id"]}

    button.scene.port.ask(LOGS, path=path, query={"offset": offset}).refused(422)


@question("logs.offset-may-be-far", source=READING, needs={Need.WRITE})
def test_far_behind_the_end_is_nothing(button: Button) -> None:
    run_id = button.press()["id"]
    button.scene.log(run_id, "x")

    assert button.scene.logs(run_id, offset=1_000_000) == []


# -- what is refused

WRONG = [
    pytest.param({}, id="empty"),
    pytest.param({"terminationStatus": "SUCCESS"}, id="no-message"),
    pytest.param({"message": None}, id="message-null"),
    pytest.param({"message": 1}, id="message-number"),
    pytest.param({"message": ["x"]}, id="message-list"),
    pytest.param({"message": {"text": "x"}}, id="message-object"),
    pytest.param({"message": "x", "terminationStatus": "DECLINED"}, id="termination-declined"),
    pytest.param({"message": "x", "terminationStatus": "IN_PROGRESS"}, id="termination-progress"),
    pytest.param({"message": "x", "terminationStatus": "failure"}, id="termination-small"),
    pytest.param({"message": "x", "terminationStatus": None}, id="termination-null"),
    pytest.param({"message": "x", "statusLabel": 1}, id="label-number"),
    pytest.param({"message": "x", "statusLabel": None}, id="label-null"),
    pytest.param({"message": "x", "level": "INFO"}, id="unknown-key"),
    pytest.param({"message": "x", "status": "SUCCESS"}, id="status"),
    pytest.param({"Message": "x"}, id="key-in-capitals"),
    pytest.param([{"message": "x"}], id="list"),
    pytest.param("x", id="text"),
]


@question("logs.refuses", source=f"{WRITING}: a closed object", needs={Need.WRITE})
@pytest.mark.parametrize("body", WRONG)
def test_a_wrong_line_is_refused_and_changes_nothing(button: Button, body: object) -> None:
    run_id = button.press()["id"]

    with unchanged(button.scene, run_id):
        button.scene.port.ask(LOG, path={"run_id": run_id}, body=body).refused(422)


@question("logs.refuses-no-body", source=f"{WRITING}: the body is required", needs={Need.WRITE})
def test_a_line_without_a_body_is_refused(button: Button) -> None:
    run_id = button.press()["id"]

    with unchanged(button.scene, run_id):
        button.scene.port.ask(LOG, path={"run_id": run_id}).refused(400, 422)
