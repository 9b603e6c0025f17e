"""That what is there is shown to nobody without a token."""

from __future__ import annotations

import pytest

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Button, Scene

AUTH = "OpenAPI 1.0, security of every operation"


@question("auth.strangers.see-no-run", source=AUTH, needs={Need.WRITE})
@pytest.mark.parametrize("part", ["", "/logs", "/approvers"], ids=["run", "logs", "approvers"])
def test_a_run_that_exists_is_not_shown_without_a_token(button: Button, part: str) -> None:
    run_id = button.press()["id"]
    button.scene.log(run_id, "for friends only")

    reply = button.scene.port.send("GET", f"/v1/actions/runs/{run_id}{part}")

    reply.refused(401)


@question("auth.strangers.see-no-catalog", source=AUTH, needs={Need.FURNISH})
@pytest.mark.parametrize("kind", ["actions", "blueprint", "entities", "entity"])
def test_what_surrounds_runs_is_not_shown_without_a_token(scene: Scene, kind: str) -> None:
    action, blueprint = scene.action(), scene.blueprint()
    entity = scene.entity(blueprint)
    paths = {
        "actions": f"/v1/actions/{action}",
        "blueprint": f"/v1/blueprints/{blueprint}",
        "entities": f"/v1/blueprints/{blueprint}/entities",
        "entity": f"/v1/blueprints/{blueprint}/entities/{entity}",
    }

    reply = scene.port.send("GET", paths[kind])

    reply.refused(401)


@question(
    "auth.log-in.wrong-secret-after-a-good-one",
    source="OpenAPI 1.0, POST /v1/auth/access_token",
    needs={Need.FURNISH},
)
def test_who_has_logged_in_before_still_needs_the_secret(port: Organisation) -> None:
    port.log_in(port.credentials)
    body = {"clientId": port.credentials.client_id, "clientSecret": "not the secret"}

    reply = port.send("POST", "/v1/auth/access_token", body=body)

    reply.refused(401)
