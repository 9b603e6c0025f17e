"""From effects to letters: takes what a command left in the outbox, renders it, hands it on.

Rendering may have to wait for jq. What waits does so outside the organisation's lock and off the
event loop: `collect` looks at the world under its lock, `Errand.work` may block, `Errand.finish`
writes down the outcome under the lock again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from weakref import WeakKeyDictionary

from pydantic_core import to_json

from port_fake.delivery.courier import Answered, Courier
from port_fake.delivery.ledger import Ledger
from port_fake.errors import RefusedError
from port_fake.expressions.templates import Rendered, expressions_in
from port_fake.surface.dialect import Dialect
from port_fake.surface.letters import Attempt, Letter, Plan
from port_fake.world.world import World

if TYPE_CHECKING:
    from port_fake.delivery.kafka import Broker
    from port_fake.expressions.evaluator import Evaluator

SCRUBBED: Final = "***"
SHORTEST_SECRET: Final = 4
"""Shorter secrets are not looked for in answers: they would be found everywhere."""


@dataclass(slots=True)
class Errand:
    """The plans of one command, on their way to letters."""

    office: Office
    world: World
    plans: list[Plan]
    rendered: list[tuple[Plan, Rendered, Rendered]] = field(default_factory=list)

    @property
    def must_wait(self) -> bool:
        """Whether `work` may take its time."""
        return any(self.office.needs_jq(plan) for plan in self.plans)

    def work(self) -> None:
        """Render; may block. Needs no lock: plans hold all that rendering looks at."""
        for plan in self.plans:
            real = self.office.render(plan.template, plan.context, self.world)
            shown = real
            if plan.masked is not None:
                shown = self.office.render(plan.template, plan.masked, self.world)
            self.rendered.append((plan, real, shown))

    def finish(self) -> None:
        """Write down what was rendered, and post the letters."""
        with self.world.lock:
            for plan, real, shown in self.rendered:
                self.office.post_all(self.world, plan, real, shown)


class Office:
    """The letters of all organisations of one server."""

    def __init__(self, dialect: Dialect, answer: Callable[[World, Letter], Any]) -> None:
        """Serve *dialect*; *answer* answers letters that are addressed to Port's own API."""
        self.dialect = dialect
        self._evaluator: Evaluator | None = None
        self._broker: Broker | None = None
        self.courier = Courier(to_self=self._to_self, report=self._report, scrub=scrub)
        self.courier.produce = self._produce
        self._answer = answer
        self._lock = Lock()
        self._ledgers: WeakKeyDictionary[World, Ledger] = WeakKeyDictionary()

    def ledger(self, world: World) -> Ledger:
        """Return the ledger of an organisation."""
        ledger = self._ledgers.get(world)
        if ledger is not None:
            return ledger
        with self._lock:
            ledger = self._ledgers.get(world)
            if ledger is None:
                ledger = self._ledgers[world] = Ledger()
            return ledger

    def post(self, world: World, letter: Letter) -> None:
        """Hand a letter to the courier."""
        self.courier.post(world, self.ledger(world), letter)

    def collect(self, world: World) -> Errand | None:
        """See to what the last command wants done outside. Needs the lock.

        What has no expressions is on its way when this returns; the rest is the errand.
        """
        while world.changes:
            told = self.dialect.announce(world, world.changes.popleft())
            if told is not None:
                self.post(world, told)
        plans = []
        while world.outbox:
            plan = self.dialect.plan(world, world.outbox.popleft())
            if plan.is_plain:
                plain = Rendered(plan.template)
                self.post_all(world, plan, plain, plain)
            else:
                plans.append(plan)
        return Errand(self, world, plans) if plans else None

    def post_all(self, world: World, plan: Plan, real: Rendered, shown: Rendered) -> None:
        """Write down what was rendered for a plan, and post its letters. Needs the lock."""
        for letter in self.dialect.compose(world, plan, real, shown):
            self.post(world, letter)

    def dispatch(self, world: World) -> None:
        """Do at once whatever the last command wants done outside; may block for jq."""
        with world.lock:
            errand = self.collect(world)
        if errand is not None:
            errand.work()
            errand.finish()

    def render(self, template: Any, context: Any, world: World) -> Rendered:
        """Render one template at the organisation's time."""
        from port_fake.expressions.template_engine import render_template

        return render_template(
            template,
            context,
            evaluator=self._jq(),
            now=world.clock.peek().timestamp(),
            null_text=world.settings.null_in_text,
        )

    def broker(self) -> Broker:
        """Return the Kafka broker of the server; who asks first starts it.

        Raises:
            MisuseError: confluent-kafka is not installed.
        """
        from port_fake.delivery.kafka import Broker

        with self._lock:
            if self._broker is None:
                self._broker = Broker()
            return self._broker

    def close(self) -> None:
        """End the process that evaluates jq, and the Kafka broker."""
        if self._evaluator is not None:
            self._evaluator.close()
        with self._lock:
            broker, self._broker = self._broker, None
        if broker is not None:
            broker.close()

    def needs_jq(self, plan: Plan) -> bool:
        """Whether rendering may have to wait."""
        return self._jq().needs_worker(expressions_in(plan.template))

    def _jq(self) -> Evaluator:
        # Loaded with the first template: most tests have none.
        from port_fake.expressions.evaluator import Evaluator

        with self._lock:
            if self._evaluator is None:
                self._evaluator = Evaluator()
            return self._evaluator

    def _report(self, world: World, letter: Letter, attempt: Attempt) -> None:
        with world.lock:
            # A run that has moved on stays where it is: whoever moved it goes before.
            with suppress(RefusedError):
                self.dialect.report(world, letter, attempt)
            errand = self.collect(world)
        if errand is not None:
            self._later(errand)

    def _later(self, errand: Errand) -> None:
        ledger = self.ledger(errand.world)
        ledger.start()

        def work() -> None:
            try:
                errand.work()
                errand.finish()
            finally:
                ledger.finish()

        asyncio.get_running_loop().run_in_executor(None, work)

    def _produce(self, topic: str, message: bytes) -> None:
        self.broker().produce(topic, message)

    async def _to_self(self, world: World, letter: Letter) -> Answered:
        answer = await asyncio.to_thread(self._answer, world, letter)
        return Answered(answer.status, answer.body)


def scrub(world: World, text: str) -> str:
    """Return *text* with the organisation's secrets taken out, also where they are encoded."""
    for secret in (world.client_secret, *world.secrets.values().values()):
        if len(secret) >= SHORTEST_SECRET:
            forms = {secret, quote(secret), quote(secret, safe=""), to_json(secret).decode()[1:-1]}
            # Hosts are told in lower case.
            found = "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
            text = re.sub(found, SCRUBBED, text, flags=re.IGNORECASE)
    return text
