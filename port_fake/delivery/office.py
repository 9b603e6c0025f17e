"""From effects to letters: takes what a command left in the outbox, renders it, hands it on.

Rendering may have to wait for jq. What waits does so outside the organisation's lock and off the
event loop: `collect` looks at the world under its lock, `Errand.work` may block, `Errand.finish`
writes down the outcome under the lock again.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from weakref import WeakKeyDictionary

from pydantic_core import to_json

from port_fake.delivery.courier import Answered, Courier
from port_fake.delivery.errands import Asking, Errand, Job, Rendering
from port_fake.delivery.ledger import Ledger
from port_fake.errors import RefusedError
from port_fake.expressions.templates import Rendered
from port_fake.expressions.values import Value
from port_fake.surface.dialect import Dialect
from port_fake.surface.letters import Attempt, Letter, Plan
from port_fake.surface.occasions import Occasion
from port_fake.world.verdicts import Question
from port_fake.world.world import World

if TYPE_CHECKING:
    from port_fake.delivery.kafka import Broker
    from port_fake.expressions.evaluator import Evaluator

SCRUBBED: Final = "***"
SHORTEST_SECRET: Final = 4
"""Shorter secrets are not looked for in answers: they would be found everywhere."""


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

    def begin_anew(self, world: World) -> None:
        """Drop the letters of an organisation and forget those that have left. Needs the lock.

        Nobody hears what becomes of a letter that is on the wire already.
        """
        with self._lock:
            ledger = self._ledgers.pop(world, None)
        if ledger is not None:
            ledger.is_over = True
        self.courier.drop(world)

    def post(self, world: World, letter: Letter) -> None:
        """Hand a letter to the courier."""
        self.courier.post(world, self.ledger(world), letter)

    def collect(self, world: World) -> Errand | None:
        """See to what the last command has set off. Needs the lock.

        What has no expressions is on its way when this returns; the rest is the errand.
        """
        jobs = self.gather(world)
        return Errand(self, world, jobs, self.ledger(world)) if jobs else None

    def gather(self, world: World) -> list[Job]:
        """Return what has to be evaluated next; what has no expressions is done. Needs the lock."""
        if world.entities.next_timer is not None:
            self._watch_time(world)
        jobs: list[Job] = []
        while world.journal.has_news or world.outbox:
            for number in world.journal.news():
                self._tell(world, number, jobs)
            while world.outbox:
                plan = self.dialect.plan(world, world.outbox.popleft())
                if plan.is_plain:
                    plain = Rendered(plan.template)
                    self.post_all(world, plan, plain, plain)
                else:
                    jobs.append(Rendering(plan))
        return jobs

    def seize(self, world: World, occasion: Occasion) -> None:
        """Run an automation. Needs the lock."""
        world.automate(occasion.automation, occasion.event, occasion.cause)

    def decide(self, world: World, question: Question) -> dict[str, Value]:
        """Answer what a policy asks; may block."""
        return self.evaluate(question.programs, question.context, world)

    def post_all(self, world: World, plan: Plan, real: Rendered, shown: Rendered) -> None:
        """Write down what was rendered for a plan, and post its letters. Needs the lock."""
        for letter in self.dialect.compose(world, plan, real, shown):
            self.post(world, letter)

    def dispatch(self, world: World) -> None:
        """Do at once whatever the last command wants done outside; may block for jq."""
        with world.lock:
            errand = self.collect(world)
        if errand is not None:
            errand.run()

    def evaluate(self, expressions: Sequence[str], context: Any, world: World) -> dict[str, Value]:
        """Return the values of expressions at the organisation's time; may block."""
        return self._jq().evaluate(expressions, context, now=world.clock.peek().timestamp())

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

    def needs_jq(self, expressions: Iterable[str]) -> bool:
        """Whether evaluating may have to wait."""
        return self._jq().needs_worker(expressions)

    def _jq(self) -> Evaluator:
        # Loaded with the first template: most tests have none.
        from port_fake.expressions.evaluator import Evaluator

        with self._lock:
            if self._evaluator is None:
                self._evaluator = Evaluator()
            return self._evaluator

    def _tell(self, world: World, number: int, jobs: list[Job]) -> None:
        told = self.dialect.announce(world, world.journal[number])
        if told is not None:
            self.post(world, told)
        if world.actions.are_watching:
            for occasion in self.dialect.occasions(world, number):
                if occasion.conditions:
                    jobs.append(Asking(occasion))
                else:
                    self.seize(world, occasion)

    def _watch_time(self, world: World) -> None:
        world.entities.expire()
        due = world.entities.next_timer
        if due is not None and world.clock.runs:
            delay_s = (due - world.clock.peek()).total_seconds()
            self.courier.wake(world, delay_s, self._ring)

    def _ring(self, world: World) -> None:
        with world.lock:
            errand = self.collect(world)
        if errand is not None:
            self._later(errand)

    def _report(self, world: World, ledger: Ledger, letter: Letter, attempt: Attempt) -> None:
        # A run that has moved on stays where it is: whoever moved it goes before. One of the same
        # id may have been made since the letter was dropped.
        with world.lock, suppress(RefusedError):
            if ledger.is_over:
                return
            self.dialect.report(world, letter, attempt)
        self._ring(world)

    def _later(self, errand: Errand) -> None:
        ledger = errand.ledger
        ledger.start()

        def work() -> None:
            try:
                errand.run()
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
