"""What Port's execution agent reports on a run, re-enacted: it logs in before every request."""

from typing import Final

import pytest
import requests

from port_fake import FakePort, RunView
from tests.clients.sessions import Session

pytestmark = pytest.mark.port_fake(scenario="microservice")

AGENT: Final = {"User-Agent": "port-agent"}


class Agent:
    """The agent: it has no state, and looks at few answers."""

    def __init__(self, port_fake: FakePort) -> None:
        self._port_fake = port_fake

    def send(self, method: str, path: str, body: dict[str, object]) -> requests.Response:
        """Log in anew and send a request."""
        port_fake = self._port_fake
        with Session(port_fake.base_url, AGENT) as session:
            session.log_in(port_fake.client_id, port_fake.client_secret)
            return session.send(method, path, body)

    def log(self, run: RunView, message: str) -> requests.Response:
        """Write a line; the agent does not look at the answer."""
        return self.send("POST", f"/v1/actions/runs/{run.id}/logs", {"message": message})

    def report(self, run: RunView, **report: object) -> requests.Response:
        """Report on a run."""
        return self.send("PATCH", f"/v1/actions/runs/{run.id}", report)


@pytest.fixture
def agent(port_fake: FakePort) -> Agent:
    """The agent of the organisation."""
    return Agent(port_fake)


@pytest.fixture
def run(port_fake: FakePort) -> RunView:
    """A run that is in progress."""
    return port_fake.execute("create_microservice", {"name": "billing"})


def test_it_tells_the_organisation_how_it_works(agent: Agent) -> None:
    response = agent.send(
        "PATCH", "/v1/organization", {"settings": {"portAgentStreamerName": "POLLING"}}
    )

    assert response.ok
    assert response.json()["ok"] is True


def test_a_synchronous_run_ends_in_a_line_after_its_end(
    agent: Agent, port_fake: FakePort, run: RunView
) -> None:
    lines = [agent.log(run, f"step {number}") for number in range(3)]
    ended = agent.report(run, status="SUCCESS")
    lines.append(agent.log(run, "Port agent finished processing the action run"))

    assert [line.status_code for line in lines] == [201, 201, 201, 201]
    assert ended.ok
    seen = port_fake.run(run)
    assert seen.status == "SUCCESS"
    assert seen.logs[0] == "step 0"
    assert seen.logs[-1].startswith("Port agent finished")
    port_fake.assert_called("POST", "/v1/auth/access_token", times=5)


def test_an_asynchronous_run_stays_open(agent: Agent, port_fake: FakePort, run: RunView) -> None:
    agent.log(run, "Action run sent to the webhook")
    agent.report(run, link="https://ci.example.com/7", externalRunId="job_7")

    assert port_fake.run(run).status == "IN_PROGRESS"
    assert port_fake.run(run).link == "https://ci.example.com/7"


def test_a_failed_webhook_is_reported_twice_and_the_second_time_is_harmless(
    agent: Agent, port_fake: FakePort, run: RunView
) -> None:
    reason = "Failed to invoke the webhook with status code: 500. Response: boom"

    first = agent.report(run, status="FAILURE", summary=reason)
    kept = port_fake.run(run)
    second = agent.report(run, status="FAILURE", summary="Agent failed to process the run")

    assert first.ok
    assert second.status_code == 422
    assert second.json()["ok"] is False
    assert port_fake.run(run) == kept
    assert kept.summary == reason


def test_a_webhook_that_cannot_be_reached_is_reported_once(
    agent: Agent, port_fake: FakePort, run: RunView
) -> None:
    response = agent.report(run, status="FAILURE", summary="Agent failed to process the run")

    assert response.ok
    assert port_fake.run(run).status == "FAILURE"


def test_a_token_goes_on_working_while_newer_ones_are_issued(port_fake: FakePort) -> None:
    with Session(port_fake.base_url, AGENT) as old, Session(port_fake.base_url, AGENT) as new:
        old.log_in(port_fake.client_id, port_fake.client_secret)
        port_fake.advance(60)
        new.log_in(port_fake.client_id, port_fake.client_secret)

        statuses = [one.send("GET", "/v1/actions/runs").status_code for one in (old, new, old)]

    assert statuses == [200, 200, 200]
