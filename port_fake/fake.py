"""The handle: one organisation on a running fake, and short commands to arrange it and look."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from port_fake.dialects.port.dialect import PORT
from port_fake.dialects.port.tokens import issue
from port_fake.engine.people import Caller
from port_fake.handle.acting import Acting
from port_fake.handle.arranging import Arranging
from port_fake.handle.looking import Looking
from port_fake.http.server import Server
from port_fake.settings import DEFAULT, Settings
from port_fake.threaded import ServerThread
from port_fake.world.clock import Clock, RepeatableClock, SystemClock
from port_fake.world.ids import Ids
from port_fake.world.organisations import Credentials, Member
from port_fake.world.world import World


class FakePort(Arranging, Acting, Looking):
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
        scenario: str | Path | None = None,
        settings: Settings = DEFAULT,
        clock: Clock | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        server: ServerThread | None = None,
    ) -> None:
        """Prepare an organisation.

        The same *name* and *seed* give the same credentials, ids and timestamps; without a seed
        ids are random and time is the machine's. *scenario* is a folder or the name of one that
        comes along. *host* and *port* are for a server of its own.

        Raises:
            MisuseError: The scenario has a mistake.
        """
        ids = Ids(None if seed is None else f"{seed}")
        own = ids.child(name)
        self._own_ids = own
        self.credentials = Credentials(
            client_id=client_id or own.draw("", 32), client_secret=client_secret or own.draw("", 64)
        )
        self.world = World(
            own.draw("org_"),
            name=name,
            clock=clock or (SystemClock() if seed is None else RepeatableClock()),
            ids=ids,
            settings=settings,
            table=PORT.table,
        )
        self._members: dict[str | None, Member] = {
            None: Member(credentials=self.credentials, world=self.world)
        }
        self._given = server
        self._server = server or ServerThread(host=host, port=port)
        self.api = self._server.api
        self._own_loop: Server | None = None
        self._address = (host, port)
        if scenario is not None:
            self.load(scenario)

    # -- life

    def __enter__(self) -> Self:
        if self._given is None:
            self._server.start()
        self._join()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()
        if self._given is None:
            self._server.stop()

    async def __aenter__(self) -> Self:
        if self._given is None:
            host, port = self._address
            self._own_loop = Server(self.api, host=host, port=port)
            await self._own_loop.start()
        self._join()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()
        if self._own_loop is not None:
            server, self._own_loop = self._own_loop, None
            await server.stop()

    def _join(self) -> None:
        for member in self._members.values():
            self.api.organisations.admit(member)

    def _leave(self) -> None:
        self.api.organisations.close(self.world)
        self.api.forget(self.world)

    # -- what code under test needs

    @property
    def base_url(self) -> str:
        """The address, without ``/v1`` and without a slash at the end.

        Raises:
            MisuseError: The server does not run.
        """
        return self._own_loop.url if self._own_loop is not None else self._server.base_url

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
            if email is None or email in self._members:
                return self._members[email]
            return self._new_member(email)

    def _new_member(self, email: str) -> Member:
        user = self.world.people.users[email]
        ids = self._own_ids.child(user.email)
        credentials = Credentials(client_id=ids.draw("", 32), client_secret=ids.draw("", 64))
        member = Member(credentials=credentials, world=self.world, email=email)
        self._members[email] = member
        if self.api.organisations.get(self.client_id) is not None:
            self.api.organisations.admit(member)
        return member
