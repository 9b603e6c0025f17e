"""Targets: a fake that is started here, a fake elsewhere, or a server that is somebody's own."""

from __future__ import annotations

import atexit
import json
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any, Final
from urllib.parse import quote

from port_fake.contracts.addresses import is_here, is_private, server_address
from port_fake.contracts.custody import KeptOrganisation
from port_fake.contracts.interrupts import ended_in_order, held_back
from port_fake.contracts.organisations import CredentialsError, Organisation
from port_fake.contracts.pace import Pace, TimeIsUpError
from port_fake.contracts.permits import Free, Permit, ReadOnly, Writing
from port_fake.contracts.questions import Need
from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.served import served_fake
from port_fake.contracts.veil import Veil
from port_fake.contracts.wire import UnreachableError, Wire
from port_fake.errors import MisuseError
from port_fake.world.organisations import Credentials

HEALTH: Final = "/_fake/health"
ROOT: Final = "/_fake/organisations"
APART_S: Final = 0.1
"""Between two requests to a server elsewhere that is not a fake: it has other work to do."""

SIGNS: Final = frozenset({"status", "version", "organisations"})
"""What a fake says of its health."""

PARTS: Final = frozenset({"name", "client_id", "removable"})
"""What a fake says of an organisation."""

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
        self.notes: Sequence[str] = ()
        """What is left for a person to do, in sentences; known once it is closed."""

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
        """Prepare to ask a fake; one that was started for it is ended by *exits*."""
        super().__init__(wire)
        self._seed = seed
        self._stays = exits is None
        self._exits = exits or ExitStack()
        self._numbers = count(1)

    @contextmanager
    def organisation(self) -> Iterator[Organisation]:
        """Open a new organisation, gone afterwards."""
        name = f"contracts-{os.getpid()}-{next(self._numbers)}"
        made = self._control("POST", "", {"name": name, "seed": self._seed}).must(201)
        one = f"/{quote(name)}"

        def user(email: str) -> Credentials:
            return _credentials(self._control("POST", f"{one}/users/{quote(email)}/credentials"))

        def advance(seconds: float) -> None:
            self._control("PATCH", f"{one}/clock", {"advance_s": seconds}).must(HTTPStatus.OK)

        def settle() -> None:
            self._control("POST", f"{one}/deliveries/settle", {}).must(HTTPStatus.OK)

        try:
            yield Organisation(
                self.wire, _credentials(made), user=user, advance=advance, settle=settle
            )
        finally:
            if self._stays:  # else all of it ends soon
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
        self._exits = ExitStack()
        self._organisation = Organisation(wire, credentials)
        if isinstance(wire.permit, Writing):
            self._organisation = kept = KeptOrganisation(wire, credentials, permit=wire.permit)
            self._exits.enter_context(ended_in_order())
            self._exits.callback(self._finish, kept, wire.permit)
            atexit.register(self._exits.close)

    @contextmanager
    def organisation(self) -> Iterator[Organisation]:
        """Give the organisation."""
        yield self._organisation

    def close(self) -> None:
        """Finish the runs that were made, and close the connections."""
        self._exits.close()
        atexit.unregister(self._exits.close)
        super().close()

    def log_in(self) -> None:
        """Try the credentials, so that a mistake is told once and not by every question.

        Raises:
            MisuseError: They are refused, or nobody answers.
        """
        try:
            self._organisation.token()
        except CredentialsError as error:
            raise MisuseError(f"PORT_CLIENT_ID and PORT_CLIENT_SECRET: {error}") from None
        except AnswerError:
            pass  # there may be no log-in, at a mock: questions that need none can be asked
        except (UnreachableError, TimeIsUpError) as error:
            raise MisuseError(f"{self.wire.base_url} cannot be asked: {error}") from None

    def _finish(self, organisation: KeptOrganisation, permit: Writing) -> None:
        with held_back(f"port-fake: {len(permit.made)} runs are being ended, please wait"):
            self.notes = organisation.finish()


