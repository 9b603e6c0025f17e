"""What is true of one run: as it is made, read and reported on."""

from __future__ import annotations

from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Button


@question(
    "runs.created.is-readable",
    source="OpenAPI 1.0, GET /v1/actions/runs/{run_id}",
    needs={Need.WRITE},
)
def test_a_created_run_is_readable_as_it_was_answered(button: Button) -> None:
    made = button.press()

    found = button.scene.read(made["id"])

    assert found["id"] == made["id"]
    assert found["properties"] == made["properties"]
