"""XML parts edited in place: a parse says where each element stands, and the bytes around stay as they are.

Writing a parsed tree out again would rename prefixes and lose what the parser does not know; Excel
refuses a part whose `mc:Ignorable` names a prefix that is gone. So text is spliced in at byte offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import escape

_DECLARED = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_START_TAG = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG_NAME = re.compile(r"(</?)(?=[A-Za-z])")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Edit = tuple[int, int, bytes]
"""Replace the bytes from the first offset up to the second."""


@dataclass(slots=True)
class Node:
    """An element and its offsets: of its first byte, of the end of its start tag, of the start of its
    end tag, and of the byte behind it. `tag` is the name without its prefix, `name` with it."""

    name: str
    attributes: dict[str, str]
    start: int
    inner_start: int
    inner_end: int = -1
    end: int = -1
    children: list[Node] = field(default_factory=list)

    @property
    def tag(self) -> str:
        return local(self.name)

    @property
    def prefix(self) -> str:
        """The prefix with its colon, or nothing."""
        return self.name[: -len(self.tag)]

    def child(self, tag: str) -> Node | None:
        return next((child for child in self.children if child.tag == tag), None)

    def all(self, tag: str) -> Iterator[Node]:
        return (child for child in self.children if child.tag == tag)

    def attribute(self, tag: str) -> str:
        """The attribute with this name, whatever its prefix; nothing if there is none."""
        return next((value for name, value in self.attributes.items() if local(name) == tag), "")


def local(name: str) -> str:
    return name.rpartition(":")[2]


def plain(text: str) -> str:
    """The text without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def quoted(text: str) -> str:
    """The text as an attribute's value, quotes included."""
    return '"' + escape(plain(text), {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}) + '"'


def content(text: str) -> str:
    """The text as an element's content."""
    return escape(plain(text), {"\r": "&#13;"})


def prefixed(xml: str, prefix: str) -> bytes:
    """Elements written without a prefix, as a part spells them that binds one to their namespace."""
    return (_TAG_NAME.sub(rf"\g<1>{prefix}", xml) if prefix else xml).encode()


def utf8(data: bytes) -> bytes:
    """The part in UTF-8, as almost every part is already.

    Raises:
        ValueError: its encoding is unknown, or it is not in that encoding.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        declared = _DECLARED.match(data)
        encoding = declared[1].decode().lower() if declared else "utf-8"
    if encoding in {"utf-8", "utf8", "us-ascii", "ascii"}:
        return data
    try:
        text = data.decode(encoding)
    except LookupError:
        raise ValueError(f"unknown encoding {encoding}") from None
    return _DECLARED.sub(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', text.encode(), count=1)


def new_parser() -> expat.XMLParserType:
    """A parser that refuses a DOCTYPE, and so every entity of the file's own making."""

    def refuse(*_: object) -> NoReturn:
        raise ValueError("a part has a DOCTYPE")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    return parser


def run_parser(parser: expat.XMLParserType, data: bytes) -> None:
    """Parse the whole part.

    Raises:
        ValueError: it is not well-formed.
    """
    try:
        parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise ValueError(f"not well-formed XML: {problem}") from None


def tag_end(data: bytes, start: int) -> int:
    """The offset behind the start tag that begins at `start`."""
    found = _START_TAG.match(data, start)
    if found is None:
        raise ValueError("a start tag does not end")
    return found.end()


def attribute_edit(data: bytes, start: int, name: str, value: str) -> Edit:
    """Sets an attribute of the start tag that begins at `start`."""
    position = start + len(re.match(rb"<[^\s/>]+", data[start : start + 200])[0])  # type: ignore[index]
    written, first = quoted(value).encode(), position
    while found := _ATTRIBUTE.match(data, position):
        if found[1] == name.encode():
            return (found.start(2), found.end(2), written)
        position = found.end()
    return (first, first, f" {name}=".encode() + written)


def spliced(data: bytes, edits: Iterable[Edit]) -> bytes:
    """The bytes with the edits made; several insertions at one place keep their order."""
    view, position = memoryview(data), 0
    pieces: list[bytes | memoryview] = []
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        if start < position:
            raise ValueError("edits overlap")
        pieces += [view[position:start], new]
        position = end
    return b"".join([*pieces, view[position:]])


class Document:
    """A small part: its tree, and the edits to make to its bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = utf8(data)
        self.root = _tree(self.data)
        self._edits: list[Edit] = []
        self._appended: dict[int, tuple[Node, list[bytes]]] = {}

    def raw(self, node: Node) -> bytes:
        return self.data[node.start : node.end]

    def text(self, node: Node) -> str:
        """All text within the element."""
        inner = self.data[node.inner_start : node.inner_end].decode()
        return unescape(re.sub(r"<[^>]*>", "", inner))

    def fragment(self, xml: str) -> bytes:
        """Elements of the root's namespace, with the root's prefix."""
        return prefixed(xml, self.root.prefix)

    def set(self, node: Node, name: str, value: str) -> None:
        self._edits.append(attribute_edit(self.data, node.start, name, value))

    def replace(self, node: Node, new: bytes) -> None:
        self._edits.append((node.start, node.end, new))

    def fill(self, node: Node, xml: str) -> None:
        """Replaces the content of an element that has some."""
        self._edits.append((node.inner_start, node.inner_end, xml.encode()))

    def insert(self, offset: int, new: bytes) -> None:
        self._edits.append((offset, offset, new))

    def append(self, node: Node, new: bytes) -> None:
        """Adds to the end of the element's content."""
        self._appended.setdefault(node.start, (node, []))[1].append(new)

    def insert_ordered(self, new: bytes, before: Iterable[str]) -> None:
        """Adds a child to the root, behind the last of the children that must stand before it."""
        tags = frozenset(before)
        offsets = [child.end for child in self.root.children if child.tag in tags]
        if offsets:
            self.insert(max(offsets), new)
        elif self.root.inner_start == self.root.end:
            self.append(self.root, new)
        else:
            self.insert(self.root.inner_start, new)

    def result(self) -> bytes:
        edits = list(self._edits)
        for node, pieces in self._appended.values():
            new = b"".join(pieces)
            if node.inner_start < node.end:
                edits.append((node.inner_end, node.inner_end, new))
            else:
                edits.append(opened(self.data, node.name, node.end, new))
        return spliced(self.data, edits)


def opened(data: bytes, name: str, end: int, inner: bytes) -> Edit:
    """Gives a self-closed element that ends at `end` some content."""
    return (data.rindex(b"/", 0, end), end, b">" + inner + f"</{name}>".encode())


def _tree(data: bytes) -> Node:
    parser = new_parser()
    path: list[Node] = []
    roots: list[Node] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        offset = parser.CurrentByteIndex
        node = Node(name, attributes, offset, tag_end(data, offset))
        (path[-1].children if path else roots).append(node)
        path.append(node)

    def end(_: str) -> None:
        node = path.pop()
        if data[node.inner_start - 2] == ord("/"):
            node.inner_end = node.end = node.inner_start
        else:
            node.inner_end = parser.CurrentByteIndex
            node.end = data.index(b">", node.inner_end) + 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    run_parser(parser, data)
    return roots[0]
