"""The connection: tokens that expire, and a Port that is busy or out of reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from deployments.port import Port, PortError
from port_fake import FakePort, RunView

pytestmark = pytest.mark.port_fake(scenario=Path(__file__).parent / "acme")

STAGING = {"version": "1.2.3", "environment": "staging"}


class Shaky(HTTPAdapter):
    """Answers a request with each of *troubles* in turn, then lets all through.

    A status is answered instead of Port; "lost" is an answer that does not arrive.
    """

    def __init__(self, *troubles: int | str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.troubles = list(troubles)
        self.headers = headers or {}

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # type: ignore[override]
        trouble = self.troubles.pop(0) if self.troubles else None
        if not isinstance(trouble, int):
            answer = super().send(request, **options)
            if trouble is None:
                return answer
            raise requests.ConnectionError(trouble)
        answer = requests.Response()
        answer.status_code = trouble
        answer.headers.update(self.headers)
        answer.request = request
        return answer


@pytest.fixture
def run(port_fake: FakePort) -> RunView:
    """A run to ask for."""
    return port_fake.execute("deploy", STAGING, entity="checkout")


@pytest.fixture
def pauses() -> list[float]:
    """How long the connection has paused, in seconds, each time."""
    return []


@pytest.fixture
def shaky(port_fake_env: FakePort, pauses: list[float]) -> Callable[..., Port]:
    """Makes connections that get into trouble once they have logged in."""

    def connect(*troubles: int | str, **headers: str) -> Port:
        session = requests.Session()
        port = Port.from_env(session=session, sleep=pauses.append)
        with pytest.raises(PortError, match="404"):
            port.run("r_that_does_not_exist")
        session.mount(port_fake_env.base_url, Shaky(*troubles, headers=headers))
        return port

    return connect


@pytest.mark.parametrize("trouble", [429, 503, "lost"])
def test_it_tries_again_after_longer_and_longer_pauses(
    run: RunView, shaky: Callable[..., Port], pauses: list[float], trouble: int | str
) -> None:
    port = shaky(trouble, trouble, trouble)

    assert port.run(run.id)["id"] == run.id
    assert pauses == [1, 2, 4]


@pytest.mark.parametrize(("wanted", "paused"), [("17", 17), ("next week", 1)])
def test_it_waits_as_long_as_port_asks(
    run: RunView, shaky: Callable[..., Port], pauses: list[float], wanted: str, paused: float
) -> None:
    shaky(429, **{"Retry-After": wanted}).run(run.id)

    assert pauses == [paused]


def test_it_gives_up_after_five_tries(
    run: RunView, shaky: Callable[..., Port], pauses: list[float]
) -> None:
    port = shaky(*[503] * 5)

    with pytest.raises(PortError, match="503"):
        port.run(run.id)

    assert pauses == [1, 2, 4, 8]


def test_nothing_is_executed_twice_when_the_answer_is_lost(
    port_fake: FakePort, shaky: Callable[..., Port]
) -> None:
    port = shaky("lost")

    with pytest.raises(requests.ConnectionError):
        port.execute("deploy", STAGING, entity="checkout")

    assert len(port_fake.runs(action="deploy")) == 1


def test_an_expired_token_is_renewed(port_fake: FakePort, port: Port, run: RunView) -> None:
    assert port.run(run.id)["id"] == run.id

    port_fake.advance(4 * 3600)

    assert port.run(run.id)["id"] == run.id
    port_fake.assert_called("GET", f"/v1/actions/runs/{run.id}", status=200, times=2)
    port_fake.assert_called("POST", "/v1/auth/access_token", times=2)


def test_a_wrong_secret_is_told(port_fake_env: FakePort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT_CLIENT_SECRET", "not the secret")

    with pytest.raises(PortError, match="401"):
        Port.from_env().run("r_1")

    port_fake_env.assert_called("POST", "/v1/auth/access_token", status=401, times=1)
