"""Targets: a fake that is started here, a fake elsewhere, or a server that is somebody's own."""

from __future__ import annotations

import json
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any, Final
from urllib.parse import quote, urlsplit

from port_fake.contracts.custody import finish_runs
from port_fake.contracts.organisations import Organisation
from port_fake.contracts.pace import Pace
from port_fake.contracts.permits import Free, Permit, ReadOnly, Writing
from port_fake.contracts.questions import Need
from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import UnreachableError, Wire
from port_fake.errors import MisuseError
from port_fake.server import FakePortServer
from port_fake.world.organisations import Credentials

HEALTH: Final = "/_fake/health"
ROOT: Final = "/_fake/organisations"
APART_S: Final = 0.1
"""Between two requests to a server that is not a fake: it has other work to do."""

EVERYTHING: Final = frozenset(Need)
THROWAWAY: Final = frozenset({Need.WRITE, Need.FURNISH})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the caller says of the target.

    *write* is the one action whose runs may be made, with *properties*; *throwaway* says that the
    organisation is there for nothing else; *owned* that the caller may speak for it.
    """

    target: str | None = None
    seed: int = 0
    write: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    throwaway: bool = False
    owned: bool = False
    max_time_s: float | None = None


class Site(ABC):
    """A target that can be asked."""

    offers: frozenset[Need]

    def __init__(self, wire: Wire) -> None:
        self.wire = wire

    @property
    def mode(self) -> str:
        """How reports call what may be done here."""
        return self.wire.permit.mode

    @abstractmethod
    @contextmanager
    def organisation(self) -> Iterator[Organisation]:
        """Open an organisation for one question; wherever possible a new one, gone afterwards."""

    def close(self) -> None:
        """Leave the target as it was found."""
        self.wire.close()


class FakeSite(Site):
    """A fake with its control API: every question has an organisation of its own."""

    offers = EVERYTHING

    def __init__(self, wire: Wire, *, seed: int, exits: ExitStack | None = None) -> None:
        super().__init__(wire)
        self._seed = seed
        self._exits = exits or ExitStack()
        self._numbers = count(1)

    @contextmanager
    def organisation(self) -> Iterator[Organisation]:
        """Open a new organisation, gone afterwards."""
        name = f"contracts-{os.getpid()}-{next(self._numbers)}"
        made = self._control("POST", "", {"name": name, "seed": self._seed}).must(201)
        one = f"/{quote(name)}"
        self.wire.veil.learn(made["client_secret"])

        def user(email: str) -> Credentials:
            return _credentials(self._control("POST", f"{one}/users/{quote(email)}/credentials"))

        def advance(seconds: float) -> None:
            self._control("PATCH", f"{one}/clock", {"advance_s": seconds}).must(HTTPStatus.OK)

        try:
            yield Organisation(self.wire, _credentials(made), user=user, advance=advance)
        finally:
            self._control("DELETE", one)

    def close(self) -> None:
        """Close the connections, and end the fake if it was started here."""
        super().close()
        self._exits.close()

    def _control(self, method: str, path: str, body: Any = None) -> Reply:
        text = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if text else {}
        return self.wire.send(method, ROOT + path, headers=headers, content=text)


class OtherSite(Site):
    """Any other server: one organisation, whose credentials are in the environment."""

    def __init__(
        self, wire: Wire, credentials: Credentials, *, offers: frozenset[Need] = frozenset()
    ) -> None:
        super().__init__(wire)
        self.offers = offers
        self._organisation = Organisation(wire, credentials)

    @contextmanager
    def organisation(self) -> Iterator[Organisation]:
        """Give the organisation."""
        yield self._organisation

    def close(self) -> None:
        """Finish the runs that were made, and close the connections."""
        if isinstance(self.wire.permit, Writing):
            finish_runs(self._organisation, self.wire.permit.made)
        super().close()


def open_site(wanted: Wanted, *, veil: Veil, environment: Mapping[str, str] = os.environ) -> Site:
    """Open the target that is wanted; without one, a fake on this machine.

    Raises:
        MisuseError: It must not be asked like this, or cannot be reached.
    """
    until = None if wanted.max_time_s is None else time.time() + wanted.max_time_s
    if wanted.target is None:
        exits = ExitStack()
        server = exits.enter_context(FakePortServer(seed=wanted.seed))
        wire = Wire(server.base_url, permit=Free("fake"), veil=veil, pace=Pace(until=until))
        return FakeSite(wire, seed=wanted.seed, exits=exits)
    address = urlsplit(wanted.target)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise MisuseError(f"{wanted.target!r} is no address: give it as https://HOST")
    if address.username or address.password:
        raise MisuseError("the address must not hold credentials: they come from the environment")
    probe = Wire(wanted.target, permit=ReadOnly(), veil=veil, pace=Pace())
    try:
        is_fake = _is_fake(probe)
    except UnreachableError as error:
        raise MisuseError(f"{wanted.target} cannot be asked: {error}") from None
    finally:
        probe.close()
    if is_fake and wanted.write is None and not wanted.throwaway:
        wire = Wire(wanted.target, permit=Free("fake"), veil=veil, pace=Pace(until=until))
        return FakeSite(wire, seed=wanted.seed)
    return _other(wanted, veil=veil, environment=environment, until=until, is_fake=is_fake)


def _other(
    wanted: Wanted,
    *,
    veil: Veil,
    environment: Mapping[str, str],
    until: float | None,
    is_fake: bool,
) -> Site:
    target = wanted.target or ""
    client_id, secret = (environment.get(f"PORT_CLIENT_{one}", "") for one in ("ID", "SECRET"))
    if not client_id or not secret:
        raise MisuseError(
            f"{target} is not a fake with its control API, so the organisation's credentials are "
            "needed: set PORT_CLIENT_ID and PORT_CLIENT_SECRET in the environment"
        )
    veil.learn(secret)
    if not wanted.owned:
        raise MisuseError(
            f"{target} is not a fake: say that these questions may be asked of the organisation "
            "with --i-own-this-organisation"
        )
    permit, offers = _permitted(wanted)
    pace = Pace(apart_s=0.0 if is_fake or wanted.throwaway else APART_S, until=until)
    wire = Wire(target, permit=permit, veil=veil, pace=pace)
    return OtherSite(wire, Credentials(client_id=client_id, client_secret=secret), offers=offers)


def _permitted(wanted: Wanted) -> tuple[Permit, frozenset[Need]]:
    if wanted.throwaway:
        return Free("throwaway"), THROWAWAY
    if wanted.write is not None:
        return Writing(wanted.write), frozenset({Need.WRITE})
    return ReadOnly(), frozenset()


def _is_fake(wire: Wire) -> bool:
    reply = wire.send("GET", HEALTH)
    try:
        return reply.status == HTTPStatus.OK and reply["status"] == "ok" and "version" in reply.json
    except AnswerError:
        return False


def _credentials(reply: Reply) -> Credentials:
    return Credentials(client_id=reply["client_id"], client_secret=reply["client_secret"])
