"""The list of runs: that it holds what was made, newest first, cut and shaped as asked for."""

from __future__ import annotations

from typing import Any

import pytest

from port_fake.contracts.anatomy import enveloped, misshapen
from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Button, Scene

LIST = "get-all-action-runs"
SOURCE = "OpenAPI 1.0, GET /v1/actions/runs"
NEWEST_FIRST = f"{SOURCE}. Assumed: newest first, as clients that ask for the last few rely on"


@question("lists.holds-what-was-made", source=SOURCE, needs={Need.WRITE})
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_run_that_was_made_is_in_the_list_as_it_is_read(button: Button, version: str) -> None:
    run_id = button.press()["id"]

    listed = button.scene.runs(action=button.action, version=version)

    assert [one for one in listed if one.get("id") == run_id] == [
        button.scene.read(run_id, version)
    ]


@question("lists.holds-each-once-newest-first", source=NEWEST_FIRST, needs={Need.WRITE})
def test_runs_are_listed_once_each_newest_first(button: Button) -> None:
    made = [button.press()["id"] for _ in range(4)]

    listed = [one.get("id") for one in button.scene.runs(action=button.action)]

    assert [one for one in listed if one in made] == made[::-1]


@question("lists.everything-newest-first", source=NEWEST_FIRST, needs={Need.WRITE})
def test_the_whole_list_begins_with_what_was_made_last(button: Button) -> None:
    made = [button.press()["id"] for _ in range(3)]

    listed = [one.get("id") for one in button.scene.runs()]

    assert [one for one in listed if one in made] == made[::-1]


@question("lists.order-stays", source=NEWEST_FIRST, needs={Need.WRITE})
def test_a_report_on_an_older_run_does_not_move_it(button: Button) -> None:
    older, newer = button.press()["id"], button.press()["id"]
    button.scene.update(older, summary="still going")

    listed = [one.get("id") for one in button.scene.runs(action=button.action)]

    assert [one for one in listed if one in (older, newer)] == [newer, older]


@question("lists.is-answered-in-its-envelope", source=SOURCE)
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_list_is_ok_and_runs(port: Organisation, version: str) -> None:
    reply = port.ask(LIST, query={"version": version, "limit": 5}).must(200)

    assert isinstance(enveloped(reply, "runs"), list)
    assert [misshapen(run, version) for run in reply.objects("runs")] == [
        [] for _ in reply.objects("runs")
    ]


@question("lists.nothing-is-an-empty-list", source="client: ocean reads an empty list of runs")
@pytest.mark.parametrize("name", ["action", "blueprint", "entity", "external_run_id", "user_id"])
def test_what_matches_nothing_is_an_empty_list(port: Organisation, name: str) -> None:
    reply = port.ask(LIST, query={name: "contracts_nothing_has_this_name"})

    assert enveloped(reply.must(200), "runs") == []


@question("lists.nobody-has-no-runs", source=SOURCE)
def test_a_user_whom_nobody_knows_has_no_runs(port: Organisation) -> None:
    reply = port.ask(LIST, query={"user_email": "nobody.contracts@example.com"})

    assert enveloped(reply.must(200), "runs") == []


@question("lists.tolerates-stray-queries", source="client: PyPort sends page and per_page")
def test_a_query_that_is_not_known_filters_nothing(port: Organisation) -> None:
    plain = port.get(LIST, query={"limit": 5, "version": "v2"}).objects("runs")

    query = {"limit": 5, "version": "v2", "page": 7, "per_page": 1, "status": "DONE"}
    strayed = port.get(LIST, query=query).objects("runs")

    assert [one.get("id") for one in strayed] == [one.get("id") for one in plain]


# -- limits


@question("lists.limit", source=NEWEST_FIRST, needs={Need.FURNISH})
@pytest.mark.parametrize("limit", [1, 2, 3, 4, 1000])
def test_a_list_has_the_newest_as_many_as_asked_for(scene: Scene, limit: int) -> None:
    action = scene.action()
    made = [scene.run(action)["id"] for _ in range(3)]

    listed = [one.get("id") for one in scene.runs(action=action, limit=limit)]

    assert listed == made[::-1][:limit]


@question("lists.limit-without-filters", source=NEWEST_FIRST, needs={Need.FURNISH})
def test_a_limit_needs_no_filter_beside_it(scene: Scene) -> None:
    action = scene.action()
    made = [scene.run(action)["id"] for _ in range(3)]

    assert [one.get("id") for one in scene.runs(limit=2)] == made[:0:-1]


