"""A page as a test reads it: its elements, with their attributes and the text below them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "br", "hr", "img", "link", "input"}
_IMPLIED = {"td", "th"}
"""Elements that the next of their kind, or the end of the row, closes."""


@dataclass
class Element:
    """One element."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text below it."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def all(self, tag: str = "") -> list[Element]:
        """Every element below it, or those of a tag."""
        inner = [part for part in self.parts if isinstance(part, Element)]
        below = [found for part in inner for found in (part, *part.all())]
        return [found for found in below if tag in ("", found.tag)]

    def by_id(self, name: str) -> Element:
        """The element of that id."""
        return next(each for each in self.all() if each.attributes.get("id") == name)


def read(page: str) -> Element:
    """The page's elements below one that holds them all."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.stack[0]


def rows(table: Element) -> list[list[str]]:
    """The texts of a table's cells, its header first."""
    return [
        [cell.text.strip() for cell in row.parts if isinstance(cell, Element)]
        for row in table.all("tr")
    ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack = [Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _IMPLIED and self.stack[-1].tag in _IMPLIED:
            self.stack.pop()
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].parts.append(element)
        if tag not in _VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.stack[-1].parts.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        while len(self.stack) > 1 and self.stack.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.stack[-1].parts.append(data)
