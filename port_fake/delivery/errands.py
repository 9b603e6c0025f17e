"""What has to be evaluated before something can leave the fake, or happen in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from port_fake.delivery.ledger import Ledger
from port_fake.expressions.templates import Rendered, expressions_in
from port_fake.surface.letters import Plan
from port_fake.surface.occasions import Occasion
from port_fake.world.world import World

if TYPE_CHECKING:
    from port_fake.delivery.office import Office


class Job(Protocol):
    """Something to evaluate."""

    @property
    def expressions(self) -> list[str]:
        """What has to be evaluated."""
        ...

    def work(self, office: Office, world: World) -> None:
        """Evaluate; may block. Needs no lock: a job holds all that it looks at."""
        ...

    def finish(self, office: Office, world: World) -> None:
        """Do what follows from the outcome. Needs the lock."""
        ...


class Rendering:
    """A plan on its way to letters."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.real = self.shown = Rendered(plan.template)
        """What goes on the wire, and what may be shown."""

    @property
    def expressions(self) -> list[str]:
        """The expressions of the template."""
        return expressions_in(self._plan.template)

    def work(self, office: Office, world: World) -> None:
        """Render, and once more without secrets."""
        plan = self._plan
        self.real = self.shown = office.render(plan.template, plan.context, world)
        if plan.masked is not None:
            self.shown = office.render(plan.template, plan.masked, world)

    def finish(self, office: Office, world: World) -> None:
        """Post the letters."""
        office.post_all(world, self._plan, self.real, self.shown)


class Asking:
    """An automation whose conditions are being looked at."""

    def __init__(self, occasion: Occasion) -> None:
        self._occasion = occasion
        self._holds = False

    @property
    def expressions(self) -> list[str]:
        """The conditions."""
        return list(self._occasion.conditions)

    def work(self, office: Office, world: World) -> None:
        """Evaluate the conditions over the event."""
        occasion = self._occasion
        values = office.evaluate(occasion.conditions, occasion.event, world)
        self._holds = occasion.holds(values[condition].value for condition in occasion.conditions)

    def finish(self, office: Office, world: World) -> None:
        """Run the automation, if the conditions hold."""
        if self._holds:
            office.seize(world, self._occasion)


@dataclass(slots=True)
class Errand:
    """The jobs of one command, and those that follow from them, until *ledger* is over."""

    office: Office
    world: World
    jobs: list[Job]
    ledger: Ledger

    @property
    def must_wait(self) -> bool:
        """Whether `work` may take its time."""
        return any(self.office.needs_jq(job.expressions) for job in self.jobs)

    def work(self) -> None:
        """Evaluate; may block. Needs no lock."""
        for job in self.jobs:
            job.work(self.office, self.world)

    def finish(self) -> None:
        """Do what follows from the outcomes; what follows from that is left in `jobs`."""
        with self.world.lock:
            if self.ledger.is_over:
                self.jobs = []
                return
            for job in self.jobs:
                job.finish(self.office, self.world)
            self.jobs = self.office.gather(self.world)

    def run(self) -> None:
        """Do all there is to do; may block."""
        while self.jobs:
            self.work()
            self.finish()
