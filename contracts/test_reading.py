"""What holds of whatever runs there are: asked by reading only, of any organisation."""

from __future__ import annotations

import json

import pytest

from port_fake.contracts.anatomy import (
    OPEN,
    enveloped,
    lasting,
    misshapen,
    misshapen_line,
    moment_of,
    named_by,
    text_of,
)
from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Level, Need, question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.sites import Site

LIST = "get-all-action-runs"
READ = "get-action-run-s-details"
LOGS = "get-action-s-run-logs"
APPROVERS = "get-action-run-s-approvers"
LISTING = "OpenAPI 1.0, GET /v1/actions/runs"
READING = "OpenAPI 1.0, GET /v1/actions/runs/{run_id}"
SAMPLES = "docs: samples of runs"
NOWHERE = "r_0000000000000000"
LOOKED_AT = 5
"""How many of the newest runs are looked at one by one."""


@pytest.fixture
def looked(scene: Scene, site: Site) -> Scene:
    """An organisation with some runs: whatever is there; where that may be done, a few more."""
    if Need.FURNISH in site.offers:
        _furnish(scene)
    if not scene.runs(limit=1):
        pytest.skip("the organisation has no runs")
    return scene


def _furnish(scene: Scene) -> None:
    service = scene.blueprint("service")
    restart = scene.action("restart", blueprint=service, operation="DAY-2")
    scene.run(restart, entity=scene.entity(service))
    deploy = scene.action("deploy")
    done, gone = scene.run(deploy)["id"], scene.run(deploy)["id"]
    scene.update(done, status="SUCCESS", externalRunId=scene.named("b"), link="https://a.example")
    for text in ("one", "two", "three"):
        scene.log(done, text)
    scene.log(gone, "gone", terminationStatus="FAILURE", statusLabel="Gone")
    scene.run(scene.action("gated", approval="ANY"))


@question("reading.list.shape", source=LISTING)
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_every_run_of_a_list_has_its_shape_and_a_known_status(looked: Scene, version: str) -> None:
    listed = looked.runs(limit=100, version=version)

    assert [wrong for run in listed if (wrong := misshapen(run, version))] == []


@question("reading.list.order", source=f"{LISTING}. Assumed: newest first")
def test_every_run_of_a_list_is_older_than_the_one_before(looked: Scene) -> None:
    moments = [moment_of(run, "createdAt") for run in looked.runs(limit=100)]

    assert moments == sorted(moments, reverse=True)


@question("reading.list.each-once", source=LISTING)
def test_no_run_is_listed_twice(looked: Scene) -> None:
    ids = [text_of(run, "id") for run in looked.runs(limit=100)]

    assert len(set(ids)) == len(ids)


@question("reading.list.limit", source=LISTING)
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_list_has_as_many_runs_as_there_are_and_were_asked_for(looked: Scene, limit: int) -> None:
    there = len(looked.runs(limit=3))

    assert len(looked.runs(limit=limit)) == min(limit, there)


@question("reading.run.is-as-it-is-listed", source=READING)
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_run_is_read_as_it_is_listed(looked: Scene, version: str) -> None:
    for listed in looked.runs(limit=LOOKED_AT, version=version):
        found = looked.read(text_of(listed, "id"), version)
        if found.get("updatedAt") == listed.get("updatedAt"):
            assert found == listed
        else:  # it was reported on in between
            assert lasting(found) == lasting(listed)


@question("reading.run.both-versions-agree", source=f"{READING}; docs: tutorial of 2022")
def test_a_run_is_the_same_in_both_versions(looked: Scene) -> None:
    for run in looked.runs(limit=LOOKED_AT):
        run_id = text_of(run, "id")
        one, two = looked.read(run_id, "v1"), looked.read(run_id, "v2")
        for key in ("id", "source", "createdAt", "createdBy"):
            assert (key, one.get(key)) == (key, two.get(key))
        for key in ("action", "blueprint", "entity"):
            assert (key, named_by(one.get(key))) == (key, named_by(two.get(key)))
        assert isinstance(one.get("action"), str)
        assert isinstance(two.get("action"), dict)


