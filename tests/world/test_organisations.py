"""Credentials lead to organisations until those are closed."""

from datetime import timedelta

import pytest

from port_fake.engine.people import Caller
from port_fake.errors import MisuseError, UnauthorizedError
from port_fake.world import organisations as rooms
from port_fake.world.clock import EPOCH
from port_fake.world.organisations import Credentials, Member, Organisations, Token
from port_fake.world.world import World
from tests.world.builders import invite, make_world, user


def member(world: World, client_id: str = "client", email: str | None = None) -> Member:
    credentials = Credentials(client_id=client_id, client_secret=f"secret of {client_id}")
    return Member(credentials=credentials, world=world, email=email)


def token(text: str) -> Token:
    return Token(text=text, expires=EPOCH + timedelta(hours=3))


def test_secrets_and_tokens_are_not_shown() -> None:
    machine = member(make_world())
    machine.token = token("eyJ.abc.def")

    assert "secret of client" not in repr(machine.credentials)
    assert "eyJ" not in repr(machine.token)
    assert "client" in repr(machine.credentials)


def test_credentials_stand_for_the_organisation_or_for_one_of_its_users() -> None:
    world = make_world()
    ana = invite(world, "ana")

    assert member(world).caller() == Caller(id="client")
    assert member(world, email="ana@x.io").caller() == ana


def test_a_user_is_seen_as_the_organisation_knows_the_user_now() -> None:
    world = make_world()
    invite(world, "ana")
    holder = member(world, email="ana@x.io")

    world.people.reassign("ana@x.io", roles=["Admin"])

    assert user(holder.caller()).roles == ("Admin",)


def test_the_credentials_of_a_dismissed_user_are_worth_nothing() -> None:
    world = make_world()
    invite(world, "ana")
    holder = member(world, email="ana@x.io")

    world.people.dismiss("ana@x.io")

    with pytest.raises(UnauthorizedError, match="the user of this token is no longer a member"):
        holder.caller()


def test_a_client_id_leads_to_its_holder_and_is_given_once() -> None:
    organisations = Organisations()

    holder = organisations.admit(member(make_world()))

    assert organisations.get("client") is holder
    assert organisations.get("stranger") is None
    with pytest.raises(MisuseError, match="the client id 'client' is in use on this server"):
        organisations.admit(member(make_world()))
    assert organisations.get("client") is holder


def test_closing_an_organisation_shuts_its_own_members_out_and_no_others() -> None:
    organisations = Organisations()
    world = make_world()
    closed = [organisations.admit(member(world, name)) for name in ("machine", "ana")]
    other = organisations.admit(member(make_world(), "other"))
    closed[0].token = token("old")
    for text, holder in (("old", closed[0]), ("kept", other)):
        organisations.remember(text, (holder, 0.0))

    organisations.close(world)

    assert organisations.get("machine") is None
    assert organisations.get("ana") is None
    assert organisations.get("other") is other
    assert organisations.seen == {"kept": (other, 0.0)}


def test_what_is_remembered_of_tokens_is_bounded() -> None:
    organisations = Organisations()
    holder = member(make_world())

    for number in range(rooms.SEEN_LIMIT + 1):
        organisations.remember(f"token {number}", (holder, 0.0))

    assert organisations.seen == {f"token {rooms.SEEN_LIMIT}": (holder, 0.0)}
