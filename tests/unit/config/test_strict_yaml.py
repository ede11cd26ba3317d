"""Strict YAML: values and their places, unquoted words, and the YAML that is refused."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dropsweep.config.strict_yaml import DEEPEST, parse, plain_scalar

if TYPE_CHECKING:
    from dropsweep.config.document import Data

_REFERENCE = "anchors (&), aliases (*) and merge keys (<<) are not used here; write the value out"


def _mistakes(text: str) -> list[str]:
    return [str(mistake) for mistake in parse(text, "c").mistakes]


def test_values_and_their_places() -> None:
    """Keys, values and list items each have their line and column, counted from 1."""
    document = parse("# dropout\ndropout:\n  rates: [0, 1e-3]\n  kind: 'on'\n", "c")
    assert document.data == {"dropout": {"rates": [0, 0.001], "kind": "on"}}
    assert document.mistakes == ()
    keys = {path: (place.line, place.column) for path, place in document.keys.items()}
    assert keys[("dropout",)] == (2, 1)
    assert keys[("dropout", "rates")] == (3, 3)
    item = document.values[("dropout", "rates", 1)]
    assert (item.line, item.column, item.source) == (3, 14, "c")


def test_a_place_that_was_not_written_is_that_of_the_nearest_key() -> None:
    """A default's mistake points at its section, or at the start of the config."""
    document = parse("# c\ndropout: {}\n", "c")
    assert document.value_place(("dropout", "rates", 1)).line == 2
    assert document.value_place(("model", "dtype")).line == 1


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "~"])
def test_nothing_is_none(text: str) -> None:
    """An empty document is no mistake of YAML's."""
    document = parse(text, "c")
    assert document.data is None
    assert document.mistakes == ()


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        (
            "a: 1\na: 2\na: 3",
            [
                "c:2:1: a: given twice, first on line 1; keep one",
                "c:3:1: a: given twice, first on line 1; keep one",
            ],
        ),
        ("a:\n  b: 1\n  b: 1", ["c:3:3: a.b: given twice, first on line 2; keep one"]),
        ("1: 2", ["c:1:1: a key must be a word, not 1"]),
        ("~: 2", ["c:1:1: a key must be a word, not nothing"]),
        ("a: {{x}}", ["c:1:5: a: a key must be a word, not a section"]),
        ("a: &x 1\nb: *x", [f"c:1:4: a: {_REFERENCE}", f"c:2:4: b: {_REFERENCE}"]),
        ("<<: {a: 1}", [f"c:1:1: {_REFERENCE}"]),
        (
            "a: !!python/name:os.system x",
            [
                'c:1:4: a: the tag "tag:yaml.org,2002:python/name:os.system" is not used here; '
                "delete it (text is written in quotes)"
            ],
        ),
        (
            "a: [99999999999999999999]",
            ["c:1:5: a[0]: a whole number of 20 digits; write at most 18"],
        ),
        (
            'a: "\\0"',
            ["c:1:4: a: the control character U+0000 cannot stand in a config; delete it"],
        ),
        ("a:\n b\x07", ["c:2:3: the control character U+0007 cannot stand in a config; delete it"]),
        ("a: 1\n---\nb: 2", ["c:2:1: a second document begins here; keep one config in a file"]),
        ("a: b: c", ["c:1:5: not YAML: mapping values are not allowed here"]),
        ("a:\n\tb: 1", ["c:2:1: a tab indents this line, which YAML forbids; indent with spaces"]),
        (
            "a: [1, 2",
            [
                "c:1:9: not YAML: expected ',' or ']', but got '<stream end>' "
                "while parsing a flow sequence from line 1"
            ],
        ),
        ('a: "\\UFFFFFFFF"', ["c:1:7: not YAML: a number here is too large"]),
        (f"%YAML 1.{'9' * 5000}\n---\n", ["c:1:9: not YAML: a number here is too large"]),
    ],
)
def test_what_is_odd_is_a_mistake_at_its_place(text: str, mistakes: list[str]) -> None:
    """Every oddity of YAML is told with line and column, and in our words."""
    assert _mistakes(text) == mistakes


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 5_000, "{a: " * 5_000, "? " * 5_000])
def test_absurd_nesting_is_a_mistake(text: str) -> None:
    """No nesting exhausts the stack."""
    (mistake,) = _mistakes(text)
    assert f"nested more than {DEEPEST} levels deep" in mistake


