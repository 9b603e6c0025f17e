"""Commands that keep an organisation and put it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from port_fake.handle.performing import Performing
from port_fake.snapshots.document import Account, Encoder, State, as_value, decode
from port_fake.snapshots.keeper import EVERY_S, Keeper
from port_fake.world.contents import contents, furnish
from port_fake.world.organisations import Member


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
        return as_value(Encoder().encode(self._state()))

    def restore(self, data: Mapping[str, Any]) -> None:
        """Put what `snapshot` returned in the place of all that the organisation holds.

        It may be of another organisation: id and credentials of this one stay as they are. To
        begin as that other one, credentials and all: ``FakePort(state=data)``.

        Raises:
            MisuseError: The snapshot is damaged or of a newer version; nothing has changed.
        """
        state = decode(data)
        with self.world.lock:
            furnish(self.world, state.contents)

    @contextmanager
    def kept_in(self, file: str | Path, *, every_s: float = EVERY_S) -> Iterator[None]:
        """Write the organisation to *file* within the with statement, after each change.

        What changes is written at most every *every_s* seconds and at the end, to a file that
        only its owner may read. ``FakePort(state=file)`` takes it up again.

        Raises:
            OSError: The file cannot be written at the start or at the end.
        """
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
