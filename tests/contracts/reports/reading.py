"""A page as a program reads it: strictly, so that a tag too many or too few is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"input", "meta", "wbr"})


@dataclass
class Node:
    """An element of the page; text is a child without a tag."""

    tag: str
    attributes: Mapping[str, str | None] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    said: str = ""

    def walk(self) -> Iterator[Node]:
        """This element and all within, from the top."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all(self, tag: str, **attributes: str) -> list[Node]:
        """All elements within that are like that."""
        return [one for one in self.walk() if one.tag == tag and one.has(**attributes)]

    def one(self, tag: str, **attributes: str) -> Node:
        """The only element within that is like that."""
        (found,) = self.all(tag, **attributes)
        return found

    def has(self, **attributes: str) -> bool:
        """Whether it has these attributes."""
        return all(
            self.attributes.get(key.rstrip("_")) == value for key, value in attributes.items()
        )

    @property
    def text(self) -> str:
        """What is read."""
        return "".join(one.said for one in self.walk())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.path = [Node("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} is there twice"
        node = Node(tag, dict(attrs))
        self.path[-1].children.append(node)
        if tag not in VOID:
            self.path.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.path.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.path[-1].children.append(Node("", said=data))

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"no comment was written: {data}")


def read(page: str) -> Node:
    """Return the page as a tree."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert [one.tag for one in reader.path] == ["page"], "something was not closed"
    return reader.path[0]


def rows(page: Node) -> list[tuple[str, ...]]:
    """Return the cells of all questions, in order."""
    tables = page.all("table", id="table")  # none where there are no questions
    found = [row for table in tables for row in table.all("tr") if row.all("th", scope="row")]
    return [tuple(cell.text for cell in row.children) for row in found]
