"""What mutants remember of a run of the suites."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from contracts.mutants.passing import Passing, bearing, organisation_of, parsed
from contracts.mutants.rows import EXECUTE, LOG_IN
from port_fake.contracts.proxy import Answered, Asked

TRIED: Final = 4
"""How many other tokens are tried at most: questions have organisations that are soon gone."""


class Memory:
    """The tokens that were given out, with their credentials, and who made which run."""

    def __init__(self) -> None:
        self.credentials: dict[str, bytes] = {}
        self.makers: dict[str, str] = {}

    def learn(self, passing: Passing, answered: Answered) -> None:
        """Take note of an answer."""
        document = parsed(answered.body) if answered.status < 300 else None
        if not isinstance(document, dict):
            return
        token = document.get("accessToken")
        if passing.operation == LOG_IN and isinstance(token, str):
            self.credentials.pop(token, None)
            self.credentials[token] = passing.asked.body
        if passing.operation == EXECUTE and isinstance(document.get("run"), dict):
            self.makers[str(document["run"].get("id"))] = passing.token

    def foreign(self, token: str) -> Sequence[str]:
        """Return tokens of other organisations, the latest first."""
        mine = organisation_of(token)
        return self._latest(lambda other: organisation_of(other) != mine)

    def fellow(self, token: str) -> Sequence[str]:
        """Return other tokens of the same organisation, the latest first."""
        mine = organisation_of(token)
        return self._latest(lambda other: other != token and organisation_of(other) == mine)

    def _latest(self, wanted: Callable[[str], bool]) -> Sequence[str]:
        return [token for token in reversed(self.credentials) if wanted(token)][:TRIED]


async def lent(
    passing: Passing, answered: Answered, tokens: Sequence[str], asked: Asked | None = None
) -> Answered:
    """Ask again with other tokens until it is granted; else the answer stands."""
    for token in tokens:
        granted = await passing.go(bearing(asked or passing.asked, token))
        if granted.status < 300:
            return granted
    return answered
