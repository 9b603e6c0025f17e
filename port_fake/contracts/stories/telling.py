"""Tells stories to a recorder, always the same way; ``python -m`` this to record them anew."""

from __future__ import annotations

import io
from pathlib import Path

from port_fake._resources import directory
from port_fake.contracts.exchanges.asking import asker_of
from port_fake.contracts.exchanges.lines import Header
from port_fake.contracts.exchanges.recording import Recording
from port_fake.contracts.proxy import Proxy
from port_fake.contracts.stories.book import STORIES
from port_fake.contracts.stories.stage import Stage, Tell
from port_fake.fake import FakePort

TARGET = "127.0.0.1"
VERSION = "repeatable"
"""A version would change every file with every release."""


def shelf() -> Path:
    """Return the folder of the recorded stories."""
    return directory("fixtures") / "exchanges" / "port"


def told(tell: Tell) -> str:
    """Return the lines of a story, told by a fake of its own."""
    lines = io.StringIO()
    header = Header(target=TARGET, version=VERSION, source="fake")
    recording = Recording(lines, header, keep_people=True)
    with (
        FakePort(name="port-fake stories") as port,
        Proxy(port.base_url, between=recording) as proxy,
    ):
        ask = asker_of(port, base_url=proxy.base_url)
        try:
            tell(Stage(port, ask))
        finally:
            ask.close()
    return lines.getvalue()


def main() -> None:
    """Record every story anew."""
    folder = shelf()
    folder.mkdir(parents=True, exist_ok=True)
    for name, tell in STORIES.items():
        (folder / f"{name}.jsonl").write_text(told(tell), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