def test_reading_goes_on_after_a_mistake() -> None:
    """A mistake costs its own value only; the last of two equal keys counts."""
    document = parse("a: 1\na: 2\n3: x\nb: *y\nc: [1]", "c")
    assert document.data == {"a": 2, "b": None, "c": [1]}
    assert len(document.mistakes) == 3


_PLAIN: st.SearchStrategy[Data] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text("aeon01 :#'\"\n-é", max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("ab:1 "), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(_PLAIN)
def test_plain_values_survive_being_written_with_quotes(data: Data) -> None:
    """PyYAML's own writer is the oracle, with every text quoted."""

    class Quoting(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
            return True

    Quoting.add_representer(
        str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    )
    document = parse(yaml.dump(data, Dumper=Quoting, allow_unicode=True), "c")
    assert document.data == data
    assert document.mistakes == ()


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 3\t# three\nb:\t4\n", {"a": 3, "b": 4}),
        ("a:\n  b: 'x'\t\n  c: y\t\n", {"a": {"b": "x", "c": "y"}}),
        ("a: [1,\t2,\n\t3\t]\t\n", {"a": [1, 2, 3]}),
        ("\t\na: 1\n \t# indented by a tab\nb: 2", {"a": 1, "b": 2}),
        ("a: x\ty z\n", {"a": "x\ty z"}),
        ("a: x\t\n  y\n", {"a": "x y"}),
        ("-\t1\n- 2\n", [1, 2]),
    ],
)
def test_tabs_that_separate_are_read(text: str, data: Data) -> None:
    """YAML forbids tabs only where they indent; PyYAML refuses all of them."""
    document = parse(text, "c")
    assert document.mistakes == ()
    assert document.data == data


@pytest.mark.parametrize("text", ["a:\n\tb: 1\n", "a:\n  b: 1\n\tc: 2\n", "\ta: 1\n"])
def test_a_tab_that_indents_is_a_mistake(text: str) -> None:
    """Its depth depends on the editor."""
    (mistake,) = _mistakes(text)
    assert "a tab indents this line" in mistake


@pytest.mark.parametrize(
    "text", ["on", "yes", "no", "off", "y", "1:30", "2001-01-01", "1_000", "0x1F"]
)
def test_words_that_yaml_1_1_converts_stay_text(text: str) -> None:
    """Nothing becomes a truth value, a date or base-60 behind the writer's back."""
    assert plain_scalar(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("5.0e-4", 0.0005),
        (".5", 0.5),
        ("5.", 5.0),
        ("-.5E+1", -5.0),
        ("+.inf", math.inf),
        ("-.Inf", -math.inf),
        ("1e400", math.inf),
    ],
)
def test_every_usual_spelling_of_a_float_is_a_float(text: str, value: float) -> None:
    """``1e-3`` is a number, with or without a point."""
    result = plain_scalar(text)
    assert isinstance(result, float)
    assert result == value


def test_not_a_number_is_read_as_such() -> None:
    """``.nan`` reaches the check that refuses it by name."""
    result = plain_scalar(".nan")
    assert isinstance(result, float)
    assert math.isnan(result)


@pytest.mark.parametrize(
    ("text", "value"), [("010", 10), ("-0", 0), ("+7", 7), ("-12", -12), ("0" * 5000 + "7", 7)]
)
def test_whole_numbers_are_decimal(text: str, value: int) -> None:
    """A leading zero does not mean base 8."""
    assert plain_scalar(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("", None), ("~", None), ("null", None), ("true", True), ("FALSE", False)]
)
def test_null_and_truth_have_their_yaml_1_2_spellings(text: str, value: bool | None) -> None:
    """These words, and an empty value, are not text."""
    assert plain_scalar(text) is value


@settings(deadline=None)
@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_whole_numbers_are_read_as_python_writes_them(number: int) -> None:
    """Up to 18 digits no whole number is changed."""
    assert plain_scalar(str(number)) == number


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_read_as_python_writes_them(number: float) -> None:
    """A float survives being written and read, to the last bit."""
    assert plain_scalar(repr(number)) == number


@pytest.mark.parametrize("digits", [19, 5000])
def test_a_whole_number_beyond_64_bits_is_refused(digits: int) -> None:
    """Neither a wrong number nor Python's own limit reaches the user."""
    with pytest.raises(ValueError, match=f"a whole number of {digits} digits; write at most 18"):
        plain_scalar("-" + "9" * digits)
