"""Reads a page as a browser would: what its forms would send, and what its attributes point to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = Mapping[str, str | None]

_VOID = frozenset({"input", "meta", "link", "br", "hr", "path", "circle", "rect", "line", "use"})
"""Elements that hold nothing, in HTML and in our drawings."""
_POINTING = ("for", "aria-labelledby", "aria-describedby", "aria-controls")


@dataclass
class Element:
    """An element with the text inside it; elements of a `template` are left out of a page."""

    tag: str
    attributes: Attributes
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text as it is written."""
        return "".join(self.pieces)

    @property
    def words(self) -> str:
        """The text as it is seen: one space between words and between elements."""
        return " ".join(" ".join(self.pieces).split())

    def get(self, name: str) -> str:
        return self.attributes.get(name) or ""


@dataclass
class Page:
    elements: list[Element] = field(default_factory=list)

    def having(self, name: str, value: str | None = None) -> list[Element]:
        return [
            element
            for element in self.elements
            if name in element.attributes and (value is None or element.get(name) == value)
        ]

    def one(self, identity: str) -> Element:
        (found,) = self.having("id", identity)
        return found

    def names(self) -> set[str]:
        """Return the names of all fields."""
        return {element.get("name") for element in self._fields()}

    def would_send(self) -> list[tuple[str, str]]:
        """Return what the fields hold, as a form would send it."""
        return [(element.get("name"), value) for element in self._fields() for value in self._value(element)]

    def dangling(self) -> list[str]:
        """Return what points at no element of the page."""
        known = {element.get("id") for element in self.having("id")}
        pointed = {
            identity for name in _POINTING for found in self.having(name) for identity in found.get(name).split()
        }
        links = {
            found.get("href")[1:] for found in self.having("href") if found.tag == "a" and found.get("href")[:1] == "#"
        }
        return sorted((pointed | links) - known)

    def repeated_ids(self) -> list[str]:
        """Return ids that several elements bear."""
        found = [element.get("id") for element in self.having("id")]
        return sorted({identity for identity in found if found.count(identity) > 1})

    def inline(self) -> list[str]:
        """Return what the content security policy would not run: style and event attributes."""
        return [
            f"{element.tag} {name}"
            for element in self.elements
            for name in element.attributes
            if name == "style" or name.startswith("on")
        ] + [element.tag for element in self.elements if element.tag in {"style", "script"} and element.text.strip()]

    def _fields(self) -> Iterator[Element]:
        return (element for element in self.having("name") if element.tag in {"input", "select", "textarea"})

    def _value(self, element: Element) -> list[str]:
        match element.tag, element.get("type"):
            case "textarea", _:
                return [element.text.removeprefix("\n")]
            case "select", _:
                start = self.elements.index(element) + 1
                options = [each for each in self.elements[start:] if each.tag in {"option", "select"}]
                own = options[: next((at for at, each in enumerate(options) if each.tag == "select"), len(options))]
                return [next((each for each in own if "selected" in each.attributes), own[0]).get("value")]
            case _, "radio" | "checkbox":
                return [element.get("value")] if "checked" in element.attributes else []
            case _:
                return [element.get("value")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs))
        if not any(outer.tag == "template" for outer in self._open):
            self.page.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self._open.pop().tag != tag:
            raise AssertionError(f"</{tag}> closes something else, near line {self.getpos()[0]}")

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)


def parse(html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    return reader.page
