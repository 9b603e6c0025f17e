from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest

from port_fake import FakePort
from port_fake.contracts.addresses import is_here, is_private, server_address
from port_fake.contracts.pace import Pace
from port_fake.contracts.permits import Free, NotPermittedError, ReadOnly
from port_fake.contracts.questions import Need
from port_fake.contracts.replies import AnswerError
from port_fake.contracts.sites import FakeSite, OtherSite, Wanted, open_site
from port_fake.contracts.veil import COVER, Veil
from port_fake.contracts.wire import Wire
from port_fake.delivery.receiver import ScriptedAnswer
from port_fake.errors import MisuseError
from port_fake.server import FakePortServer
from tests.support.recording import LOG_IN, Recording, Seen, fine, log_in_answer, recording

SECRET = "secret-of-this-organisation"  # noqa: S105 - it opens nothing
KEYS = {"PORT_CLIENT_ID": "me", "PORT_CLIENT_SECRET": SECRET}
HEALTHY = {"status": "ok", "version": "9.9", "organisations": 1}


def other(seen: Seen) -> ScriptedAnswer:
    """Answer as a server does that is no fake."""
    if (seen.method, seen.target) == LOG_IN:
        return log_in_answer("a-token-that-is-no-jwt")
    return ScriptedAnswer.of(404, json={"ok": False, "error": "not_found", "message": "no"})


@pytest.fixture
def server() -> Iterator[Recording]:
    with recording(other) as running:
        yield running


def opened(wanted: Wanted, environment: Mapping[str, str] = KEYS) -> OtherSite:
    site = open_site(wanted, veil=Veil(), environment=environment)
    assert isinstance(site, OtherSite)
    return site


def mine(url: str, **more: bool | str) -> Wanted:
    return Wanted(target=url, owned=True, **more)  # type: ignore[arg-type] # what a test names


# -- wrong use


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(target="ftp://x"), "is no address of a server"),
        (Wanted(target="api.getport.io"), "is no address of a server"),
        (Wanted(target=""), "is no address of a server"),
        (Wanted(target="http://"), "is no address of a server"),
        (Wanted(target="http://["), "is no address of a server"),
        (Wanted(target="http://x:99999"), "is no address of a server"),
        (Wanted(target="http://x/?a=1"), "is no address of a server"),
        (Wanted(target="http://x/#a"), "is no address of a server"),
        (Wanted(target="http://x y/"), "is no address of a server"),
        (Wanted(target="http://x/\u00fcber"), "is no address of a server"),
        (Wanted(target="http://me:pa55word@x"), "must not hold credentials"),
        (Wanted(write="deploy"), "--write speaks of a server"),
        (Wanted(throwaway=True), "--throwaway speaks of a server"),
        (Wanted(owned=True), "--i-own-this-organisation speaks of a server"),
        (mine("http://localhost", write="a", throwaway=True), "exclude each other"),
        (Wanted(target="http://localhost", properties={"a": 1}), "--write ACTION"),
        (Wanted(max_time_s=0), "--max-time must be"),
        (Wanted(max_time_s=-3), "--max-time must be"),
        (Wanted(max_time_s=float("nan")), "--max-time must be"),
    ],
)
def test_wrong_use_is_one_line_without_secrets(wanted: Wanted, words: str) -> None:
    with pytest.raises(MisuseError, match=words) as caught:
        open_site(wanted, veil=Veil(), environment=KEYS)

    assert len(str(caught.value).splitlines()) == 1
    assert "pa55word" not in str(caught.value)


@pytest.mark.parametrize("missing", KEYS)
@pytest.mark.parametrize("value", [None, ""])
def test_without_credentials_nothing_but_the_probe_leaves(
    server: Recording, missing: str, value: str | None
) -> None:
    environment = {**KEYS, missing: value}
    given = {name: text for name, text in environment.items() if text is not None}

    with pytest.raises(MisuseError, match="set PORT_CLIENT_ID and PORT_CLIENT_SECRET"):
        opened(mine(server.url), given)

    assert server.lines == ["GET /_fake/health"]


