"""``port-fake serve``: what it prints, what it serves, how it ends."""

import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
import requests

from tests.cli.processes import TIMEOUT_S, Served, served

AWKWARD: Final = """it's $HOME "quoted" \\ & `id` ü"""

CURL: Final = shutil.which("curl")
BASH: Final = shutil.which("bash")
needs_curl = pytest.mark.skipif(
    CURL is None or BASH is None, reason="needs bash and curl on the machine"
)


def example(server: Served) -> str:
    """Return the example of the greeting: the indented lines."""
    start = server.greeting.index("Try it:") + 1
    return "\n".join(server.greeting[start : server.greeting.index("", start)])


def pasted(script: str) -> str:
    """Return what bash prints when *script* is pasted into it."""
    done = subprocess.run(
        [str(BASH), "-c", script],
        check=True,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    return done.stdout


def log_in(server: Served, client_id: str, client_secret: str) -> requests.Response:
    """Exchange credentials for a token."""
    return requests.post(
        f"{server.url}/v1/auth/access_token",
        json={"clientId": client_id, "clientSecret": client_secret},
        timeout=TIMEOUT_S,
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """A fake as it is served when nothing is said."""
    with served() as one:
        yield one


def test_it_first_says_where_it_listens_and_with_which_credentials(server: Served) -> None:
    assert re.fullmatch(r"port-fake listening on http://127\.0\.0\.1:\d+", server.greeting[0])
    assert server.greeting[1:3] == [
        "client id:     port-fake-client-id",
        "client secret: port-fake-client-secret",
    ]


@needs_curl
def test_its_example_works_as_it_is_printed(server: Served) -> None:
    answer = json.loads(pasted(example(server)))

    assert answer == {"ok": True, "runs": []}


def test_it_starts_with_the_scenario_that_comes_along(server: Served) -> None:
    token = log_in(server, "port-fake-client-id", "port-fake-client-secret").json()["accessToken"]

    actions = requests.get(
        f"{server.url}/v1/actions",
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT_S,
    ).json()["actions"]

    assert [one["identifier"] for one in actions] == ["create_microservice", "deploy_to_production"]


@needs_curl
def test_its_example_works_with_awkward_credentials() -> None:
    with served("--client-id", "a b", "--client-secret", AWKWARD) as server:
        answer = json.loads(pasted(example(server)))
        refused = log_in(server, "a b", "port-fake-client-secret")

    assert answer["ok"] is True
    assert refused.status_code == 401


def test_it_serves_a_folder_of_ones_own_with_repeatable_ids(tmp_path: Path) -> None:
    (tmp_path / "teams.json").write_text('[{"name": "platform"}]', encoding="utf-8")
    seen = []

    for _ in range(2):
        with served("--scenario", str(tmp_path), "--seed", "7") as server:
            answer = log_in(server, "port-fake-client-id", "port-fake-client-secret").json()
            headers = {"Authorization": f"Bearer {answer['accessToken']}"}
            teams = requests.get(f"{server.url}/v1/teams", headers=headers, timeout=TIMEOUT_S)
            seen.append(teams.json()["teams"])

    assert [one["name"] for one in seen[0]] == ["platform"]
    assert seen[0] == seen[1]


def idle(_: Served, __: ExitStack) -> None:
    """Let nobody call."""


def kept_alive(server: Served, stack: ExitStack) -> None:
    """Leave a connection open after an answer."""
    connection = http.client.HTTPConnection(*server.address(), timeout=TIMEOUT_S)
    stack.callback(connection.close)
    connection.request("GET", "/v1/actions/runs")
    assert connection.getresponse().read()


def half_sent(server: Served, stack: ExitStack) -> None:
    """Leave a request whose body does not come; that it was begun shows in the 100 Continue."""
    connection = stack.enter_context(socket.create_connection(server.address(), TIMEOUT_S))
    connection.sendall(
        b"POST /v1/auth/access_token HTTP/1.1\r\nHost: fake\r\nContent-Length: 90\r\n"
        b"Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n"
    )
    assert connection.recv(64).startswith(b"HTTP/1.1 100")
    connection.sendall(b'{"clientId": ')


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals end a process on Unix only")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("clients", [idle, kept_alive, half_sent])
def test_a_signal_ends_it_quickly_whatever_clients_do(
    number: signal.Signals, clients: Callable[[Served, ExitStack], None]
) -> None:
    with served() as server, ExitStack() as stack:
        clients(server, stack)

        code, complaints = server.end(number)

    assert (code, complaints) == (0, "")


def test_it_logs_requests_that_it_has_no_route_for() -> None:
    with served() as server:
        requests.get(f"{server.url}/v1/webhooks", timeout=TIMEOUT_S)

        code, complaints = server.end(signal.SIGTERM)

    assert code == 0
    assert complaints == "the fake does not have GET /v1/webhooks\n"


def test_it_serves_with_faults() -> None:
    faults = ["GET /v1/actions/runs status=503 times=2", "get-actions status=429 retry_after_s=1"]
    with served("--fault", faults[0], "--fault", faults[1]) as server:
        login = log_in(server, "port-fake-client-id", "port-fake-client-secret").json()
        headers = {"Authorization": login["accessToken"]}

        def status(path: str) -> int:
            url = f"{server.url}{path}"
            return requests.get(url, headers=headers, timeout=TIMEOUT_S).status_code

        runs = [status("/v1/actions/runs") for _ in range(3)]
        actions = [status("/v1/actions") for _ in range(2)]

    assert (runs, actions) == ([503, 503, 200], [429, 200])
