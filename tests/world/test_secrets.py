import pytest

from port_fake.errors import ConflictError, NotFoundError
from tests.world.builders import make_world


def test_a_secret_is_kept_and_never_shown() -> None:
    world = make_world()

    secret = world.secrets.add("TOKEN", "hush", "for ci")

    assert world.secrets["TOKEN"] == secret
    assert world.secrets.values() == {"TOKEN": "hush"}
    assert "hush" not in repr(world.secrets.all())


def test_a_secret_changes_only_in_what_is_given() -> None:
    world = make_world()
    old = world.secrets.add("TOKEN", "hush", "for ci")

    world.secrets.change("TOKEN", value="still")
    new = world.secrets.change("TOKEN", description="for cd")

    assert (new.value, new.description, new.created_at) == ("still", "for cd", old.created_at)
    assert new.updated_at > old.updated_at


def test_a_name_is_taken_once_and_free_again_after_its_secret_is_gone() -> None:
    world = make_world()
    world.secrets.add("TOKEN", "hush")

    with pytest.raises(ConflictError, match="'TOKEN'"):
        world.secrets.add("TOKEN", "other")
    world.secrets.remove("TOKEN")

    assert world.secrets.add("TOKEN", "other").value == "other"
    with pytest.raises(NotFoundError, match="'NONE'"):
        world.secrets.remove("NONE")