@question(
    "lists.limit-counts-what-matches",
    source=f"{SOURCE}: the limit is of the answer, not of what is searched",
    needs={Need.FURNISH},
)
def test_a_limit_counts_what_the_filters_leave(scene: Scene) -> None:
    wanted, other = scene.action("wanted"), scene.action("other")
    made = [scene.run(wanted)["id"] for _ in range(2)]
    for _ in range(3):
        scene.run(other)

    listed = [one.get("id") for one in scene.runs(action=wanted, limit=2)]

    assert listed == made[::-1]


@question(
    "lists.limit-may-be-a-fraction", source=f"{SOURCE}: limit is a number", needs={Need.FURNISH}
)
def test_a_limit_of_one_and_a_half_is_one_run(scene: Scene) -> None:
    action = scene.action()
    runs = [scene.run(action)["id"] for _ in range(3)]

    assert [one.get("id") for one in scene.runs(action=action, limit=1.5)] == runs[-1:]


@question(
    "lists.default-limit",
    source=f"{SOURCE}. Assumed: at least fifty runs without a limit",
    needs={Need.FURNISH},
)
def test_a_list_without_a_limit_is_not_cut_short(scene: Scene) -> None:
    action = scene.action()
    made = [scene.run(action)["id"] for _ in range(51)]

    assert [one.get("id") for one in scene.runs(action=action)] == made[::-1]


@question("lists.limit-refused", source=f"{SOURCE}: limit is 1 to 1000")
@pytest.mark.parametrize(
    "limit", ["0", "-1", "-0.5", "0.5", "1001", "1000.5", "1e9", "many", "NaN", "true", "0x10"]
)
def test_a_limit_out_of_bounds_is_refused(port: Organisation, limit: str) -> None:
    port.ask(LIST, query={"limit": limit}).refused(422)


@question("lists.limit-accepted", source=f"{SOURCE}: limit is 1 to 1000")
@pytest.mark.parametrize("limit", ["1", "1000", "10.0"])
def test_a_limit_within_bounds_is_accepted(port: Organisation, limit: str) -> None:
    port.ask(LIST, query={"limit": limit}).must(200)


@question("lists.wrong-values-refused", source=f"{SOURCE}: the types of the parameters")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("active", "yes", id="active-yes"),
        pytest.param("active", "1", id="active-one"),
        pytest.param("active", "True", id="active-in-capitals"),
        pytest.param("source", "CLI", id="source-unknown"),
        pytest.param("source", "api", id="source-in-small-letters"),
        pytest.param("source", ["API", "CLI"], id="source-half-right"),
        pytest.param("version", "v3", id="version-unknown"),
        pytest.param("version", "V2", id="version-in-capitals"),
        pytest.param("version", "2", id="version-number"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(
    port: Organisation, name: str, value: str | list[str]
) -> None:
    port.ask(LIST, query={name: value}).refused(422)


# -- exclude


@question("lists.exclude", source=SOURCE, needs={Need.WRITE})
@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize(
    "excluded",
    [
        pytest.param(["properties"], id="one"),
        pytest.param(["properties", "status", "createdBy"], id="several"),
        pytest.param(["updatedAt", "nothing"], id="unknown"),
    ],
)
def test_a_list_leaves_out_what_is_excluded_and_nothing_else(
    button: Button, excluded: list[str], version: str
) -> None:
    run_id = button.press()["id"]
    whole = button.scene.read(run_id, version)

    query: dict[str, Any] = {"action": button.action, "exclude": excluded, "version": version}
    listed = [one for one in button.scene.runs(**query) if one.get("id") == run_id]

    assert listed == [{key: value for key, value in whole.items() if key not in excluded}]


@question(
    "lists.exclude-forms",
    source="Assumed: lists in queries may be separated by commas or end in brackets",
    level=Level.UNKNOWN,
    needs={Need.WRITE},
)
@pytest.mark.parametrize(
    "query",
    [
        pytest.param("exclude=properties,createdBy", id="commas"),
        pytest.param("exclude[]=properties&exclude[]=createdBy", id="brackets"),
    ],
)
def test_what_is_excluded_may_be_listed_in_other_forms(button: Button, query: str) -> None:
    run_id = button.press()["id"]
    port = button.scene.port

    target = f"/v1/actions/runs?version=v2&{query}"
    runs = port.send("GET", target, token=port.token()).must(200).objects("runs")

    mine = [one for one in runs if one.get("id") == run_id]
    assert [sorted({"properties", "createdBy"} & one.keys()) for one in mine] == [[]]


@question(
    "lists.exclude-is-of-lists-only",
    source="OpenAPI 1.0, GET /v1/actions/runs/{run_id}",
    needs={Need.WRITE},
)
def test_a_single_run_is_read_whole(button: Button) -> None:
    run_id = button.press()["id"]
    button.scene.runs(exclude=["properties"])

    assert "properties" in button.scene.read(run_id)
