"""YAML without surprises: plain values with their places, and every oddity a located mistake.

It is built on PyYAML's events rather than its nodes: they come one by one, so that nesting is
measured before it can exhaust the stack, and tags and anchors are still to be seen.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

import yaml
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from dropsweep import errors
from dropsweep.config.document import Data, Document, KeyPath, place_at
from dropsweep.errors import Place
from dropsweep.errors import about_config as about

DEEPEST = 20
"""Levels of nesting that are read; the config itself has three."""

MOST_DIGITS = 18
"""Of a whole number: what fits 64 bits, here and in every reader of the results."""

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NAN = re.compile(r"\.(nan|NaN|NAN)")


def parse(text: str, source: str) -> Document:
    """Read one YAML document; what cannot be read is None in its data, and a mistake.

    ``source`` is the name of the text in messages: a path, ``<stdin>``, or a ``--set``.
    """
    builder = _Builder(source)
    data: Data = None
    try:
        data = builder.document(text)
    except _Stop as stop:
        builder.mistakes.append(stop.mistake)
    return Document(data, builder.keys, builder.values, tuple(builder.mistakes))


class _Stop(Exception):  # noqa: N818 - never leaves this file
    """Nothing after this mistake can be read."""

    def __init__(self, mistake: errors.Mistake) -> None:
        super().__init__(mistake)
        self.mistake = mistake


class _Events(Reader, Scanner, Parser):
    """PyYAML as far as its grammar goes, without its ideas about values."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def scan_to_next_token(self) -> None:
        """Skip tabs too, but for those that indent a line: PyYAML refuses all of them."""
        super().scan_to_next_token()
        while self.peek() == "\t" and self._separates():
            while self.peek() in " \t":
                self.forward()
            super().scan_to_next_token()

    def scan_plain_spaces(self, indent: Any, start_mark: Any) -> list[Any] | None:
        """Tabs within words without quotes are kept, and those at their end are dropped."""
        length = 0
        while self.peek(length) in " \t":
            length += 1
        space: str = self.prefix(length)
        if "\t" in space:
            self.forward(length)
            if self.peek() not in "\r\n":
                return [space]
        return super().scan_plain_spaces(indent, start_mark)

    def _separates(self) -> bool:
        """True for a tab that only separates: within a line, in brackets, or on an empty line."""
        before = self.buffer[self.pointer - self.column : self.pointer]
        rest = self.buffer[self.pointer :].lstrip(" \t")[:1]
        return bool(before.strip(" \t") or self.flow_level or rest in "#\r\n\0")


class _Builder:
    """Takes events, and notes values, their places and what is wrong with them."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.keys: dict[KeyPath, Place] = {(): Place(1, 1, source)}
        self.values: dict[KeyPath, Place] = {(): Place(1, 1, source)}
        self.mistakes: list[errors.Mistake] = []

    def document(self, text: str) -> Data:
        """The value of the only document; None if there is none."""
        try:
            self._events = _Events(text)
        except ReaderError as error:
            place = place_at(text[: error.position], self.source)
            self._stop(place, about("control_character", code=ord(text[error.position])))
        self._next()  # the stream begins
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        data = self._value((), self._next())
        self._next()  # the document ends
        after = self._next()
        if isinstance(after, yaml.DocumentStartEvent):
            self._stop(self._place(after.start_mark), about("several_documents"))
        return data

    def _next(self) -> yaml.Event:
        try:
            event: yaml.Event = self._events.get_event()  # type: ignore[no-untyped-call]
        except yaml.MarkedYAMLError as error:
            self._stop(self._place(error.problem_mark), _grammar(error))
        except (ValueError, OverflowError):  # PyYAML lets chr() and int() speak
            self._stop(self._place(self._events.get_mark()), about("number_beyond_yaml"))
        return event

    def _value(self, path: KeyPath, event: yaml.Event) -> Data:
        self.values[path] = place = self._place(event.start_mark)
        if len(path) > DEEPEST:
            self._stop(place, about("nested_too_deep", deepest=DEEPEST))
        if getattr(event, "anchor", None):  # an alias has one too
            self._note(place, path, about("reference"))
        if tag := getattr(event, "tag", None):
            self._note(place, path, about("tag", tag))
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(path, event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else None

    def _scalar(self, path: KeyPath, event: yaml.ScalarEvent) -> Data:
        text: str = event.value
        try:
            if unseen := Reader.NON_PRINTABLE.search(text):  # written as "\0"
                raise ValueError(about("control_character", code=ord(unseen[0])))
            return text if event.style else plain_scalar(text)
        except ValueError as error:
            self._note(self.values[path], path, str(error))
            return None

    def _list(self, path: KeyPath) -> Data:
        items: list[Data] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value((*path, len(items)), event))
        return items

    def _mapping(self, path: KeyPath) -> Data:
        entries: dict[str, Data] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            place = self._place(event.start_mark)
            key = self._value((*path, "?"), event)
            inner = (*path, str(key))
            value = self._value(inner, self._next())
            if not isinstance(key, str) or key == "<<":
                kind = "reference" if key == "<<" else "key_not_text"
                self._note(place, path, about(kind, key))
                continue
            if key in entries:
                self._note(place, inner, about("duplicate_key", line=self.keys[inner].line))
            else:
                self.keys[inner] = place
            entries[key] = value
        return entries

    def _place(self, mark: Any) -> Place:  # PyYAML has two kinds of marks, with no common type
        return Place(mark.line + 1, mark.column + 1, self.source)

    def _note(self, place: Place, path: KeyPath, sentence: str) -> None:
        self.mistakes.append(place.mistake(errors.at_key(path, sentence)))

    def _stop(self, place: Place, sentence: str) -> NoReturn:
        raise _Stop(place.mistake(sentence))


def _grammar(error: yaml.MarkedYAMLError) -> str:
    context = f"{error.context} " if error.context else ""
    begun = f"from line {error.context_mark.line + 1}" if context and error.context_mark else ""
    return errors.not_yaml(error.problem or "", f"{context}{begun}")


# --- what a word without quotes means -----------------------------------------------------------
# YAML 1.2's core schema, decimal numbers only. PyYAML reads YAML 1.1, where `on` is true, `1:30` is
# 90, `010` is 8, `2001-01-01` a date, and `1e-3` text.


def plain_scalar(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar; ValueError beyond `MOST_DIGITS`, with the sentence."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if infinity := _INFINITY.fullmatch(text):
        return float(f"{infinity[1]}inf")
    return float("nan") if _NAN.fullmatch(text) else text


def _integer(text: str) -> int:
    digits = len(text.lstrip("+-0"))
    if digits > MOST_DIGITS:
        raise ValueError(about("integer_too_long", digits=digits))
    return int(text.lstrip("+-0") or "0") * (-1 if text.startswith("-") else 1)
