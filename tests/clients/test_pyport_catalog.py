"""PyPort 0.3.3, unchanged: blueprints, entities, people and the organisation."""

from typing import Any, Final

import pytest
from pyport.exceptions import PortApiError  # type: ignore[import-untyped]  # it ships no types

from port_fake import FakePort

pytestmark = pytest.mark.port_fake(scenario="microservice")

CLUSTER: Final[dict[str, Any]] = {
    "identifier": "cluster",
    "title": "Cluster",
    "schema": {"properties": {"nodes": {"type": "number"}}, "required": []},
}
BILLING: Final[dict[str, Any]] = {
    "identifier": "billing",
    "title": "Billing",
    "properties": {"region": "us-east-1"},
}


@pytest.fixture
def placed(port_fake: FakePort) -> FakePort:
    """The organisation, with blueprint *place*, whose entities must relate to a microservice."""
    relation = {"target": "microservice", "required": False, "many": False}
    port_fake.add_blueprint("place", relations={"service": relation})
    return port_fake


def test_it_writes_reads_and_lists_blueprints(pyport: Any) -> None:
    made = pyport.blueprints.create_blueprint(CLUSTER)
    changed = pyport.blueprints.update_blueprint("cluster", {**CLUSTER, "title": "Clusters"})

    assert CLUSTER.items() <= made.items()
    assert (changed["title"], changed["relations"]) == ("Clusters", {})
    assert pyport.blueprints.get_blueprint("cluster") == changed
    assert [one["identifier"] for one in pyport.blueprints.get_blueprints(page=1)] == [
        "microservice",
        "cluster",
    ]


def test_it_deletes_a_blueprint_and_believes_that_it_has_not(pyport: Any) -> None:
    pyport.blueprints.create_blueprint(CLUSTER)

    assert pyport.blueprints.delete_blueprint("cluster") is False
    assert [one["identifier"] for one in pyport.blueprints.get_blueprints()] == ["microservice"]


def test_it_reads_and_clears_the_entities_of_a_blueprint(pyport: Any) -> None:
    chosen = pyport.blueprints.get_blueprint_entities(
        "microservice", include=["title", "region"], compact=None
    )
    counted = pyport.blueprints.get_blueprint_entities_count("microservice")
    cleared = pyport.blueprints.delete_all_blueprint_entities("microservice")

    assert [one["properties"] for one in chosen["entities"]] == [{"region": "eu-west-1"}]
    assert counted == {"ok": True, "count": 1}
    assert cleared == {}, "PyPort reads a key that the API does not send"
    assert pyport.entities.get_entities("microservice") == []


def test_it_writes_a_boolean_of_python_into_a_query_and_is_refused(pyport: Any) -> None:
    with pytest.raises(PortApiError) as refusal:
        pyport.blueprints.get_blueprint_entities("microservice", exclude_calculated_properties=True)

    assert refusal.value.status_code == 422
    assert "exclude_calculated_properties" in refusal.value.response_body["message"]


def test_it_creates_reads_and_counts_entities(pyport: Any, port_fake: FakePort) -> None:
    answer = pyport.entities.create_entity("microservice", BILLING)

    assert answer["entity"]["properties"] == {"region": "us-east-1"}
    assert pyport.entities.get_entity("microservice", "billing") == answer["entity"]
    assert pyport.entities.get_entities("microservice", page=1)[1] == answer["entity"]
    assert pyport.entities.get_entities_count("microservice") == 2
    port_fake.assert_called(
        "POST",
        "/v1/blueprints/microservice/entities",
        query={
            "upsert": "false",
            "validation_only": "false",
            "create_missing_related_entities": "false",
            "merge": "false",
        },
    )


def test_an_entity_that_exists_needs_upsert(pyport: Any) -> None:
    other = {"identifier": "checkout", "properties": {"region": "us-east-1"}}

    with pytest.raises(PortApiError) as refusal:
        pyport.entities.create_entity("microservice", other)
    merged = pyport.entities.create_entity("microservice", other, upsert=True, merge=True)
    replaced = pyport.entities.create_entity("microservice", other, upsert=True)

    assert refusal.value.status_code == 409
    assert merged["entity"]["properties"].keys() == {"region", "url"}
    assert replaced["entity"]["properties"].keys() == {"region"}


def test_validation_stores_nothing(pyport: Any) -> None:
    answer = pyport.entities.create_entity("microservice", BILLING, validation_only=True)

    assert answer["entity"]["identifier"] == "billing"
    assert pyport.entities.get_entities_count("microservice") == 1


def test_a_related_entity_is_made_on_request(pyport: Any, placed: FakePort) -> None:
    berlin = {"identifier": "berlin", "relations": {"service": "new-one"}}

    with pytest.raises(PortApiError) as refusal:
        pyport.entities.create_entity("place", berlin)
    pyport.entities.create_entity("place", berlin, create_missing_related_entities=True)

    assert refusal.value.status_code == 404
    assert pyport.entities.get_entity("microservice", "new-one")["title"] == "new-one"
    placed.assert_called("GET", "/v1/blueprints/microservice/entities/new-one", status=200)


def test_it_replaces_an_entity(pyport: Any) -> None:
    answer = pyport.entities.update_entity(
        "microservice", "checkout", {"title": "Till", "properties": {"region": "eu-west-1"}}
    )

    assert answer["entity"]["title"] == "Till"
    assert answer["entity"]["properties"] == {"region": "eu-west-1"}


def test_it_deletes_an_entity_and_believes_that_it_has_not(pyport: Any) -> None:
    assert pyport.entities.delete_entity("microservice", "checkout") is False
    assert pyport.entities.get_entities_count("microservice") == 0


def test_a_bulk_tells_each_entity_apart(pyport: Any) -> None:
    answer = pyport.entities.create_entities_bulk(
        "microservice", [BILLING, {"identifier": "checkout"}, {"identifier": "mail"}]
    )

    assert answer["ok"] is False
    assert [(one["index"], one["identifier"], one["created"]) for one in answer["entities"]] == [
        (0, "billing", True),
        (2, "mail", True),
    ]
    assert [(one["index"], one["statusCode"]) for one in answer["errors"]] == [(1, 409)]


def test_it_reads_people_and_the_organisation(pyport: Any) -> None:
    users = pyport.users.get_users(params={"fields": ["email"]})
    invited = pyport.users.invite_user({"invitee": {"email": "new@example.com"}})
    teams = pyport.teams.get_teams()
    team = pyport.teams.get_team("platform")
    organisation = pyport.organizations.get_organization_details()

    assert len(users["users"]) == 3
    assert invited == {"ok": True}
    assert pyport.users.get_user("new@example.com")["user"]["roles"] == [{"name": "Member"}]
    assert [one["name"] for one in teams["teams"]] == ["platform", "payments"]
    assert team["team"]["description"] == "Runs the platform"
    assert organisation["organization"]["id"].startswith("org_")
