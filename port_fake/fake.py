"""The handle: one organisation on a running fake, and short commands to arrange it and look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from port_fake.dialects.port.dialect import PORT
from port_fake.dialects.port.invocation.kafka_messages import topics
from port_fake.dialects.port.tokens import issue
from port_fake.engine.people import Caller
from port_fake.errors import MisuseError
from port_fake.handle.acting import Acting
from port_fake.handle.keeping import account_of, opened
from port_fake.handle.resetting import Resetting
from port_fake.handle.timing import Timing
from port_fake.handle.verifying import Verifying
from port_fake.http.server import Server
from port_fake.http.tenants import Tenant
from port_fake.scenarios.loading import Scenario
from port_fake.settings import DEFAULT, Settings
from port_fake.snapshots.state import State
from port_fake.threaded import Home, ServerThread
from port_fake.world.clock import Clock, RepeatableClock, SystemClock
from port_fake.world.contents import contents, furnish
from port_fake.world.ids import Ids
from port_fake.world.organisations import Credentials, Member
from port_fake.world.world import World


class Stage(Enum):
    """Where a handle stands: not used yet, in a with statement, past it."""

    NEW = auto()
    IN_USE = auto()
    OVER = auto()


class FakePort(Resetting, Acting, Timing, Verifying):
    """An organisation of its own on a running fake of Port.

    ``with FakePort() as port:`` starts a server on a thread, ``async with`` one on the running
    event loop, and *server* joins one that runs already. Commands work from any thread, at once,
    without HTTP, by the same rules as over HTTP; what Port would refuse raises a `RefusedError`.
    """

    def __init__(
        self,
        *,
        name: str = "port-fake",
        seed: int | None = 0,
        scenario: Scenario | None = None,
        state: Mapping[str, Any] | str | Path | None = None,
        settings: Settings = DEFAULT,
        allow_hosts: Iterable[str] = (),
        kafka: bool = False,
        clock: Clock | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        server: Home | None = None,
        strict: bool = False,
    ) -> None:
        """Prepare an organisation.

        The same *name* and *seed* give the same credentials, ids and timestamps; without a seed
        ids are random and time is the machine's. *scenario* is what `load` takes; *state* is what
        `snapshot` returned, or a file that `kept_in` may have written: with one, the organisation
        begins as that was, id and credentials included, and no scenario is loaded. Webhooks go to
        this machine only, and to *allow_hosts*. With *kafka*, messages go to a Kafka broker that
        the server runs (extra ``kafka``). *host* and *port* are for a server of its own; *server*
        is one that runs already, or an organisation on it. A *strict* one ends its with statement
        by `assert_strict`.

        Raises:
            MisuseError: The scenario has a mistake, or the state is damaged.
        """
        kept = opened(state)
        account = None if kept is None else account_of(kept, client_id, client_secret)
        self.seed = seed
        self.strict = strict
        ids = Ids(None if seed is None else f"{seed}")
        own = ids.child(name)
        self._own_ids = own
        self.credentials = account or Credentials(
            client_id=client_id or own.draw("", 32), client_secret=client_secret or own.draw("", 64)
        )
        self.world = World(
            own.draw("org_") if kept is None else kept.id,
            name=name,
            client_id=self.credentials.client_id,
            client_secret=self.credentials.client_secret,
            clock=clock or (SystemClock() if seed is None else RepeatableClock()),
            ids=ids,
            settings=replace(
                settings,
                allow_hosts=settings.allow_hosts | {*allow_hosts},
                kafka=kafka or settings.kafka,
            ),
            table=PORT.table,
            policies=PORT.policies,
        )
        self._members: dict[str | None, Member] = {
            None: Member(credentials=self.credentials, world=self.world)
        }
        self._own: ServerThread | None = None
        if server is None:
            server = self._own = ServerThread(host=host, port=port)
        self._home = server
        self.api = self._home.api
        self._own_loop: Server | None = None
        self._address = (host, port)
        self.stage = Stage.NEW
        self.strangers_before = 0
        self.tenant = Tenant(self.world, PORT)
        self.recorder = self.tenant.recorder
        self._blank = contents(self.world)
        if kept is not None:
            self._begin_as(kept)
        elif scenario is not None:
            self.load(scenario)

    def _understudy(self) -> FakePort:
        return FakePort(settings=self.world.settings)

    def _begin_as(self, kept: State) -> None:
        furnish(self.world, kept.contents)
        for one in kept.accounts[1:]:
            credentials = Credentials(client_id=one.client_id, client_secret=one.client_secret)
            member = Member(credentials=credentials, world=self.world, email=one.email)
            self._members[one.email] = member

    def __enter__(self) -> Self:
        self._join()
        try:
            if self._own is not None:
                self._own.start()
            # What waits for a time could not be waited for without a server.
            self.api.office.dispatch(self.world)
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self.strict and kind is None:
                self.assert_strict()
        finally:
            self._leave()
            if self._own is not None:
                self._own.stop()

    async def __aenter__(self) -> Self:
        self._join()
        try:
            if self._own is not None:
                host, port = self._address
                server = Server(self.api, host=host, port=port)
                await server.start()
                self._own_loop = server
            self.api.office.dispatch(self.world)
        except BaseException:
            self._leave()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if self.strict and kind is None:
                await self.assert_strict_soon()
        finally:
            self._leave()
            if self._own_loop is not None:
                server, self._own_loop = self._own_loop, None
                await server.stop()

    def _join(self) -> None:
        if self.stage is Stage.IN_USE:
            raise MisuseError("this FakePort is in use already: make another one")
        self.api.house(self.tenant)
        self.strangers_before = self.api.strangers.count
        try:
            for member in self._members.values():
                self.api.organisations.admit(member)
            if self.world.settings.kafka:
                self._find_broker()
        except MisuseError:
            self._leave()
            raise
        self.stage = Stage.IN_USE

    def _find_broker(self) -> None:
        broker = self.api.office.broker()
        for topic in topics(self.world):
            broker.open(topic)
        self.world.brokers = broker.addresses

    def _leave(self) -> None:
        self.world.brokers = ()
        self.api.organisations.close(self.world)
        self.api.forget(self.world)
        self.stage = Stage.OVER

    @property
    def base_url(self) -> str:
        """The address, without ``/v1`` and without a slash at the end.

        Raises:
            MisuseError: The server does not run.
        """
        return self._own_loop.url if self._own_loop is not None else self._home.base_url

    @property
    def kafka_address(self) -> str:
        """The address of the Kafka broker, ``host:port``.

        Raises:
            MisuseError: None runs for this organisation.
        """
        if not self.world.brokers:
            raise MisuseError("no Kafka broker runs here: FakePort(kafka=True) in a with statement")
        return ",".join(self.world.brokers)

    @property
    def client_id(self) -> str:
        """The client id of the organisation."""
        return self.credentials.client_id

    @property
    def client_secret(self) -> str:
        """The client secret of the organisation."""
        return self.credentials.client_secret

    @property
    def env(self) -> dict[str, str]:
        """The variables that clients of Port read, by the names that are most in use."""
        return {
            "PORT_BASE_URL": self.base_url,
            "PORT_CLIENT_ID": self.client_id,
            "PORT_CLIENT_SECRET": self.client_secret,
        }

    def token(self, *, as_user: str | None = None) -> str:
        """Return an access token of the organisation, or a user's personal one.

        Raises:
            NotFoundError: There is no such user.
        """
        text, _ = issue(self._member(as_user))
        return text

    def credentials_of(self, email: str) -> Credentials:
        """Return the client id and secret of a user.

        Raises:
            NotFoundError: There is no such user.
        """
        return self._member(email).credentials

    def caller(self, email: str | None) -> Caller:
        """Return a user, or the organisation itself, as one who calls.

        Raises:
            NotFoundError: There is no such user.
        """
        return self._member(email).caller()

    def _member(self, email: str | None) -> Member:
        with self.world.lock:
            if email is None:
                return self._members[None]
            email = self.world.people.users[email].email
            return self._members.get(email) or self._new_member(email)

    def _new_member(self, email: str) -> Member:
        ids = self._own_ids.child(email)
        credentials = Credentials(client_id=ids.draw("", 32), client_secret=ids.draw("", 64))
        member = Member(credentials=credentials, world=self.world, email=email)
        if self.stage is Stage.IN_USE:
            self.api.organisations.admit(member)
        self._members[email] = member
        return member