@pytest.mark.parametrize("more", [{}, {"write": "deploy"}, {"throwaway": True}])
def test_without_the_word_of_its_owner_no_organisation_is_asked(
    server: Recording, more: dict[str, str | bool]
) -> None:
    with pytest.raises(MisuseError, match="--i-own-this-organisation"):
        opened(Wanted(target=server.url, **more))  # type: ignore[arg-type] # as above

    assert server.lines == ["GET /_fake/health"]


def test_a_write_that_names_no_action_is_refused(server: Recording) -> None:
    with pytest.raises(MisuseError, match="no identifier of an action"):
        opened(mine(server.url, write=".."))


def test_nobody_at_the_address_is_told_at_once() -> None:
    with recording() as gone:
        url = gone.url

    with pytest.raises(MisuseError, match="cannot be asked: GET /_fake/health was not answered"):
        opened(mine(url))


@pytest.mark.parametrize("status", [401, 403])
def test_credentials_that_are_refused_are_told_at_once(status: int) -> None:
    def refuse(seen: Seen) -> ScriptedAnswer:
        return ScriptedAnswer.of(status if seen.method == "POST" else 404, body=seen.body)

    veil = Veil()
    with recording(refuse) as server, pytest.raises(MisuseError, match="refused") as caught:
        open_site(mine(server.url), veil=veil, environment=KEYS)

    assert COVER in veil.cover(str(caught.value))
    assert SECRET not in veil.cover(str(caught.value))


def test_a_target_that_is_too_busy_is_told_in_time() -> None:
    def busy(_: Seen) -> ScriptedAnswer:
        return ScriptedAnswer.of(429, headers={"Retry-After": "3600"})

    with recording(busy) as server, pytest.raises(MisuseError, match="wait for 3600 s"):
        opened(mine(server.url))


def test_a_secret_does_not_go_in_clear_text_across_the_internet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("port_fake.contracts.sites._is_fake", lambda _: False)

    with pytest.raises(MisuseError, match=r"not sent to \S+ in clear text"):
        opened(mine("http://api.getport.io"))


@pytest.mark.parametrize(
    ("address", "private"),
    [
        *(("https://api.getport.io", True), ("http://api.getport.io", False)),
        *(("http://localhost:4010", True), ("http://prism:4010", True), ("http://[::1]", True)),
        *(("http://127.0.0.1", True), ("http://192.168.1.4", True), ("http://8.8.8.8", False)),
        *(("http://port.svc", True), ("http://mock.test:80/x", True), ("http://x.localhost", True)),
    ],
)
def test_it_is_known_where_a_secret_may_go_in_clear_text(address: str, *, private: bool) -> None:
    assert is_private(address) is private


@pytest.mark.parametrize(
    ("address", "here"),
    [
        *(("http://localhost:1", True), ("http://127.0.0.1", True), ("http://[::1]:1", True)),
        *(("https://x.localhost", True), ("http://prism", False), ("http://10.0.0.1", False)),
    ],
)
def test_it_is_known_what_is_on_this_machine(address: str, *, here: bool) -> None:
    assert is_here(address) is here


@pytest.mark.parametrize(
    ("given", "address"),
    [
        *(("https://api.getport.io/v1/", "https://api.getport.io"), ("http://x/v1", "http://x")),
        *(("http://x/behind/v1", "http://x/behind"), (" http://x:1/ ", "http://x:1")),
        *(("http://[::1]:8080", "http://[::1]:8080"), ("http://x/v11", "http://x/v11")),
    ],
)
def test_the_version_in_an_address_is_left_out(given: str, address: str) -> None:
    assert server_address(given) == address


# -- what a target is taken for


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"ok": True},
        [],
        "ok",
        None,
        {"status": "ok"},
        {"status": "ok", "version": "1.0"},
        HEALTHY,
        {**HEALTHY, "organisations": [{}]},
        {**HEALTHY, "organisations": "string"},
    ],
)
@pytest.mark.parametrize("status", [200, 201, 404])
def test_a_server_that_answers_anything_is_not_taken_for_a_fake(told: object, status: int) -> None:
    def same(seen: Seen) -> ScriptedAnswer:
        if (seen.method, seen.target) == LOG_IN:
            return log_in_answer("a-token-that-is-no-jwt")
        return ScriptedAnswer.of(status, body=json.dumps(told))

    with recording(same) as server:
        site = opened(mine(server.url))
        site.close()

        assert site.mode == "read-only"
        assert all(one.is_read_only for one in server.seen)
        with pytest.raises(MisuseError, match="--i-own-this-organisation"):
            opened(Wanted(target=server.url))


