"""Every operation of the document, examined by schemathesis and by checks of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from port_fake.contracts.asking import Asking
from port_fake.contracts.options import Profile
from port_fake.contracts.questions import MARKER, Need, Question
from port_fake.contracts.scenes import Scene
from port_fake.contracts.schema.left_out import NOT_OURS, OUT_OF_REACH
from port_fake.contracts.schema.stock import Found, Made
from port_fake.contracts.sites import FakeSite, Site
from port_fake.strategies.playing.targets import OPERATIONS


def each_operation() -> Iterator[object]:
    for name, operation in OPERATIONS.items():
        needs = frozenset() if operation.method == "GET" else frozenset({Need.FURNISH})
        source = f"OpenAPI 1.0, {operation.method} {operation.path}"
        text = "every answer is as documented"
        question = Question("schema", source, needs=needs, text=text)
        yield pytest.param(name, id=name, marks=getattr(pytest.mark, MARKER)(question))


@pytest.mark.parametrize("operation", [*each_operation()])
def test_every_answer_is_as_documented(
    operation: str, *, scene: Scene, site: Site, profile: Profile, asking: Asking,
    observe: Callable[[str], None],
) -> None:  # fmt: skip
    # schemathesis takes its time to load: only whoever asks these questions waits for it.
    from port_fake.contracts.schema.examination import Effort, Examination

    is_fake = isinstance(site, FakeSite)
    may_write = Need.FURNISH in site.offers
    if may_write and not is_fake and operation in NOT_OURS:
        pytest.skip(NOT_OURS[operation])
    thorough = profile.name != "ci"
    effort = Effort(
        covering=5 * profile.examples if thorough else 3 * profile.examples // 5,
        drawn=profile.examples if thorough else 2,
        drawn_if_large=profile.examples if thorough else 0,
        seed=asking.options.seed,
        is_fake=is_fake,
        may_write=may_write,
    )
    stock = Made(scene) if may_write else Found(scene.port)
    examination = Examination(operation, stock=stock, effort=effort)

    examination.carry_out()

    if operation in OUT_OF_REACH:
        observe(f"only refusals were seen: {OUT_OF_REACH[operation]}")
    for note in examination.complaints.notes:
        observe(note)
