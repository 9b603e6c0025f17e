"""Commands that keep an organisation and put it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from port_fake.errors import MisuseError
from port_fake.handle.performing import Performing
from port_fake.snapshots.state import Account, State
from port_fake.world.contents import contents, furnish
from port_fake.world.organisations import Credentials, Member


class Keeping(Performing):
    """Snapshots, and a file that follows the organisation.

    Both hold everything that the API can show, the clock, and where ids go on; they do not hold
    what came over HTTP (`requests`) nor what left (`deliveries`). Letters that were on their way
    are not sent again. Both hold the client secret and all other secrets in clear text.
    """

    _members: dict[str | None, Member]

    def snapshot(self) -> dict[str, Any]:
        """Return the whole organisation as plain values, ready for ``json.dumps``.

        Raises:
            MisuseError: It holds a value that is no JSON, which only a test can have put there.
        """
        from port_fake.snapshots.document import Encoder, as_value

        return as_value(Encoder().encode(self._state()))

    def restore(self, data: Mapping[str, Any]) -> None:
        """Put what `snapshot` returned in the place of all that the organisation holds.

        It may be of another organisation: id and credentials of this one stay as they are. To
        begin as that other one, credentials and all: ``FakePort(state=data)``.

        Raises:
            MisuseError: The snapshot is damaged or of a newer version; nothing has changed.
        """
        from port_fake.snapshots.document import decode

        state = decode(data)
        with self.world.lock:
            furnish(self.world, state.contents)

    @contextmanager
    def kept_in(self, file: str | Path, *, every_s: float = 0.5) -> Iterator[None]:
        """Write the organisation to *file* within the with statement, after each change.

        What changes is written at most every *every_s* seconds and at the end, to a file that
        only its owner may read. ``FakePort(state=file)`` takes it up again.

        Raises:
            MisuseError: The file cannot be written at the start or at the end.
        """
        from port_fake.snapshots.keeper import Keeper

        keeper = Keeper(Path(file), self._state, every_s=every_s)
        keeper.start()
        try:
            yield
        finally:
            keeper.stop()

    def _state(self) -> State:
        with self.world.lock:
            return State(
                id=self.world.id,
                accounts=tuple(
                    Account(
                        email=email,
                        client_id=member.credentials.client_id,
                        client_secret=member.credentials.client_secret,
                    )
                    for email, member in self._members.items()
                ),
                contents=contents(self.world),
            )


def opened(state: Mapping[str, Any] | str | Path | None) -> State | None:
    """Return the state in a snapshot or in a file; None if there is no such file.

    Raises:
        MisuseError: It is damaged, or of a newer version.
    """
    if state is None:
        return None
    # pydantic takes its time to load: whoever keeps nothing does without.
    from port_fake.snapshots.document import decode
    from port_fake.snapshots.statefile import read

    return read(Path(state)) if isinstance(state, (str, Path)) else decode(state)


def account_of(kept: State, client_id: str | None, client_secret: str | None) -> Credentials:
    """Return the credentials of the organisation that was kept.

    Raises:
        MisuseError: Others were asked for.
    """
    own = kept.accounts[0]
    if client_id not in {None, own.client_id} or client_secret not in {None, own.client_secret}:
        raise MisuseError(
            f"the state is of the organisation with the client id {own.client_id!r}, and its "
            "secret: give no other credentials, or another state"
        )
    return Credentials(client_id=own.client_id, client_secret=own.client_secret)
