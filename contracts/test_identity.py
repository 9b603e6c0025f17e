"""That ids and texts are taken as they are written, to the letter."""

from __future__ import annotations

import pytest

from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Button, Scene


@question(
    "runs.id-is-matched-to-the-letter",
    source="OpenAPI 1.0, GET /v1/actions/runs/{run_id}",
    needs={Need.WRITE},
)
def test_an_id_in_another_case_is_another_id(button: Button) -> None:
    run_id = button.press()["id"]

    reply = button.scene.port.ask("get-action-run-s-details", path={"run_id": run_id.swapcase()})

    reply.refused(404)


@question(
    "runs.texts-come-back",
    source="OpenAPI 1.0, POST /v1/actions/{action_identifier}/runs",
    needs={Need.FURNISH},
)
@pytest.mark.parametrize(
    "text",
    ["e\u0301", "\ufb01le \u2460", " a\tb ", "\u00e9 \U0001f680"],
    ids=["decomposed", "compatible", "white-space", "unicode"],
)
def test_a_text_that_was_given_is_the_text_that_is_read(scene: Scene, text: str) -> None:
    run = scene.run(scene.action(), properties={"version": text})

    assert run.get("properties") == {"version": text}
    assert scene.read(run["id"]).get("properties") == {"version": text}
