"""The XML parts of a zipped workbook, streamed: what a part claims to be costs nothing, what it holds
is paid from the budget, and nothing in it is ever expanded or fetched."""

from __future__ import annotations

import posixpath
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from portfolio.workbook.files.limits import Budget, UnreadableError, damaged, encrypted

Start = Callable[[dict[str, str]], None]
End = Callable[[], None]

_CHUNK = 1 << 16
_MAX_DEPTH = 200
_MAX_NAMES = 20_000
_MAX_TOKEN = 1 << 20
"""Bytes of one tag, comment or attribute: the parser holds a token in memory as a whole."""
_MAX_PARTS = 20_000


class Archive:
    """A zip file of XML parts. Names are matched without regard to case, as the format wants."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self._budget = budget
        # Each entry of the directory costs half a kilobyte as soon as the file is opened.
        if data.count(b"PK\x01\x02") > _MAX_PARTS:
            raise UnreadableError("压缩包内文件过多，拒绝读取", "too many files are packed in it; refused")
        self._zip = ZipFile(BytesIO(data))
        budget.check_size(sum(info.file_size for info in self._zip.infolist()))
        self._names: dict[str, str] = {}
        for name in self._zip.namelist():
            folded = name.replace("\\", "/").lower()
            if folded in self._names:
                raise damaged(f"{name} twice")
            self._names[folded] = name

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._names

    def head(self, part: str, size: int = 1000) -> bytes:
        """The first bytes of a part."""
        with self._zip.open(self._names[part.lower()]) as stream:
            return stream.read(size)

    def parse(
        self,
        part: str,
        starts: Mapping[str, Start],
        ends: Mapping[str, End],
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Call back for elements by their local name, and for text.

        Raises:
            UnreadableError: the part is missing, is not sound XML, or asks for too much.
        """
        name = self._names.get(part.lower())
        if name is None:
            raise damaged(f"{part} is missing")
        info = self._zip.getinfo(name)
        if info.flag_bits & 1:
            raise encrypted()
        if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise damaged(f"{part}: unusual compression")
        names: dict[str, str] = {}
        parser = _parser(part, starts, ends, text, names)
        fed = 0
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    self._budget.unpacked(len(chunk))
                    parser.Parse(chunk, False)
                    fed += len(chunk)
                    if len(names) > _MAX_NAMES or fed - parser.CurrentByteIndex > _MAX_TOKEN:
                        raise UnreadableError(
                            f"{part} 的结构不合理，拒绝读取", f"{part} has an unreasonable structure; refused"
                        )
                parser.Parse(b"", True)
        except (expat.ExpatError, LookupError) as problem:  # LookupError: an encoding nobody knows
            raise damaged(f"{part}: {problem}") from problem
        except (BadZipFile, zlib.error, EOFError) as problem:
            raise damaged(part) from problem


class _ByLocalName(dict[str, Callable[..., None]]):
    """Element name, with or without a prefix, -> what to call."""

    def __init__(self, known: Mapping[str, Callable[..., None]], other: Callable[..., None]) -> None:
        super().__init__()
        self._known, self._other = known, other

    def __missing__(self, name: str) -> Callable[..., None]:
        found = self[name] = self._known.get(name.rpartition(":")[2], self._other)
        return found


def _parser(
    part: str,
    starts: Mapping[str, Start],
    ends: Mapping[str, End],
    text: Callable[[str], None] | None,
    names: dict[str, str],
) -> expat.XMLParserType:
    parser = expat.ParserCreate(None, None, names)
    on_start, on_end = _ByLocalName(starts, _ignore_start), _ByLocalName(ends, _ignore_end)
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise damaged(f"{part}: nested too deeply")
        on_start[name](attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        on_end[name]()

    def doctype(*_: object) -> None:
        raise UnreadableError(
            f"{part} 含有 DOCTYPE 声明，工作簿中不应有，拒绝读取",
            f"{part} has a DOCTYPE declaration, which no workbook has; refused",
        )

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    if text is not None:
        parser.CharacterDataHandler = text
    return parser


def _ignore_start(_: dict[str, str]) -> None:
    pass


def _ignore_end() -> None:
    pass


# --- relationships between the parts of an Office Open XML file -----------------------------------


def relations(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Id -> (kind, target part) of the relationships of a part; "" is the file itself. What lies
    outside the file is left out."""
    folder, name = posixpath.split(part)
    file = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def relation(attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") == "External" or len(found) > _MAX_PARTS:
            return
        target = attributes.get("Target", "").replace("\\", "/")
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

    if file in archive:
        archive.parse(file, {"Relationship": relation}, {})
    return found


def local(attributes: Mapping[str, str], name: str) -> str:
    """The value of an attribute whatever its prefix; "" where there is none."""
    for key, value in attributes.items():
        if key.rpartition(":")[2] == name:
            return value
    return ""


def whole(text: str, default: int) -> int:
    """A whole number of at most nine digits in an attribute; `default` for anything else."""
    return int(text) if text and len(text) <= 9 and text.isascii() and text.isdecimal() else default
