"""A fake in a process of its own, for as long as somebody asks it.

Questions are asked from one thread and answered in another; in one process they would wait for
each other's turn with every request.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from port_fake.errors import MisuseError
from port_fake.server import FakePortServer

END_S: Final = 10
"""How long it may take to end; then it is killed."""


@contextmanager
def served_fake(*, seed: int) -> Iterator[str]:
    """Serve a fake and give its address. It ends with this process too, however that ends.

    Raises:
        MisuseError: It could not be started.
    """
    arguments = [sys.executable, "-m", __name__, str(seed)]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL  # what it logs is in its answers too
    # In a group of its own: Ctrl-C is for who asks, and the fake must answer to the end.
    process = subprocess.Popen(  # noqa: S603 - the arguments are our own
        arguments, stdin=pipe, stdout=pipe, stderr=nowhere, text=True, start_new_session=True
    )
    with process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise MisuseError("no fake could be started: `port-fake serve` may say why")
            yield address
        finally:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()


def main() -> None:
    """Serve until nobody is there any more."""
    with FakePortServer(seed=int(sys.argv[1])) as server:
        print(server.base_url, flush=True)  # noqa: T201 - told to who has started it
        sys.stdin.read()


if __name__ == "__main__":
    main()
