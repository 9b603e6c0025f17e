"""What a scenario may hold: one list for each part, in the order in which they may refer on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from port_fake.errors import MisuseError, RefusedError


class Perform(Protocol):
    """Carries out an operation of the dialect: as a user, or as the organisation itself."""

    def __call__(
        self, operation: str, *, path: dict[str, str], body: Any, as_user: str | None = None
    ) -> Any:
        """Return the operation's answer.

        Raises:
            RefusedError: The operation is refused.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A list whose items are bodies of *operation*; one without is played, see `lives`.

    *path* maps a path parameter to the key of the item that holds it, which is taken out of the
    body; *inside* names the key of the body that the item becomes, if it is not the body.
    """

    name: str
    operation: str = ""
    path: tuple[tuple[str, str], ...] = ()
    inside: str = ""


PARTS: Final = (
    Part(name="teams", operation="create-team"),
    Part(name="users", operation="invite-user", inside="invitee"),
    Part(name="secrets", operation="create-organization-secret"),
    Part(name="blueprints", operation="create-blueprint"),
    Part(
        name="entities",
        operation="create-entity",
        path=(("blueprint_identifier", "blueprint"),),
    ),
    Part(name="actions", operation="create-action"),
    Part(
        name="permissions",
        operation="update-action-permissions",
        path=(("action_identifier", "action"),),
    ),
    Part(name="runs"),
)
NAMES: Final = tuple(part.name for part in PARTS)

ENDINGS: Final = (".json", ".yaml", ".yml")
"""How the name of a part's file may end."""

IN_THE_BODY: Final = re.compile(
    r"body(?P<steps>(?:/.*?)?)(?:: | (?=must ))(?P<reason>.*)", re.DOTALL
)
"""How an operation says where in its body something is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a part, and where it stands."""

    file: Path
    number: int
    value: dict[str, Any]

    def mistake(self, reason: str, *steps: object) -> MisuseError:
        """Return what is wrong with the item, *steps* further inside."""
        place = ".".join(map(str, steps))
        where = f"{self.file}, item {self.number}{f', {place}' if place else ''}"
        return MisuseError(f"{where}: {reason}")

    @contextmanager
    def told(self, *steps: object, inside: str = "") -> Iterator[None]:
        """Tell of a refusal with its place, which begins with *steps*.

        *inside* is where in the body of the operation the item stands.
        """
        try:
            yield
        except RefusedError as error:
            found = IN_THE_BODY.fullmatch(str(error))
            if found is None:
                raise self.mistake(str(error), *steps) from None
            inner = found["steps"].split("/")[1:]
            if inside and inner[:1] == [inside]:
                del inner[0]
            raise self.mistake(found["reason"], *steps, *inner) from None
