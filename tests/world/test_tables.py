"""A table keeps its rows in order and names what it refuses."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from port_fake.errors import ConflictError, NotFoundError
from port_fake.world.tables import Table
from tests.world.builders import NAMES

WRITES: Final = st.lists(st.tuples(NAMES, st.none() | st.integers()))
"""What is put under which identifier; None takes it out."""


@given(WRITES)
def test_a_table_is_a_mapping_in_order_of_first_insertion(
    writes: list[tuple[str, int | None]],
) -> None:
    table: Table[int] = Table("number")
    model: dict[str, int] = {}
    for identifier, row in writes:
        if row is not None:
            assert table.put(identifier, row) == row
            model[identifier] = row
        elif identifier in model:
            assert table.remove(identifier) == model.pop(identifier)

    assert list(table) == list(model.values())
    assert len(table) == len(model)
    assert {one: table.get(one) for one in "abcde"} == {one: model.get(one) for one in "abcde"}
    assert {one: table[one] for one in "abcde" if one in table} == model


def test_what_is_not_there_is_refused_by_kind_and_identifier() -> None:
    table: Table[int] = Table("number")

    for ask in (table.__getitem__, table.remove):
        with pytest.raises(NotFoundError, match="no number has the identifier 'seven'"):
            ask("seven")


def test_an_identifier_is_free_until_it_is_taken() -> None:
    table: Table[int] = Table("number")
    table.must_be_free("seven")

    table.put("seven", 7)

    with pytest.raises(ConflictError, match="number 'seven' exists already"):
        table.must_be_free("seven")