def imitating(seen: Seen) -> ScriptedAnswer:
    """Answer as a fake does, word for word."""
    if seen.target == "/_fake/health":
        return ScriptedAnswer.of(200, json=HEALTHY)
    if seen.target == "/_fake/organisations" and seen.method == "GET":
        return ScriptedAnswer.of(200, json={"organisations": []})
    return other(seen)


def test_an_imitation_of_a_fake_never_gets_the_credentials() -> None:
    with recording(imitating) as server:
        site = open_site(Wanted(target=server.url), veil=Veil(), environment=KEYS)
        with pytest.raises(AnswerError, match="the status must be 201"), site.organisation():
            pass
        site.close()

        assert isinstance(site, FakeSite)
        assert not any(SECRET in str(one.headers) + str(one.body) for one in server.seen)


def test_an_owner_who_says_so_is_believed_before_a_server_that_says_it_is_a_fake() -> None:
    with recording(imitating) as server:
        site = opened(mine(server.url))
        site.close()

        assert site.mode == "read-only"
        assert all(one.is_read_only for one in server.seen)


# -- what may be done there


def test_a_server_that_is_not_ours_is_read_from_and_nothing_else(server: Recording) -> None:
    site = opened(mine(server.url))
    server.seen.clear()

    with site.organisation() as organisation:
        organisation.ask("get-blueprints")
        with pytest.raises(NotPermittedError):
            organisation.ask("create-blueprint", body={})
    site.close()

    assert (site.mode, site.offers) == ("read-only", frozenset())
    assert server.lines == ["GET /v1/blueprints"]
    assert isinstance(site.wire.permit, ReadOnly)


def test_writing_offers_runs_and_nothing_else(server: Recording) -> None:
    site = opened(mine(server.url, write="deploy"))
    site.close()

    assert (site.mode, site.offers) == ("write deploy", frozenset({Need.WRITE}))


def test_a_throwaway_organisation_may_be_furnished(server: Recording) -> None:
    site = opened(mine(server.url, throwaway=True))
    site.close()

    assert (site.mode, site.offers) == ("throwaway", frozenset({Need.WRITE, Need.FURNISH}))
    assert isinstance(site.wire.permit, Free)


def test_a_mock_without_a_log_in_can_still_be_asked() -> None:
    with recording(fine) as server:
        site = opened(mine(server.url))
        with site.organisation() as organisation, pytest.raises(AnswerError, match="accessToken"):
            organisation.ask("get-blueprints")
        site.close()


def test_the_time_there_is_counts_from_the_start(server: Recording) -> None:
    site = opened(Wanted(target=server.url, owned=True, max_time_s=100))
    site.close()

    assert site.wire.pace.left_s is not None
    assert 90 < site.wire.pace.left_s <= 100


def test_everything_that_opens_something_is_covered_in_evidence(port_fake: FakePort) -> None:
    del port_fake  # it starts the server of the whole process
    veil = Veil()
    with FakePortServer() as server:
        site = open_site(Wanted(target=server.base_url), veil=veil, environment={})
        assert isinstance(site, FakeSite)
        with site.organisation() as organisation:
            organisation.get(
                "invite-user", body={"invitee": {"email": "ana@example.com", "roles": ["Member"]}}
            )
            user = organisation.credentials_of("ana@example.com")
            token = organisation.token("ana@example.com")
            shown = str(site.wire.evidence)
        site.close()

    known = (organisation.credentials.client_secret, user.client_secret, token)
    assert [one for one in known if one in shown or one in veil.cover(f"{one}")] == []
    assert COVER in shown


def test_a_fake_is_left_as_it_was_found() -> None:
    with FakePortServer() as server:
        veil = Veil()
        wire = Wire(server.base_url, permit=Free("fake"), veil=veil, pace=Pace())
        before = wire.send("GET", "/_fake/organisations").json
        site = open_site(Wanted(target=server.base_url), veil=veil, environment={})
        with site.organisation() as one, site.organisation() as two:
            assert one.credentials.client_id != two.credentials.client_id
        site.close()

        assert wire.send("GET", "/_fake/organisations").json == before
        wire.close()