@question("reading.run.same-inputs-in-both-versions", source=f"{READING}; docs: tutorial of 2022")
def test_the_inputs_of_a_run_have_the_same_names_in_both_versions(looked: Scene) -> None:
    for run in looked.runs(limit=LOOKED_AT):
        run_id = text_of(run, "id")
        one = looked.read(run_id, "v1").get("properties")
        two = looked.read(run_id, "v2").get("properties")
        assert isinstance(one, dict)
        assert isinstance(two, dict)
        assert sorted(one) == sorted(two)


@question(
    "reading.run.is-v1-unless-asked",
    source="docs: the example of GET without a version; clients ask for v2 where they need it",
)
def test_without_a_version_a_run_is_read_in_v1(looked: Scene) -> None:
    run_id = text_of(looked.runs(limit=1)[0], "id")

    found = looked.port.get(READ, path={"run_id": run_id}).object("run")
    listed = looked.port.get(LIST, query={"limit": LOOKED_AT}).objects("runs")

    assert misshapen(found, "v1") == []
    assert [misshapen(run, "v1") for run in listed] == [[] for _ in listed]


@question("reading.run.ended-or-open", source=SAMPLES)
def test_a_run_has_an_end_if_and_only_if_it_is_over(looked: Scene) -> None:
    for run in looked.runs(limit=100):
        if run.get("status") in OPEN:
            assert "endedAt" not in run
        else:
            assert moment_of(run, "createdAt") <= moment_of(run, "endedAt")
    for run in looked.runs(limit=100, version="v1"):
        assert (run.get("endedAt", "missing") is None) == (run.get("status") in OPEN)


@question("reading.run.stamps", source=SAMPLES)
def test_no_run_was_updated_before_it_was_created(looked: Scene) -> None:
    for run in looked.runs(limit=100):
        assert moment_of(run, "createdAt") <= moment_of(run, "updatedAt")


# -- filters, by values of what is there


@question("reading.filter", source=f"{LISTING}: filters")
@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param("action", "action", id="action"),
        pytest.param("blueprint", "blueprint", id="blueprint"),
        pytest.param("entity", "entity", id="entity"),
        pytest.param("user_id", "createdBy", id="user-id"),
        pytest.param("external_run_id", "externalRunId", id="external-id"),
        pytest.param("source", "source", id="source"),
    ],
)
def test_a_filter_leaves_runs_that_have_that_value(looked: Scene, name: str, key: str) -> None:
    there = looked.runs(limit=100)
    values = {value for run in there if isinstance(value := named_by(run.get(key)), str) and value}
    if not values:
        pytest.skip(f"no run has {key}")

    for value in sorted(values)[:LOOKED_AT]:
        found = looked.runs(limit=100, **{name: value})
        assert {json.dumps(named_by(run.get(key))) for run in found} == {json.dumps(value)}
        ids = [run.get("id") for run in there if named_by(run.get(key)) == value]
        assert [one for one in ids if one not in [run.get("id") for run in found]] == []


@question("reading.filter.active", source=f"{LISTING}: active")
def test_active_leaves_no_run_that_is_over(looked: Scene) -> None:
    active = looked.runs(limit=100, active=True)

    assert [run.get("status") for run in active if run.get("status") not in OPEN] == []
    going = [run.get("id") for run in looked.runs(limit=50) if run.get("status") == "IN_PROGRESS"]
    ids = [run.get("id") for run in active]
    assert [one for one in going if one not in ids] == []


@question("reading.exclude", source=f"{LISTING}: exclude")
@pytest.mark.parametrize("key", ["properties", "createdBy", "status"])
def test_a_list_leaves_out_what_is_excluded(looked: Scene, key: str) -> None:
    whole, rest = looked.runs(limit=LOOKED_AT), looked.runs(limit=LOOKED_AT, exclude=[key])

    assert [run for run in rest if key in run] == []
    assert [run.get("id") for run in rest] == [run.get("id") for run in whole]


# -- logs and approvers


