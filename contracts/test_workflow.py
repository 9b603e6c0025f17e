"""What one operation answers, the next one can be asked with."""

from __future__ import annotations

from port_fake.contracts.asking import Asking
from port_fake.contracts.options import Profile
from port_fake.contracts.questions import Need, question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.schema.stock import Made


@question(
    "workflow.links",
    source="OpenAPI 1.0: the paths that hold what other operations answer",
    needs={Need.FURNISH},
)
def test_what_an_operation_answers_can_be_asked_for(
    scene: Scene, profile: Profile, asking: Asking
) -> None:
    # schemathesis takes its time to load: only whoever asks this question waits for it.
    from port_fake.contracts.schema.workflow import Walk

    thorough = profile.name != "ci"
    walk = Walk(
        Made(scene),
        scenarios=profile.examples if thorough else 8,
        steps=profile.steps if thorough else 10,
        seed=asking.options.seed,
    )

    walk.carry_out(least=8)
