"""A state machine over linked operations: what one answers, the next one is asked with."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final
from urllib.parse import quote

import hypothesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode, checks
from schemathesis.core import NotSet
from schemathesis.generation.stateful.state_machine import APIStateMachine, StepInput, StepOutput

from port_fake.contracts.pace import TimeIsUpError
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.schema.cases import AnyCase, load
from port_fake.contracts.schema.complaints import Complaint, Complaints
from port_fake.contracts.schema.judging import DOCUMENTED, Inquiry
from port_fake.contracts.schema.links import BODIES, LINKS, write_links
from port_fake.contracts.schema.stock import Made
from port_fake.contracts.schema.wanted import ROWS
from port_fake.contracts.wire import UnreachableError

STATEFUL: Final = (
    *(one for one in DOCUMENTED if one is not checks.positive_data_acceptance),
    checks.use_after_free,
    checks.ensure_resource_availability,
)
"""The last two look back at what was asked before. What is well-formed may come at the wrong time:
a run that is finished takes no more reports.
"""


class Walk:
    """Walks along the links, *scenarios* times *steps* steps at most."""

    def __init__(self, stock: Made, *, scenarios: int, steps: int, seed: int) -> None:
        self.complaints = Complaints()
        self.followed: Counter[str] = Counter()
        self._stock = stock
        self._scenarios = scenarios
        self._steps = steps
        self._seed = seed
        self._ended: Exception | None = None
        self._inquiry = Inquiry(stock.port, complaints=self.complaints, documented=STATEFUL)

    def carry_out(self, *, least: int) -> None:
        """Walk.

        Raises:
            AnswerError: Some answer is not as it must be, or fewer than *least* different links
                led to a success.
            TimeIsUpError: There was no time left.
            UnreachableError: The target broke off.
        """
        machine = self._machine()
        settings = hypothesis.settings(
            max_examples=self._scenarios,
            stateful_step_count=self._steps,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        hypothesis.seed(self._seed)(machine)
        machine.run(settings=settings)
        self.complaints.settle()
        if self._ended is not None:
            raise self._ended
        if len(self.followed) < least:
            links = ", ".join(sorted(self.followed)) or "none"
            raise AnswerError(
                f"{self.complaints.accepted} of {self.complaints.requests} requests were accepted, "
                f"and {len(self.followed)} links led to a success ({links}): it must be {least}"
            )

    def _machine(self) -> type[APIStateMachine]:
        walk = self
        linked = load(write_links)
        linked.config.generation.update(modes=[GenerationMode.POSITIVE])

        class Machine(linked.as_state_machine()):  # type: ignore[misc] # its rules are made of links
            def step(self, input: StepInput) -> StepOutput | None:  # noqa: A002 - the parent's name
                return walk.step(input, recorder=self.recorder)

        return Machine

    def step(self, step: StepInput, *, recorder: Any) -> StepOutput | None:
        """Send what a step asks, and let the checks look at the answer; None if none came.

        Nothing is raised: Hypothesis would play the scenario again, and tell something else.
        """
        if self._ended is not None:
            return None
        try:
            return self._asked(step, recorder=recorder)
        except AnswerError as error:
            self.complaints.add(Complaint("arranged", step.case.operation.label, str(error)))
        except (TimeIsUpError, UnreachableError) as error:
            self._ended = error
        return None

    def _asked(self, step: StepInput, *, recorder: Any) -> StepOutput:
        case = step.case
        if step.transition is None:
            self._begin(case)
        elif not isinstance(case.body, NotSet) and _name(case) in BODIES:
            case.body = BODIES[_name(case)]
        found = self._inquiry.examine(case, recorder=recorder)
        if found is None:
            raise AnswerError(f"{case.method} {case.path} could not be sent")
        deed, response = found
        if step.transition is not None and step.is_applied:
            link = step.transition.id
            if deed.is_accepted:
                self.followed[link] += 1
            elif deed.reply.status == NOT_FOUND and "run_id" in deed.path:
                text = "a run that was answered is there for good"
                self.complaints.add(Complaint("links", deed.reply.told, text))
        return StepOutput(response, case)

    def _begin(self, case: AnyCase) -> None:
        """Let a scenario begin with what must succeed."""
        wanted = ROWS[_name(case)](self._stock)
        case.path_parameters = {key: quote(one, safe="") for key, one in wanted.path.items()}
        case.query = dict(wanted.query)
        if wanted.body is not None:
            case.body = wanted.body


NOT_FOUND: Final = 404
EVERY: Final = sum(len(one.targets) for one in LINKS.values())
"""How many links there are."""


def _name(case: AnyCase) -> str:
    return str(case.operation.definition.raw["operationId"])
