"""Pages of what is found: each entity once, in order, whatever comes and goes between them."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.errors import InvalidError, NotFoundError
from port_fake.world.entities import Write
from port_fake.world.search.search import Mark
from port_fake.world.world import World
from tests.world.builders import MACHINE, blueprint, key, make_world, many, write
from tests.world.search.catalogs import both, found, rule

NAMES: Final = st.lists(st.sampled_from("abcdefgh"), unique=True)
GOING: Final = st.sets(st.sampled_from("abcdefgh"))
COMING: Final = st.sets(st.sampled_from("xyz"))


def world_of(names: list[str]) -> World:
    world = make_world()
    world.blueprints.define(blueprint("app", needs=many("app")), MACHINE)
    for name in names:
        write(world, f"app/{name}")
    return world


def page(world: World, limit: int, after: Mark | None = None) -> tuple[list[str], Mark | None]:
    got = world.search.page(both(), MACHINE, blueprint="app", limit=limit, after=after)
    return [entity.key.identifier for entity in got.entities], got.after


def rest(world: World, limit: int, after: Mark | None) -> list[str]:
    """Return what all the pages after the first hold."""
    seen: list[str] = []
    while after is not None:
        names, after = page(world, limit, after)
        seen += names
    return seen


@given(NAMES, st.integers(1, 4))
def test_all_pages_are_all_that_is_found(names: list[str], limit: int) -> None:
    world = world_of(names)

    first, after = page(world, limit)

    assert first == names[:limit]
    assert first + rest(world, limit, after) == names == found(world, both(), blueprint="app")


@given(NAMES, st.integers(1, 4), GOING, COMING)
def test_what_stays_comes_once_while_others_come_and_go(
    names: list[str], limit: int, going: set[str], coming: set[str]
) -> None:
    world = world_of(names)
    first, after = page(world, limit)

    doomed = [key(f"app/{name}") for name in names if name in going]
    world.delete_entity(*doomed, caller=MACHINE)
    for name in sorted(coming):
        write(world, f"app/{name}")

    stayed = [name for name in names[limit:] if name not in going]
    expected = [] if after is None else [*stayed, *sorted(coming)]
    assert rest(world, limit, after) == expected
    assert first == names[:limit]


def test_entities_of_one_moment_are_parted_by_their_names() -> None:
    world = make_world()
    world.blueprints.define(blueprint("app", needs=many("app")), MACHINE)
    draft = {"identifier": "m", "relations": {"needs": ["z", "a"]}}
    world.entities.write("app", draft, MACHINE, how=Write.CREATE, make_related=True)

    first, after = page(world, 1)

    assert first + rest(world, 1, after) == ["a", "m", "z"]


def test_a_page_is_refused_as_a_search_is() -> None:
    world = world_of([])

    with pytest.raises(InvalidError, match="unknown operator"):
        world.search.page(both(rule("a", "~")), MACHINE, blueprint="app", limit=1)
    with pytest.raises(NotFoundError, match="'nothing'"):
        world.search.page(both(), MACHINE, blueprint="nothing", limit=1)
