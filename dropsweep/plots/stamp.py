"""What a drawn file says of itself, so that it is told from a user's own and from a damaged one."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass

MARK = "dropsweep-figure:"
"""Stands in the metadata of every drawn file."""

_FORM = re.compile(rb"dropsweep-figure:([0-9a-f]{64}):([A-Za-z0-9._=+-]+);")
_SEAL = b"dropsweep-seal:%s"
_IEND = 12  # bytes of the chunk that ends a PNG


@dataclass(frozen=True)
class Stamp:
    """Stands in a file's metadata."""

    digest: str
    """SHA-256 over all that the figure shows."""
    stem: str
    """The name that the file was given, without its ending."""

    def __str__(self) -> str:
        return f"{MARK}{self.digest}:{self.stem};"


def is_ours(content: bytes) -> bool:
    """Whether dropsweep drew it, also if it is damaged."""
    return MARK.encode() in content


def read(content: bytes) -> Stamp | None:
    """A file's stamp; None if it has none."""
    found = _FORM.search(content)
    return None if found is None else Stamp(found[1].decode(), found[2].decode())


def seal(content: bytes, file_format: str) -> bytes:
    """With a hash of these bytes at their end, where readers of the format pass over it."""
    at = len(content) - (_IEND if file_format == "png" else 0)
    return content[:at] + _note(content, file_format) + content[at:]


def is_whole(content: bytes, file_format: str) -> bool:
    """Whether the bytes are those that were sealed."""
    before, found, _ = content.rpartition(_SEAL % b"")
    if not found:
        return False
    at = len(before) - len(_OPENING[file_format])
    length = len(_note(b"", file_format))
    sealed = content[:at] + content[at + length :]
    return seal(sealed, file_format) == content


def _note(content: bytes, file_format: str) -> bytes:
    text = _SEAL % hashlib.sha256(content).hexdigest().encode()
    if file_format != "png":
        return _OPENING[file_format] + text + _CLOSING[file_format]
    body = b"tEXtComment\0" + text
    return (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)


_OPENING = {"png": bytes(4) + b"tEXtComment\0", "svg": b"<!-- ", "pdf": b"% "}
_CLOSING = {"svg": b" -->\n", "pdf": b"\n"}
