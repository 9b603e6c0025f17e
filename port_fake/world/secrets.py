"""The organisation's secrets: used by templates, shown by nobody."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from port_fake.world.clock import Clock
from port_fake.world.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A named secret. Its value is not in its repr."""

    name: str
    value: str = field(repr=False)
    description: str | None
    created_at: datetime
    updated_at: datetime


class Secrets:
    """Secrets by name."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rows: Table[Secret] = Table("secret")

    def __getitem__(self, name: str) -> Secret:
        """Return a secret.

        Raises:
            NotFoundError: There is none.
        """
        return self._rows[name]

    def all(self) -> list[Secret]:
        """Return the secrets, oldest first."""
        return list(self._rows)

    def values(self) -> dict[str, str]:
        """Return the values by name, for templates."""
        return {secret.name: secret.value for secret in self._rows}

    def add(self, name: str, value: str, description: str | None = None) -> Secret:
        """Store a new secret.

        Raises:
            ConflictError: The name is taken.
        """
        self._rows.must_be_free(name)
        now = self._clock.now()
        return self.take_in(
            Secret(name=name, value=value, description=description, created_at=now, updated_at=now)
        )

    def take_in(self, secret: Secret) -> Secret:
        """Store a new secret as it is.

        Raises:
            ConflictError: The name is taken.
        """
        self._rows.must_be_free(secret.name)
        return self._rows.put(secret.name, secret)

    def change(
        self, name: str, *, value: str | None = None, description: str | None = None
    ) -> Secret:
        """Give a secret another value or description; None keeps the old one.

        Raises:
            NotFoundError: There is none.
        """
        old = self._rows[name]
        changed = replace(
            old,
            value=old.value if value is None else value,
            description=old.description if description is None else description,
            updated_at=self._clock.now(),
        )
        return self._rows.put(name, changed)

    def remove(self, name: str) -> Secret:
        """Remove a secret.

        Raises:
            NotFoundError: There is none.
        """
        return self._rows.remove(name)
