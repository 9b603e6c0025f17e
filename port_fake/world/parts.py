"""The parts of an organisation, put together."""

from __future__ import annotations

from collections import Counter, deque
from threading import RLock
from typing import Any, Final, Self

from port_fake.engine.effects import Effect
from port_fake.engine.people import Caller
from port_fake.engine.states import TRANSITIONS, Transitions
from port_fake.settings import DEFAULT, Settings
from port_fake.world.access import Access
from port_fake.world.actions import Actions
from port_fake.world.blueprints import Blueprints
from port_fake.world.census import Census
from port_fake.world.clock import Clock, RepeatableClock
from port_fake.world.entities import Entities
from port_fake.world.ids import Ids
from port_fake.world.journal import Journal
from port_fake.world.links import Links
from port_fake.world.node_runs import NodeRuns
from port_fake.world.people import People
from port_fake.world.policies import Policies
from port_fake.world.queue import RunQueue
from port_fake.world.runs import Runs
from port_fake.world.search.search import Search
from port_fake.world.secrets import Secrets
from port_fake.world.verdicts import Verdicts

LASTING: Final = frozenset(
    {
        "brokers",
        "client_secret",
        "clock",
        "id",
        "ids",
        "lock",
        "machine",
        "policies",
        "settings",
        "table",
    }
)
"""What an organisation is, whatever it holds."""


class Parts:
    """What an organisation holds."""

    def __init__(
        self,
        org_id: str,
        *,
        name: str = "",
        client_id: str = "",
        client_secret: str = "",
        clock: Clock | None = None,
        ids: Ids | None = None,
        settings: Settings = DEFAULT,
        table: Transitions = TRANSITIONS,
        policies: Policies | None = None,
    ) -> None:
        self.lock = RLock()
        self.settings = settings
        self.clock = clock or RepeatableClock()
        self.ids = ids or Ids("0")
        self.id = org_id
        self.name = name or org_id
        self.client_secret = client_secret
        self.machine = Caller(id=client_id)
        self.profile: dict[str, Any] = {}
        self.secrets = Secrets(self.clock)
        self.node_runs = NodeRuns(self.clock, self.ids)
        self.outbox: deque[Effect] = deque()
        self.journal = Journal(self.ids)
        self.verdicts: Verdicts | None = None
        """What jq has said about the command at hand, if it had to be asked."""
        self.policies = policies
        self.automated: Counter[int] = Counter()
        """How many automation runs each request from outside has set off so far, by its number.

        0 stands for timers, as long as no request comes.
        """
        self.requests = 0
        """The number of the last request from outside."""
        self.brokers: tuple[str, ...] = ()
        self.people = People(self.clock, self.ids)
        changes = self.journal.rows
        self.blueprints = Blueprints(self.clock, settings, changes)
        self.entities = Entities(self.blueprints, self.clock, self.ids, settings, changes)
        self.census = Census(self.entities, self.people, client_id)
        self.search = Search(self.census, self.people, self.clock)
        self.actions = Actions(self.clock, settings, changes)
        self.runs = Runs(changes)
        self.access = Access(self.actions, self.people, settings)
        self.queue = RunQueue(self.clock, self.runs)
        self.links = Links(self.entities, self.people, settings)
        self.table = table

    def begin(self) -> int:
        """Return the number of a request from outside; what comes of it is counted anew."""
        self.automated.pop(0, None)
        self.requests += 1
        return self.requests

    def twin(self) -> Self:
        """Return an empty organisation that is this one in all that lasts."""
        twin = type(self)(
            self.id,
            client_id=self.machine.id,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
        )
        vars(twin).update({name: vars(self)[name] for name in LASTING})
        return twin

    def become(self, other: Self) -> None:
        """Hold what *other* holds, and nothing else; *other* is of no use any more."""
        vars(self).update(
            {name: value for name, value in vars(other).items() if name not in LASTING}
        )
