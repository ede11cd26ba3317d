"""The values of unquoted words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropsweep.config.strict_yaml import plain_scalar


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
