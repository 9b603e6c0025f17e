"""A state machine that plays runs, on the world in memory or on any server over HTTP.

``TestRuns = PortMachine.TestCase`` is a test that tells whether the fake keeps its own rules.
Subclass it with rules of your own to find out whether your code does, between any steps that
others may take. A `PortMachine` sends what users, approvers, backends and integrations send, in
any order, expects for each step what the documented rules say, in plain Python beside it, and
after each step holds every run against that.

A rule of one's own works with ``self.target`` (what is played on), ``self.expected`` (the runs as
they must be), the bundle ``PortMachine.runs``, and the steps themselves, which are plain methods:

    class ReleaseBot(PortMachine):
        @rule(run=PortMachine.runs)
        def bot(self, run):
            if run.status == "IN_PROGRESS":
                my_bot.finish(run.id)  # ends the run with SUCCESS
                run.take_update(self.person("organisation"), {"status": "SUCCESS"})

    TestReleaseBot = ReleaseBot.TestCase

Examples shrink as Hypothesis shrinks programs: to the fewest steps, each with its simplest
arguments; what is left reads as a test that can be pasted.
"""

from __future__ import annotations

from typing import Final

from hypothesis.stateful import invariant

from port_fake.strategies.playing.expected import ExpectedRun, Person
from port_fake.strategies.playing.fetching import Fetching
from port_fake.strategies.playing.judging import must
from port_fake.strategies.playing.living import Living
from port_fake.strategies.playing.looking import Looking
from port_fake.strategies.playing.refusing import Refusing
from port_fake.strategies.playing.stage import Role
from port_fake.strategies.playing.targets import (
    Answer,
    HttpTarget,
    MemoryTarget,
    ServedTarget,
    Target,
)

__all__ = [
    "Answer",
    "ExpectedRun",
    "HttpTarget",
    "MemoryTarget",
    "Person",
    "PortMachine",
    "Role",
    "ServedTarget",
    "Target",
]


BULKY: Final = ("properties", "rawProperties", "payload", "action", "blueprint", "entity")
"""What lists leave out between steps, as nothing that happens to a run changes it."""


class PortMachine(Living, Looking, Fetching, Refusing):
    """All steps, and what must be true between them.

    By default each example has a world of its own in memory. Override `make_target` for another
    one: ``return HttpTarget(base_url, Credentials(client_id=..., client_secret=...))``, or
    ``return ServedTarget(self.enter(server.organisation()))`` for a fake that is served. On a
    target that others use as well, nobody else may press the buttons ``machine_*`` or make runs
    while the machine plays.
    """

    _turn = 0

    @invariant()
    def everything_is_as_it_must_be(self) -> None:
        """The world agrees with what is expected of it, after whatever step."""
        self.hold_runs()
        self.hold_logs_and_votes()
        self.hold_invocations()

    def hold_runs(self) -> None:
        """One list shows all runs, in order, each as it was left; the last one is read whole."""
        self.hold_list({"version": "v2", "exclude": BULKY})
        if self.touched is not None:
            self.read(self.touched, "organisation", "v2")

    def hold_logs_and_votes(self) -> None:
        """The run of the last step has all its lines and votes, and so has, in turn, each other."""
        runs = self.expected.runs
        if runs:
            self._turn += 1
            for run in {self.touched or runs[0], runs[self._turn % len(runs)]}:
                self.hold_lines(run, {})
                self.hold_approvers(run, {"include_pending_approvers": True})
            self.touched = None

    def hold_invocations(self) -> None:
        """A backend is invoked once when its run is released, else never; where that is seen."""
        counts = self.target.invocations()
        if counts is None:
            return
        for run in self.expected:
            found = counts.get(run.id, 0)
            must(
                found == run.invoked,
                "the backend of {} ({}) was invoked {} times, and must be {} times",
                *(run.id, run.status, found, run.invoked),
            )
