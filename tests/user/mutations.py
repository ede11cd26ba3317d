"""Damage of every kind that an editor, a disk or a stranger does to a file, from a seed."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 7, 3.5, -0.0, 1e-320, 5e-324, 1e308, 10**17, 10**18, 10**400,
    float("nan"), float("inf"), "", "x", "0.5", "../x", "~", "é±\u2028", "\ud800", "a\0b",
    "n" * 300, [], [[]], [None], [0.5, 0.5], [1, "a"], {}, {"x": 1}, {"rates": [0]}, [{}],
)  # fmt: skip
"""Values that nobody expects in place of another one."""

SPLICES = (
    b"\0", b"\xff\xfe", b"\xc3", b"\xe2\x80\xa8", b"\t", b"\r", b"&a ", b"*a", b"!!int ", b"<<: ",
    b"---\n", b"...\n", b"%YAML 9.9\n", b"? ", b"|-\n", b": ", b"- ", b"#", b"'", b'"', b'"\\x',
    b"{", b"}", b"[" * 40, b"]", b"{a: " * 40, b"1e999", b"0x1F", b"9" * 30, b"~", b"@", b"`", b",",
)  # fmt: skip
"""Bytes that mean something in YAML or JSON, or that are no text."""


def seeded(name: str) -> Random:
    """A generator that deals the same damage on every machine and day."""
    return Random(name)  # noqa: S311 damage is no secret


def mutate_bytes(raw: bytes, rng: Random) -> bytes:
    """One to three of: a flipped bit, a span deleted, doubled, moved, or bytes put in."""
    for _ in range(rng.randint(1, 3)):
        start = rng.randrange(len(raw) + 1)
        end = min(len(raw), start + rng.choice((1, 1, 4, 30, 200)))
        span, rest = raw[start:end], raw[:start] + raw[end:]
        to = rng.randrange(len(rest) + 1)
        raw = rng.choice(
            (
                rest,
                raw[:end] + span + raw[end:],
                rest[:to] + span + rest[to:],
                raw[:start]
                + bytes(byte ^ (1 << rng.randrange(8)) for byte in span[:1])
                + raw[end:],
                raw[:start] + rng.choice(SPLICES) + raw[start:],
                raw[:start] + rng.randbytes(rng.randint(1, 8)) + raw[start:],
            )
        )
    return raw


def mutate_lines(raw: bytes, rng: Random) -> bytes:
    """One to three lines deleted, doubled, moved, indented, or cut."""
    lines = raw.splitlines(keepends=True)
    for _ in range(rng.randint(1, 3)):
        if not lines:
            break
        at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
        line = lines.pop(at)
        cut = rng.randrange(len(line) + 1)
        new = rng.choice(([], [line, line], [b" " + line], [line[1:]], [line[:cut]], None))
        if new is None:
            lines.insert(to, line)
        else:
            lines[at:at] = new
    return b"".join(lines)


def mutate_tree(tree: Any, rng: Random) -> Any:
    """One to three values deleted, retyped, doubled under another name, or moved elsewhere."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.randint(1, 3)):
        places = list(_places(tree))
        if not places:
            return rng.choice(ODD_VALUES)
        holder, key = rng.choice(places)
        other, other_key = rng.choice(places)
        rng.choice(_CHANGES)(holder, key, other, other_key, rng)
    return tree


def as_json(tree: Any) -> bytes:
    """A tree as JSON, in which NaN and halves of characters may stand; it is YAML as well."""
    return json.dumps(tree).encode()


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every holder and key, or index, of a value."""
    keys = range(len(tree)) if isinstance(tree, list) else tree if isinstance(tree, dict) else ()
    for key in list(keys):
        yield tree, key
        yield from _places(tree[key])


def _delete(holder: Any, key: Any, _other: Any, _other_key: Any, _rng: Random) -> None:
    del holder[key]


def _retype(holder: Any, key: Any, _other: Any, _other_key: Any, rng: Random) -> None:
    holder[key] = copy.deepcopy(rng.choice(ODD_VALUES))


def _double(holder: Any, key: Any, _other: Any, _other_key: Any, rng: Random) -> None:
    value = copy.deepcopy(holder[key])
    if isinstance(holder, list):
        holder.insert(rng.randrange(len(holder) + 1), value)
    else:
        holder[f"{key}{rng.choice('sx. ')}"] = value


def _move(holder: Any, key: Any, other: Any, other_key: Any, _rng: Random) -> None:
    other[other_key] = copy.deepcopy(holder[key])


def _reorder(holder: Any, _key: Any, _other: Any, _other_key: Any, rng: Random) -> None:
    if isinstance(holder, list):
        rng.shuffle(holder)
    else:
        items = rng.sample(list(holder.items()), len(holder))
        holder.clear()
        holder.update(items)


_CHANGES: tuple[Callable[[Any, Any, Any, Any, Random], None], ...] = (
    _delete, _retype, _retype, _double, _move, _reorder,
)  # fmt: skip