def open_site(wanted: Wanted, *, veil: Veil, environment: Mapping[str, str] = os.environ) -> Site:
    """Open the target that is wanted; without one, a fake on this machine.

    Whoever says that the target is an organisation of their own is believed, even if it looks like
    a fake: nothing is then asked of its control API.

    Raises:
        MisuseError: It must not be asked like this, or cannot be reached.
    """
    veil.learn_environment(environment)
    _check(wanted)
    until = None if wanted.max_time_s is None else time.time() + wanted.max_time_s
    if wanted.target is None:
        exits = ExitStack()
        address = exits.enter_context(served_fake(seed=wanted.seed))
        wire = Wire(address, permit=Free("fake"), veil=veil, pace=Pace(until=until))
        return FakeSite(wire, seed=wanted.seed, exits=exits)
    address = server_address(wanted.target)
    is_fake = _is_fake(Wire(address, permit=ReadOnly(), veil=veil, pace=Pace(until=until)))
    if is_fake and not (wanted.write or wanted.throwaway or wanted.owned):
        wire = Wire(address, permit=Free("fake"), veil=veil, pace=Pace(until=until))
        return FakeSite(wire, seed=wanted.seed)
    credentials = _credentials_for(address, environment)
    veil.learn(credentials.client_secret)
    if not wanted.owned:
        raise MisuseError(
            f"{address} is to be asked as somebody's own organisation: say that it is yours to "
            "ask with --i-own-this-organisation"
        )
    permit, offers = _permitted(wanted)
    is_alone = is_here(address) or is_fake or wanted.throwaway
    pace = Pace(apart_s=0.0 if is_alone else APART_S, until=until)
    site = OtherSite(Wire(address, permit=permit, veil=veil, pace=pace), credentials, offers=offers)
    try:
        site.log_in()
    except MisuseError:
        site.close()
        raise
    return site


def _check(wanted: Wanted) -> None:
    """Refuse options that do not go together.

    Raises:
        MisuseError: They do not.
    """
    if wanted.write is not None and wanted.throwaway:
        raise MisuseError("--write and --throwaway exclude each other: say what may be made")
    if wanted.target is None:
        for name, given in (
            ("--write", wanted.write is not None),
            ("--throwaway", wanted.throwaway),
            ("--i-own-this-organisation", wanted.owned),
        ):
            if given:
                raise MisuseError(f"{name} speaks of a server: name it with --target URL")
    if wanted.properties and wanted.write is None:
        raise MisuseError("--properties are the inputs of the runs of --write ACTION: name it")
    if wanted.max_time_s is not None and not wanted.max_time_s > 0:
        raise MisuseError("--max-time must be a number of seconds above 0")


def _credentials_for(address: str, environment: Mapping[str, str]) -> Credentials:
    client_id, secret = (environment.get(f"PORT_CLIENT_{one}", "") for one in ("ID", "SECRET"))
    if not client_id or not secret:
        raise MisuseError(
            f"{address} is no fake with its control API, so the organisation's credentials are "
            "needed: set PORT_CLIENT_ID and PORT_CLIENT_SECRET in the environment"
        )
    if not is_private(address):
        raise MisuseError(
            f"the client secret is not sent to {address} in clear text: use https, if it has it"
        )
    return Credentials(client_id=client_id, client_secret=secret)


def _permitted(wanted: Wanted) -> tuple[Permit, frozenset[Need]]:
    if wanted.throwaway:
        return Free("throwaway"), THROWAWAY
    if wanted.write is not None:
        return Writing(wanted.write), frozenset({Need.WRITE})
    return ReadOnly(), frozenset()


def _is_fake(wire: Wire) -> bool:
    """Whether a target has the control API; that somebody answers anything is not enough.

    Raises:
        MisuseError: It cannot be reached.
    """
    try:
        health = wire.send("GET", HEALTH)
        listed = wire.send("GET", ROOT) if health.status == HTTPStatus.OK else health
        told = health.json
        return (
            listed.status == HTTPStatus.OK
            and isinstance(told, dict)
            and told.keys() >= SIGNS
            and told["status"] == "ok"
            and all(one.keys() >= PARTS for one in listed.objects("organisations"))
        )
    except AnswerError:
        return False
    except (UnreachableError, TimeIsUpError) as error:
        raise MisuseError(f"{wire.base_url} cannot be asked: {error}") from None
    finally:
        wire.close()


def _credentials(reply: Reply) -> Credentials:
    return Credentials(client_id=reply["client_id"], client_secret=reply["client_secret"])
