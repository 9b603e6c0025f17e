"""Debian's Chromium, driven by its own protocol: real clicks and keys, and what is then seen.

Source: chromedevtools.github.io/devtools-protocol; only domains that have been stable for years.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import pytest

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING: Final = (
    f"no browser ({', '.join(NAMES)}): `make browser` as root on Debian, or install Chromium"
)
LISTENING: Final = "DevTools listening on "
PATIENCE_S: Final = 60
"""Longer than a browser takes to answer on a busy machine."""

Json = Any


def browser() -> str:
    """Return the browser's path; without one the test is skipped, or fails where CI runs it."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return found


@contextmanager
def started(profile: Path) -> Iterator[str]:
    """Run the browser without a window, and yield the address at which it is driven."""
    options = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    options += ["--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")  # as root it would not start with one
    command = [browser(), *options, "about:blank"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said = []
            for line in process.stderr:
                said.append(line)
                if line.startswith(LISTENING):
                    yield line.removeprefix(LISTENING).strip()
                    return
            pytest.fail(f"the browser ended before it could be driven:\n{''.join(said[-20:])}")
        finally:
            process.terminate()


class Page:
    """One page in the browser. Every method waits until the browser has done it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._runner = asyncio.Runner()
        self._count = 0
        self._tab = ""
        self.events: list[Json] = []

    def __enter__(self) -> Self:
        self._runner.run(self._connect())
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._tab = attached["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.send(f"{domain}.enable")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._runner.run(self._session.close())
        self._runner.close()

    async def _connect(self) -> None:
        self._session = aiohttp.ClientSession()
        self._socket = await self._session.ws_connect(self._address, max_msg_size=0)

    def send(self, method: str, **params: Json) -> Json:
        """Send a command and return its result."""
        return self._runner.run(asyncio.wait_for(self._send(method, params), PATIENCE_S))

    async def _send(self, method: str, params: Json) -> Json:
        self._count += 1
        number = self._count
        session = {"sessionId": self._tab} if self._tab else {}
        await self._socket.send_json({"id": number, "method": method, "params": params, **session})
        while True:
            message = await self._next()
            if message.get("id") == number:
                assert "error" not in message, f"{method}: {message['error']}"
                return message["result"]

    async def _next(self) -> Json:
        message = await self._socket.receive_json()
        if "method" in message:
            self.events.append(message)
        return message

    async def _until(self, event: str) -> None:
        while not any(one["method"] == event for one in self.events):
            await self._next()

    def open(self, address: str) -> None:
        """Go to *address* and wait until all of it is there; what was heard before is forgotten."""
        for place in ("about:blank", address):  # from one place in a page to another loads nothing
            self.events.clear()
            self.send("Page.navigate", url=place)
            self._runner.run(asyncio.wait_for(self._until("Page.loadEventFired"), PATIENCE_S))

    def read(self, expression: str) -> Json:
        """Return the value of a JavaScript expression."""
        result = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def click(self, selector: str) -> None:
        """Move the mouse to the middle of an element, and click there."""
        middle = self.read(
            f"""(() => {{
                const one = document.querySelector({json.dumps(selector)});
                one.scrollIntoView({{block: "center", behavior: "instant"}});
                const box = one.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        where = {"x": middle[0], "y": middle[1], "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, **where)
        self._settle()

    def press(self, key: str, code: int) -> None:
        """Press a key that has a name, or a character, and let it go."""
        text = {"text": key} if len(key) == 1 else {}
        for kind in ("keyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **text
            )
        self._settle()

    def write(self, text: str) -> None:
        """Write into what has the focus."""
        self.send("Input.insertText", text=text)
        self._settle()

    def until(self, condition: str) -> None:
        """Wait until a JavaScript condition holds; what never holds ends the test."""
        self.read(
            f"""new Promise((done) => {{
                const look = () => (({condition}) ? done(1) : requestAnimationFrame(look));
                look();
            }})"""
        )

    def _settle(self) -> None:
        """Let the page's own timers that are due run, and let it draw."""
        self.read("new Promise(done => setTimeout(() => requestAnimationFrame(() => done(1))))")
