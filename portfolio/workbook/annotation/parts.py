"""The parts of an Office package (a zip file): reading, replacing and adding them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from portfolio.workbook.annotation.xmltext import Document, quoted

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "[Content_Types].xml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Relationship:
    """From one part to another. `kind` is the last word of its type; `target` a part's name."""

    id: str
    kind: str
    type: str
    target: str


class Package:
    """A workbook file. Parts that are neither replaced nor added are copied as they are.

    Raises:
        zipfile.BadZipFile, RuntimeError: the bytes are no zip file, or one that cannot be unpacked.
        KeyError: a part that is asked for is missing.
    """

    def __init__(self, data: bytes) -> None:
        self._zip = ZipFile(BytesIO(data))
        self._names = {name.lower(): name for name in self._zip.namelist()}
        self._changed: dict[str, bytes] = {}

    def names(self) -> list[str]:
        return list(self._names.values())

    def has(self, name: str) -> bool:
        return name.lower() in self._names

    def read(self, name: str) -> bytes:
        """The part's bytes, as changed so far. Names are compared without regard to case."""
        real = self._names[name.lower()]
        return self._changed[real] if real in self._changed else self._zip.read(real)

    def write(self, name: str, content: bytes) -> None:
        real = self._names.setdefault(name.lower(), name)
        self._changed[real] = content

    def add(self, pattern: str, content: bytes, content_type: str) -> str:
        """Adds a part under the first free name of the pattern (`xl/comments{}.xml`)."""
        # Some readers look for xl/styles.xml by its name, so the first try has no number.
        numbered = (pattern.format(number or "") for number in count())
        name = next(candidate for candidate in numbered if not self.has(candidate))
        self.write(name, content)
        types = Document(self.read(_CONTENT_TYPES))
        extension = name.rpartition(".")[2]
        defaults = {node.attribute("Extension").lower(): node for node in types.root.all("Default")}
        if extension == "vml" and extension not in defaults:
            default = f'<Default Extension="vml" ContentType="{content_type}"/>'
            types.insert_ordered(types.fragment(default), ["Default"])
        elif extension != "vml" or defaults[extension].attribute("ContentType") != content_type:
            override = f'<Override PartName={quoted("/" + name)} ContentType="{content_type}"/>'
            types.append(types.root, types.fragment(override))
        self.write(_CONTENT_TYPES, types.result())
        return name

    def relationships(self, part: str) -> Iterator[Relationship]:
        """The relationships of a part ("": of the package) to other parts."""
        name = _rels_name(part)
        if not self.has(name):
            return
        for node in Document(self.read(name)).root.all("Relationship"):
            if node.attribute("TargetMode") != "External":
                type_, target = node.attribute("Type"), node.attribute("Target")
                resolved = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))
                yield Relationship(
                    node.attribute("Id"), type_.rpartition("/")[2], type_, resolved.lstrip("/")
                )

    def related(self, part: str, kind: str) -> str:
        """The part that another refers to by this kind of relationship; "" if there is none."""
        return next((rel.target for rel in self.relationships(part) if rel.kind == kind), "")

    def relate(self, part: str, kind: str, target: str) -> str:
        """Adds a relationship and gives its id, which no other relationship of the part has."""
        name = _rels_name(part)
        if not self.has(name):
            self.write(name, f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}"/>'.encode())
        rels = Document(self.read(name))
        # Ids are compared without regard to case: Excel refuses rId1 beside RID1.
        taken = {node.attribute("Id").lower() for node in rels.root.children}
        new = next(f"rId{n}" for n in range(len(taken) + 1, 2 * len(taken) + 2) if f"rid{n}" not in taken)
        path = posixpath.relpath("/" + target, posixpath.join("/", posixpath.dirname(part)))
        relationship = f'<Relationship Id="{new}" Type="{RELATIONSHIPS}/{kind}" Target={quoted(path)}/>'
        rels.append(rels.root, rels.fragment(relationship))
        self.write(name, rels.result())
        return new

    def drop_relationships(self, part: str, ending: str) -> None:
        """Removes the relationships of a part whose type ends so."""
        name = _rels_name(part)
        if not self.has(name):
            return
        rels = Document(self.read(name))
        dropped = [node for node in rels.root.children if node.attribute("Type").endswith(ending)]
        for node in dropped:
            rels.replace(node, b"")
        if dropped:
            self.write(name, rels.result())

    def to_bytes(self) -> bytes:
        """The package; equal parts give equal bytes."""
        buffer = BytesIO()
        with ZipFile(buffer, "w", ZIP_DEFLATED) as target:
            for name in dict.fromkeys([*self._zip.namelist(), *self._changed]):
                target.writestr(self._entry(name), self.read(name))
        return buffer.getvalue()

    def _entry(self, name: str) -> ZipInfo:
        new = ZipInfo(name)
        new.compress_type = ZIP_DEFLATED
        if name in self._zip.NameToInfo:
            old = self._zip.getinfo(name)
            new.date_time, new.compress_type = old.date_time, old.compress_type
            new.external_attr, new.create_system = old.external_attr, old.create_system
        else:
            new.create_system = 0
        return new


def _rels_name(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")
