"""Ocean's own client reads and writes the organisation: log-in, blueprints, entities, actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from port_fake import FakePort
from tests.third_party.integration import Entity, HTTPStatusError, UserAgentType

pytestmark = [pytest.mark.anyio, pytest.mark.port_fake(scenario="microservice")]

OPTIONS: Final = {
    "merge": True,
    "create_missing_related_entities": False,
    "delete_dependent_entities": True,
    "validation_only": False,
}
TO_SERVICE: Final = {"target": "microservice", "many": False, "required": False}


def service(identifier: str, **properties: Any) -> Any:
    """An entity as Ocean's mapping makes it."""
    return Entity(identifier=identifier, blueprint="microservice", properties=properties)


async def test_it_logs_in_as_a_machine(client: Any) -> None:
    assert await client.auth.is_machine_user()
    assert (await client.auth.token).startswith("Bearer ")
    assert not client.auth.last_token_object.expired


async def test_a_users_own_credentials_are_no_machines(
    another: Callable[..., Any], port_fake: FakePort
) -> None:
    own = port_fake.credentials_of("ana.admin@example.com")

    assert not await another(credentials=own).auth.is_machine_user()


async def test_it_renews_a_token_that_the_server_calls_expired(
    client: Any, port_fake: FakePort
) -> None:
    before = await client.auth.token
    port_fake.advance(4 * 3600)

    assert (await client.get_org_id()).startswith("org_")
    assert await client.auth.token != before


async def test_it_reads_the_organisation(client: Any) -> None:
    assert (await client.get_org_id()).startswith("org_")
    assert await client.get_organization_feature_flags() == []
    assert not await client.is_organization_blocked()


async def test_it_makes_changes_and_deletes_a_blueprint(client: Any) -> None:
    draft = {"identifier": "repo", "title": "Repository", "schema": {"properties": {}}}

    created = await client.create_blueprint(draft, UserAgentType.exporter)
    await client.patch_blueprint("repo", {"relations": {"service": TO_SERVICE}})
    read = await client.get_blueprint("repo")
    await client.delete_blueprint("repo", should_raise=True)

    assert (created["identifier"], created["relations"]) == ("repo", {})
    assert (read.identifier, read.relations["service"].target) == ("repo", "microservice")
    with pytest.raises(HTTPStatusError, match="404"):
        await client.get_blueprint("repo")


async def test_it_makes_an_action(client: Any, port_fake: FakePort) -> None:
    trigger = {"type": "self-service", "operation": "CREATE", "userInputs": {"properties": {}}}
    method = {
        "type": "INTEGRATION_ACTION",
        "installationId": "github-prod",
        "integrationActionType": "dispatch_workflow",
        "integrationActionExecutionProperties": {"org": "acme", "workflow": "deploy.yml"},
    }

    await client.create_action(
        {"identifier": "dispatch", "trigger": trigger, "invocationMethod": method}
    )

    stored = port_fake.perform("get-action", path={"action_identifier": "dispatch"})
    assert method.items() <= stored["action"]["invocationMethod"].items()


async def test_it_upserts_and_deletes_an_entity(client: Any, port_fake: FakePort) -> None:
    entity = service("billing", region="us-east-1")

    created = await client.upsert_entity(entity, OPTIONS, UserAgentType.exporter)
    again = await client.upsert_entity(entity, OPTIONS, UserAgentType.exporter)
    await client.delete_entity(entity, OPTIONS, UserAgentType.exporter)
    await client.delete_entity(entity, OPTIONS, UserAgentType.exporter)  # it is gone: no error

    assert (created.identifier, created.blueprint) == ("billing", "microservice")
    assert again.identifier == "billing"
    seen = [exchange.status for exchange in port_fake.requests if exchange.method == "DELETE"]
    assert seen == [200, 404]


async def test_an_unmet_relation_is_answered_with_false(client: Any, port_fake: FakePort) -> None:
    port_fake.add_blueprint("repo", relations={"service": TO_SERVICE})
    entity = Entity(identifier="till", blueprint="repo", relations={"service": "unknown"})

    assert await client.upsert_entity(entity, OPTIONS) is False


async def test_a_refused_entity_raises(client: Any) -> None:
    with pytest.raises(HTTPStatusError, match="422"):
        await client.upsert_entity(service("odd", region=7), OPTIONS)


async def test_it_upserts_and_deletes_in_bulk(client: Any) -> None:
    entities = [service("mail", region="eu-west-1"), service("odd", region=7)]

    single = await client.upsert_entities_bulk("microservice", entities, OPTIONS)
    batches = await client.upsert_entities_in_batches(entities, OPTIONS, UserAgentType.exporter)
    deleted = await client.bulk_delete_entities("microservice", ["mail", "gone"], OPTIONS)

    assert [(done, entity.identifier) for done, entity in single] == [
        (True, "mail"),
        (False, "odd"),
    ]
    assert [done for done, _ in batches] == [True, False]
    assert deleted == ["mail"]
