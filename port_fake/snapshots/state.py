"""What is kept of an organisation: its contents, and who it is to its clients."""

from __future__ import annotations

from dataclasses import dataclass, field

from port_fake.world.contents import Contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who an organisation or a user is to clients; *email* is None for the organisation."""

    email: str | None
    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An organisation, whole. The first of its *accounts* is its own."""

    id: str
    accounts: tuple[Account, ...]
    contents: Contents
