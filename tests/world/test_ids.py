"""Identity: repeatable, one stream for each kind of thing."""

import re
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from port_fake.world.ids import HEX, Ids

PREFIXES: Final = st.sampled_from(["r_", "e_", "action_", "log_"])
DRAWS: Final = st.lists(PREFIXES, max_size=20)
SEEDS: Final = st.text(max_size=5)


@given(SEEDS, DRAWS)
def test_the_same_seed_gives_the_same_ids(seed: str, prefixes: list[str]) -> None:
    first, second = Ids(seed), Ids(seed)

    assert [first.draw(one) for one in prefixes] == [second.draw(one) for one in prefixes]


@given(SEEDS, DRAWS, PREFIXES)
def test_the_ids_of_one_kind_do_not_depend_on_those_of_others(
    seed: str, prefixes: list[str], prefix: str
) -> None:
    mixed, alone = Ids(seed), Ids(seed)

    drawn = [mixed.draw(one) for one in prefixes]

    assert [one for one in drawn if one.startswith(prefix)] == [
        alone.draw(prefix) for one in prefixes if one == prefix
    ]


@given(SEEDS, st.integers(2, 50))
def test_ids_of_one_kind_are_all_different(seed: str, count: int) -> None:
    ids = Ids(seed)

    assert len({ids.draw("r_") for _ in range(count)}) == count


@given(SEEDS, SEEDS, SEEDS)
def test_a_child_is_repeatable_and_draws_apart_from_its_parent(
    seed: str, name: str, other: str
) -> None:
    child = Ids(seed).child(name)

    drawn = child.draw("r_")

    assert drawn == Ids(seed).child(name).draw("r_")
    assert drawn != Ids(seed).draw("r_")
    assert (drawn == Ids(seed).child(other).draw("r_")) == (name == other)


def test_without_a_seed_nobody_can_repeat_the_ids() -> None:
    assert Ids().draw("r_") != Ids().draw("r_")


def test_an_id_is_a_prefix_and_sixteen_letters_or_digits_unless_told_otherwise() -> None:
    ids = Ids("seed")

    assert re.fullmatch(r"r_[A-Za-z0-9]{16}", ids.draw("r_"))
    assert re.fullmatch(r"auth0\|[0-9a-f]{24}", ids.draw("auth0|", 24, HEX))


@given(SEEDS, DRAWS, DRAWS)
def test_ids_go_on_where_others_had_come_to(seed: str, before: list[str], after: list[str]) -> None:
    ids, other = Ids(seed), Ids("another")
    for prefix in before:
        ids.draw(prefix)
    other.draw("r_")

    other.resume(ids.drawn())

    assert other.drawn() == ids.drawn()
    assert [other.draw(one) for one in after] == [ids.draw(one) for one in after]


def test_ids_of_other_letters_go_on_as_well() -> None:
    ids, other = Ids("seed"), Ids("another")
    ids.draw("iv_", 32, HEX)

    other.resume(ids.drawn())

    assert other.draw("iv_", 24, HEX) == ids.draw("iv_", 24, HEX)
