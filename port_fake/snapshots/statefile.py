"""The file of ``port-fake serve --state``: read at the start, written whenever something changed.

It holds the client secret and the secrets of the organisation, without which it could not be
taken up again; so only its owner may read it (mode 0600), whatever its mode was.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from port_fake.errors import MisuseError
from port_fake.snapshots.document import decode
from port_fake.snapshots.state import State


def read(file: Path) -> State | None:
    """Return what *file* holds, None if there is no such file; it is never changed.

    Raises:
        MisuseError: It cannot be read, is damaged, or was written by a newer port-fake.
    """
    try:
        text = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MisuseError(f"cannot read {file}: {error.strerror}") from None
    try:
        document: Any = from_json(text)
    except ValueError as error:
        raise MisuseError(f"{file} is damaged, no JSON: {error}") from None
    try:
        return decode(document)
    except MisuseError as error:
        raise MisuseError(f"{file}: {error}") from None


def write(file: Path, text: bytes) -> None:
    """Put *text* in the place of what *file* held: all of it or, after a crash, none of it.

    Raises:
        MisuseError: It cannot be written; what it held is as it was.
    """
    target = file.resolve()  # the file behind a link is replaced, and not the link
    draft = target.with_name(f".{target.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
        _sync(target.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise MisuseError(f"cannot write {file}: {error.strerror or error}") from None


def _sync(folder: Path) -> None:
    if os.name == "nt":  # there a folder cannot be opened, and needs not be
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
