"""Finds the texts of pages that have no English."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

TRANSLATE = "_"


def texts(folders: Iterable[Path]) -> set[str]:
    """Return every Vietnamese text that templates and code below the folders give to be translated."""
    found: set[str] = set()
    for folder in folders:
        for path in folder.rglob("*.html"):
            found.update(_of_template(path.read_text(encoding="utf-8")))
        for path in folder.rglob("*.py"):
            found.update(_of_code(path.read_text(encoding="utf-8")))
    return found


def translated(folders: Iterable[Path]) -> set[str]:
    """Return every text with an English translation."""
    found: set[str] = set()
    for folder in folders:
        path = folder / "locale" / "en.po"
        if path.exists():
            with path.open("rb") as file:
                found |= {str(message.id) for message in read_po(file) if message.id and message.string}
    return found


def _of_template(source: str) -> Iterator[str]:
    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == TRANSLATE:
            yield from _constants(call.args[0])


def _constants(node: nodes.Node) -> Iterator[str]:
    """Give the texts that an argument may be: a text, or either side of a condition; variables are looked up elsewhere."""
    match node:
        case nodes.Const(value=str(text)):
            yield text
        case nodes.CondExpr(expr1=first, expr2=nodes.Node() as second):
            yield from _constants(first)
            yield from _constants(second)
        case _:
            return


def _of_code(source: str) -> Iterator[str]:
    for call in ast.walk(ast.parse(source)):
        match call:
            case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Call(func=ast.Name(id="Problem"), args=[_, *sentences]):
                yield from (text for text in map(_text, sentences) if text and not text.isascii())
            case _:
                continue


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
