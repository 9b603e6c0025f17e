"""The control API answers programs, and no page that a browser happens to show."""

from __future__ import annotations

import string
from typing import Final
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake import FakePortServer
from port_fake.control.api import CONTROL
from port_fake.control.mount import mount
from port_fake.control.register import Register
from port_fake.control.visitors import admit
from port_fake.errors import ForbiddenError
from port_fake.http.annex import Visit
from port_fake.surface.operation import Operation
from port_fake.threaded import ServerThread
from tests.support.control import ControlClient, assert_refused, named
from tests.support.raw import send

EVERY: Final = pytest.mark.parametrize("operation", CONTROL.operations, ids=lambda one: one.name)
PAGES: Final = ["http://evil.example", "https://localhost", "http://localhost:1", "null", ""]
STRANGE_HOSTS: Final = [
    "evil.example",
    "localhost.evil.example",
    "evil.example:80",
    "127.0.0.1.evil.example",
    "user@localhost",
    "localhost/",
    "203.0.113.9",
    "0.0.0.0",  # noqa: S104 - a browser would go there
    "[2001:db8::1]",
    "127.1",
    "2130706433",
    "localhost:http",
    "lоcalhost",  # noqa: RUF001 - that is the point of it
    "",
]


def path_of(operation: Operation) -> str:
    return operation.path.format(organisation="shop", email="ana.admin@example.com", number="1")


@EVERY
@pytest.mark.parametrize("origin", PAGES)
def test_a_page_of_another_origin_gets_and_changes_nothing(
    operation: Operation, origin: str, control: ControlClient
) -> None:
    control.create(name="shop")
    before = control.get(named("shop", "/snapshot")).json

    answer = control.ask(operation.method, path_of(operation), headers={"Origin": origin})

    assert_refused(answer, 403, repr(origin), "from a program")
    assert control.get(named("shop", "/snapshot")).json == before
    assert len(control.get("/_fake/organisations").json["organisations"]) == 1


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_page_elsewhere_sets_off_without_an_origin_is_refused(
    site: str, control: ControlClient
) -> None:
    answer = control.ask("GET", "/_fake/health", headers={"Sec-Fetch-Site": site})

    assert_refused(answer, 403, site)


@pytest.mark.parametrize("origin", PAGES)
def test_a_browser_that_asks_whether_it_may_is_not_told_yes(
    origin: str, control: ControlClient
) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "DELETE"}

    assert control.ask("OPTIONS", "/_fake/organisations", headers=headers).status == 403


@pytest.mark.parametrize("host", STRANGE_HOSTS)
def test_a_name_that_leads_here_by_somebody_elses_doing_is_refused(
    host: str, server: FakePortServer
) -> None:
    data = f"GET /_fake/organisations HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

    answer = send(server.base_url, data)

    assert (answer.status, answer.json["error"]) in {(403, "forbidden"), (400, "bad_request")}
    assert "access-control-allow-origin" not in answer.headers or answer.status == 400


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST.", "port.localhost", "127.0.0.1", "127.9.9.9:1", "[::1]:80"]
)
def test_the_names_and_addresses_of_this_machine_are_answered(
    host: str, control: ControlClient
) -> None:
    answer = control.ask("POST", "/_fake/organisations", headers={"Host": host})

    assert answer.status == 201
    assert answer.json["base_url"] == f"http://{host}", "not the address as the visitor has it"


def test_a_page_of_the_fakes_own_origin_is_answered(control: ControlClient) -> None:
    headers = {"Origin": control.base_url, "Sec-Fetch-Site": "same-origin"}

    assert control.ask("GET", "/_fake/health", headers=headers).status == 200


def test_a_name_that_is_allowed_is_answered() -> None:
    with ServerThread() as thread:
        mount(Register(thread), hosts=["Port-Fake"])
        control = ControlClient(thread.base_url)

        allowed = control.ask("GET", "/_fake/health", headers={"Host": "port-fake:8080"})
        other = control.ask("GET", "/_fake/health", headers={"Host": "port-fake.example"})

    assert allowed.status == 200
    assert_refused(other, 403, "'port-fake.example'", "--control-host")


@pytest.mark.parametrize("address", ["192.0.2.7", "::ffff:192.0.2.7"])
def test_the_address_that_a_visitor_has_reached_is_this_machines(address: str) -> None:
    visit = Visit(method="GET", path="/_fake/health", host="192.0.2.7:8080", address=address)

    admit(visit, hosts=())

    with pytest.raises(ForbiddenError, match=r"192\.0\.2\.8"):
        admit(Visit(method="GET", path="/", host="192.0.2.8", address=address), hosts=())


@given(st.text(string.printable, max_size=30))
def test_no_host_is_answered_that_a_url_would_take_elsewhere(host: str) -> None:
    visit = Visit(method="GET", path="/_fake/health", host=host, address="127.0.0.1")

    try:
        admit(visit, hosts={"allowed"})
    except ForbiddenError:
        return

    name = (urlsplit(f"http://{host}").hostname or "").rstrip(".")
    assert (
        name in {"allowed", "localhost", "::1"} or name.endswith(".localhost") or name[:4] == "127."
    )


def test_nothing_of_the_control_api_counts_as_a_request_of_an_organisation(
    control: ControlClient,
) -> None:
    control.create(name="shop")
    control.get("/_fake/nothing")

    assert control.get(named("shop", "/requests")).json == {"requests": [], "next_since": 0}
    assert control.get("/_fake/requests").json == {"requests": [], "next_since": 0}
