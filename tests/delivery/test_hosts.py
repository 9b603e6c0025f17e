"""The fake calls this machine only, unless it is told otherwise."""

from typing import Any

import pytest

from port_fake import Backend, FakePort
from port_fake.surface.hosts import PORT_HOSTS, is_self, refusal
from port_fake.surface.letters import Fate

FOREIGN = "https://hooks.example.com/run"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.0.0.2:8080/x",
        "http://localhost:1/",
        "http://LOCALHOST/",
        "http://[::1]:80/",
        "https://127.0.0.1/",
    ],
)
def test_this_machine_may_be_called(url: str) -> None:
    assert refusal(url, frozenset()) is None


@pytest.mark.parametrize(
    "url",
    [
        FOREIGN,
        "http://localhost.example.com/",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "http://127.0.0.1:80@example.com/",
        "http://example.com#@127.0.0.1/",
        "http://example.com\\@127.0.0.1.evil/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "http://0.0.0.0/",
        "http://[fe80::1]/",
        "http://2130706433/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://",
        "http://[::1",
        "127.0.0.1:80",
        "",
        "null",
    ],
)
def test_nothing_else_may(url: str) -> None:
    assert refusal(url, frozenset())


def test_an_allowed_host_may_be_called_however_it_is_written() -> None:
    assert refusal(FOREIGN, frozenset({"Hooks.example.com"})) is None
    assert (
        refusal(FOREIGN.upper().replace("HTTPS", "https"), frozenset({"hooks.example.com"})) is None
    )
    assert refusal("https://other.example.com", frozenset({"hooks.example.com"}))


@pytest.mark.parametrize("host", sorted(PORT_HOSTS))
def test_the_hosts_of_port_are_the_fake_itself(host: str) -> None:
    assert is_self(f"https://{host}/v1/actions", "http://127.0.0.1:1234")
    assert not is_self(f"https://{host}.example.com/v1", "http://127.0.0.1:1234")
    assert is_self("http://127.0.0.1:1234/v1", "http://127.0.0.1:1234")
    assert not is_self("http://127.0.0.1:1235/v1", "http://127.0.0.1:1234")


def test_a_letter_to_another_host_is_recorded_and_not_sent(port_fake: FakePort) -> None:
    method = {"type": "WEBHOOK", "url": FOREIGN, "body": {"run": "{{ .run.id }}"}}
    port_fake.add_action("deploy", invokes=method)

    run = port_fake.execute("deploy")
    [delivery] = port_fake.settle()

    assert (delivery.fate, delivery.attempts) == (Fate.NOT_SENT, ())
    assert "hooks.example.com" in (delivery.reason or "")
    assert "--allow-host hooks.example.com" in (delivery.reason or "")
    assert delivery.message["url"] == FOREIGN
    assert delivery.message["body"] == {"run": run.id}
    assert port_fake.run(run).status == "IN_PROGRESS"


@pytest.mark.port_fake(allow_hosts=["unreachable.invalid"])
def test_an_allowed_host_is_tried(port_fake: FakePort) -> None:
    port_fake.add_action("deploy", invokes="http://unreachable.invalid:1/")

    port_fake.execute("deploy")
    [delivery] = port_fake.settle()

    assert delivery.fate is Fate.FAILED, "the name leads nowhere, but it was asked for"
    assert "unreachable.invalid" in (delivery.attempts[0].error or "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_does_not_escape(
    port_fake: FakePort, port_backend: Backend, status: int
) -> None:
    port_fake.add_action("deploy", invokes=port_backend.url)
    port_backend.answers(status, headers={"Location": FOREIGN})

    run = port_fake.execute("deploy")
    [delivery] = port_fake.settle()

    error = delivery.attempts[0].error or ""
    assert delivery.fate is Fate.FAILED
    assert "redirected" in error
    assert "hooks.example.com" in error
    assert port_fake.run(run).status == "FAILURE"


def test_a_redirect_on_this_machine_is_followed(port_fake: FakePort, port_backend: Backend) -> None:
    port_fake.add_action("deploy", invokes=f"{port_backend.url}/old")
    port_backend.answers(307, headers={"Location": "/new"}, times=1)

    port_fake.execute("deploy")
    [delivery] = port_fake.settle()

    first, second = port_backend.letters
    assert (first.path, second.path) == ("/old", "/new")
    assert (second.method, second.body, second.signed) == ("POST", first.body, True)
    assert delivery.fate is Fate.SENT


def test_redirects_in_a_circle_end(port_fake: FakePort, port_backend: Backend) -> None:
    port_fake.add_action("deploy", invokes=port_backend.url)
    port_backend.answers(307, headers={"Location": "/"})

    run = port_fake.execute("deploy")
    [delivery] = port_fake.settle()

    assert "redirected more than" in (delivery.attempts[0].error or "")
    assert len(port_backend.letters) == 5
    assert port_fake.run(run).status == "FAILURE"


@pytest.mark.parametrize("location", ["http://[", "ftp://127.0.0.1/", "javascript:1"])
def test_a_redirect_to_nowhere_fails_the_run(
    port_fake: FakePort, port_backend: Backend, location: str
) -> None:
    port_fake.add_action("deploy", invokes=port_backend.url)
    port_backend.answers(302, headers={"Location": location})

    run = port_fake.execute("deploy")
    [delivery] = port_fake.settle()

    assert delivery.attempts[0].error
    assert port_fake.run(run).status == "FAILURE"


@pytest.mark.parametrize("url", ["{{ .inputs.missing }}", "{{ null }}", "no url", "{{ {} }}"])
def test_a_url_that_is_none_is_not_sent(port_fake: FakePort, url: str) -> None:
    method: dict[str, Any] = {"type": "WEBHOOK", "url": url}
    port_fake.add_action("deploy", invokes=method)

    run = port_fake.execute("deploy")
    [delivery] = port_fake.settle()

    assert delivery.fate is Fate.NOT_SENT
    assert "not an HTTP URL" in (delivery.reason or "")
    assert port_fake.run(run).status == "IN_PROGRESS"
