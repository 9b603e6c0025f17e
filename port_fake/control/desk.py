"""What the operations of the control API get: the register, and how the visitor came here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from port_fake.control.register import Register
from port_fake.fake import FakePort


@dataclass(frozen=True, slots=True)
class Desk:
    """One visit. *base_url* is the server's address as the visitor has it."""

    register: Register
    base_url: str

    def port(self, path: Mapping[str, str]) -> FakePort:
        """Return the organisation that a path names.

        Raises:
            NotFoundError: There is none of that name.
        """
        return self.register.named(path["organisation"])