@question("reading.logs", source="OpenAPI 1.0, GET /v1/actions/runs/{run_id}/logs")
def test_logs_have_their_shape_their_order_and_their_run(looked: Scene) -> None:
    for run in looked.runs(limit=LOOKED_AT):
        run_id = text_of(run, "id")
        lines = enveloped(looked.port.get(LOGS, path={"run_id": run_id}), "runLogs")
        assert lines == looked.logs(run_id)
        assert [wrong for line in looked.logs(run_id) if (wrong := misshapen_line(line))] == []
        assert [line for line in looked.logs(run_id) if line.get("runId") != run_id] == []
        moments = [moment_of(line, "createdAt") for line in looked.logs(run_id)]
        assert moments == sorted(moments)


@question("reading.logs.pages", source="OpenAPI 1.0, GET /v1/actions/runs/{run_id}/logs")
def test_pages_of_logs_are_parts_of_the_whole(looked: Scene) -> None:
    for run in looked.runs(limit=LOOKED_AT):
        run_id = text_of(run, "id")
        whole = looked.logs(run_id, limit=50)
        assert looked.logs(run_id, limit=1) == whole[:1]
        assert looked.logs(run_id, limit=1, offset=1) == whole[1:2]
        assert looked.logs(run_id, limit=2, offset=2) == whole[2:4]


@question("reading.approvers", source="OpenAPI 1.0, GET /v1/actions/runs/{run_id}/approvers")
@pytest.mark.parametrize("pending", [True, False], ids=["pending", "voted"])
def test_approvers_are_users_and_states(looked: Scene, *, pending: bool) -> None:
    for run in looked.runs(limit=LOOKED_AT):
        path = {"run_id": text_of(run, "id")}
        reply = looked.port.get(APPROVERS, path=path, query={"include_pending_approvers": pending})
        for one in reply.objects("approvers"):
            text_of(one, "userId")
            text_of(one, "state")
        if run.get("requiredApproval") is False:
            assert enveloped(reply, "approvers") == []


# -- what is not there, and what nobody may ask


@question("reading.unknown-run", source="OpenAPI 1.0, 404; client: ocean (the word not_found)")
@pytest.mark.parametrize("operation", [READ, LOGS, APPROVERS], ids=["run", "logs", "approvers"])
@pytest.mark.parametrize(
    "run_id",
    [
        pytest.param(NOWHERE, id="free"),
        pytest.param("nothing", id="of-no-form"),
        pytest.param("r_é ✓/..%2F", id="odd"),
        pytest.param("r_" + "0" * 500, id="long"),
    ],
)
def test_a_run_that_is_not_there_is_404(port: Organisation, operation: str, run_id: str) -> None:
    reply = port.ask(operation, path={"run_id": run_id}).refused(404)

    assert reply["error"] == "not_found"
    assert isinstance(reply["message"], str)


@question("reading.version-refused", source=f"{READING}: version is v1 or v2")
@pytest.mark.parametrize("version", ["v3", "V1", "1", "v1,v2"])
def test_a_version_that_does_not_exist_is_refused(looked: Scene, version: str) -> None:
    path = {"run_id": text_of(looked.runs(limit=1)[0], "id")}

    looked.port.ask(READ, path=path, query={"version": version}).refused(422)


@question("reading.pending-refused", source="OpenAPI 1.0: include_pending_approvers is a boolean")
@pytest.mark.parametrize("value", ["yes", "1", "TRUE"])
def test_pending_approvers_are_asked_for_by_true_or_false(looked: Scene, value: str) -> None:
    path = {"run_id": text_of(looked.runs(limit=1)[0], "id")}
    query = {"include_pending_approvers": value}

    looked.port.ask(APPROVERS, path=path, query=query).refused(422)


@question(
    "reading.offset-below-zero",
    source="Assumed: an offset below zero counts as zero",
    level=Level.UNKNOWN,
)
def test_an_offset_below_zero_is_the_beginning(looked: Scene) -> None:
    run_id = text_of(looked.runs(limit=1)[0], "id")

    assert looked.logs(run_id, offset=-1) == looked.logs(run_id)
