"""Scenarios: folders that furnish an organisation, and what is said of broken ones."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from port_fake import FakePort, MisuseError
from port_fake._resources import directory
from port_fake.scenarios.folders import find
from port_fake.scenarios.parts import PARTS

SHIPPED: Final = sorted(one.name for one in (directory("fixtures") / "scenarios").iterdir())
LEA: Final = "lea.lead@example.com"


def written(folder: Path, **parts: Any) -> Path:
    """Write a scenario: the content of each file by its name without ``.json``."""
    for name, content in parts.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder


def mistake(folder: Path) -> str:
    """Return what is said of the scenario in *folder*."""
    with pytest.raises(MisuseError) as told:
        FakePort(scenario=folder)
    return str(told.value)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_scenario_that_comes_along_can_be_loaded(name: str) -> None:
    port = FakePort(scenario=name)

    assert port.perform("get-actions")["actions"]
    assert port.runs() == []


def test_the_microservice_scenario_tells_the_first_tutorial() -> None:
    port = FakePort(scenario="microservice")

    free = port.execute("create_microservice", {"name": "billing"}, as_user=LEA)
    gated = port.execute("deploy_to_production", {"version": "2"}, entity="checkout")

    assert free.properties == {"name": "billing", "region": "eu-west-1"}
    assert free.status == "IN_PROGRESS"
    assert gated.status == "WAITING_FOR_APPROVAL"
    assert port.approve(gated, as_user=LEA).status == "IN_PROGRESS"


def test_loading_makes_no_request_and_belongs_to_the_organisation_itself() -> None:
    port = FakePort(scenario="microservice")

    (action, *_) = port.perform("get-actions")["actions"]
    assert action["createdBy"] == port.client_id
    assert port.requests == []


def test_files_may_refer_to_each_other_whatever_their_names(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        actions=[
            {
                "identifier": "deploy",
                "trigger": {
                    "type": "self-service",
                    "operation": "DAY-2",
                    "blueprintIdentifier": "service",
                    "userInputs": {"properties": {}, "required": []},
                },
                "invocationMethod": {"type": "WEBHOOK", "url": "https://example.com"},
                "requiredApproval": True,
            }
        ],
        blueprints=[{"identifier": "service", "title": "S", "schema": {"properties": {}}}],
        entities=[{"blueprint": "service", "identifier": "till", "team": "ops", "properties": {}}],
        permissions=[{"action": "deploy", "approve": {"users": ["ana@example.com"]}}],
        teams=[{"name": "ops"}],
        users=[{"email": "ana@example.com", "teams": ["ops"]}],
    )

    port = FakePort(scenario=folder)

    run = port.execute("deploy", entity="till")
    assert port.approve(run, as_user="ana@example.com").status == "IN_PROGRESS"
    assert port.caller("ana@example.com").user is not None


@pytest.mark.parametrize("kind", [str, Path])
def test_a_folder_may_be_a_path_or_its_text(tmp_path: Path, kind: type[Any]) -> None:
    port = FakePort(scenario=kind(written(tmp_path, teams=[{"name": "ops"}])))

    assert [team["name"] for team in port.perform("get-teams")["teams"]] == ["ops"]


def test_an_empty_list_furnishes_nothing(tmp_path: Path) -> None:
    port = FakePort(scenario=written(tmp_path, users=[]))

    assert port.perform("get-users")["users"] == []


def test_a_folder_of_ones_own_goes_before_one_that_comes_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "microservice").mkdir()
    written(tmp_path / "microservice", teams=[{"name": "ours"}])
    monkeypatch.chdir(tmp_path)

    port = FakePort(scenario="microservice")

    assert [team["name"] for team in port.perform("get-teams")["teams"]] == ["ours"]


def test_a_folder_that_only_bears_the_name_is_not_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "microservice").mkdir()
    (tmp_path / "microservice" / "package.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert find("microservice") == directory("fixtures") / "scenarios" / "microservice"


def test_a_scenario_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(MisuseError, match=r"no scenario 'monolith': .*microservice"):
        FakePort(scenario="monolith")


def test_a_folder_without_a_scenario_is_told_what_it_could_hold(tmp_path: Path) -> None:
    told = mistake(tmp_path)

    assert told.startswith(f"{tmp_path} holds no scenario")
    assert [part.name for part in PARTS if part.name not in told] == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "line 1, column 1"),
        ('[\n  {"name": "ops"},\n  {"name": }\n]', "line 3, column 12"),
        ('[{"name": "ops"}', "line 1, column 17"),
        ("[] []", "line 1, column 4"),
    ],
)
def test_what_is_no_json_is_told_by_line_and_column(tmp_path: Path, text: str, place: str) -> None:
    assert f"{tmp_path / 'teams.json'}, {place}: " in mistake(written(tmp_path, teams=text))


def test_what_is_no_text_is_told_by_file(tmp_path: Path) -> None:
    (tmp_path / "teams.json").write_bytes(b'[{"name": "\xff"}]')

    assert mistake(tmp_path).startswith(f"{tmp_path / 'teams.json'}: ")


@pytest.mark.parametrize("content", [{}, "7", "null", '"ops"'])
def test_what_is_no_list_is_told_by_file(tmp_path: Path, content: Any) -> None:
    assert mistake(written(tmp_path, teams=content)) == (
        f"{tmp_path / 'teams.json'}: expected a list"
    )


@pytest.mark.parametrize("item", ["ops", 7, None, ["ops"]])
def test_an_item_that_is_no_object_is_told_by_number(tmp_path: Path, item: Any) -> None:
    folder = written(tmp_path, teams=[{"name": "ops"}, item])

    assert mistake(folder) == f"{tmp_path / 'teams.json'}, item 1: expected an object"


@pytest.mark.parametrize(("part", "key"), [("entities", "blueprint"), ("permissions", "action")])
@pytest.mark.parametrize("value", [None, 7])
def test_an_item_must_say_what_it_belongs_to(
    tmp_path: Path, part: str, key: str, value: int | None
) -> None:
    folder = written(tmp_path, **{part: [{key: value} if value else {}]})

    assert mistake(folder).endswith(f"{part}.json, item 0: expected a text as '{key}'")


@pytest.mark.parametrize(
    ("part", "items", "rule"),
    [
        ("teams", [{"name": "ops"}, {"name": "ops"}], "item 1: .*exists already"),
        ("teams", [{"title": "ops"}], "item 0: .*name"),
        ("users", [{"email": "ana@example.com", "teams": ["ghosts"]}], "item 0: .*ghosts"),
        ("users", [{"email": 7}], "item 0, email: "),
        ("blueprints", [{"identifier": "service"}], "item 0: .*title"),
        ("entities", [{"blueprint": "ghosts", "identifier": "a"}], "item 0: .*ghosts"),
        ("actions", [{"identifier": "deploy", "trigger": {}}], "item 0: .*invocationMethod"),
        ("permissions", [{"action": "ghosts"}], "item 0: .*ghosts"),
    ],
)
def test_what_port_would_refuse_is_told_by_file_number_and_rule(
    tmp_path: Path, part: str, items: list[Any], rule: str
) -> None:
    told = mistake(written(tmp_path, **{part: items}))

    assert told.startswith(f"{tmp_path / part}.json, ")
    with pytest.raises(MisuseError, match=rule):
        FakePort(scenario=tmp_path)


def test_loading_a_scenario_twice_is_told_by_its_first_item() -> None:
    port = FakePort(scenario="microservice")

    with pytest.raises(MisuseError, match=r"teams\.json, item 0: .*'platform' exists already"):
        port.load("microservice")
