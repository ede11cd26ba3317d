"""The values that ``--set`` puts in, and the places of its mistakes."""

from __future__ import annotations

import pytest

from dropsweep.config.overrides import override
from dropsweep.config.strict_yaml import parse

_FILE = parse("name: a\ndropout:\n  rates: [0, 0.5]\n", "c")


@pytest.mark.parametrize(
    ("setting", "data"),
    [
        ("name=b", {"name": "b", "dropout": {"rates": [0, 0.5]}}),
        ("dropout.rates=[1e-3]", {"name": "a", "dropout": {"rates": [0.001]}}),
        (
            " training.epochs = 3 ",
            {"name": "a", "dropout": {"rates": [0, 0.5]}, "training": {"epochs": 3}},
        ),
        ("name=", {"name": None, "dropout": {"rates": [0, 0.5]}}),
        ("name='a=b'", {"name": "a=b", "dropout": {"rates": [0, 0.5]}}),
    ],
)
def test_a_setting_replaces_one_value(setting: str, data: object) -> None:
    """The value is YAML, its key may be new, and everything else stays."""
    result = override(_FILE, [setting])
    assert result.data == data
    assert result.mistakes == ()


def test_the_last_setting_counts() -> None:
    """Settings are taken in order."""
    result = override(_FILE, ["name=b", "name=c"])
    assert isinstance(result.data, dict)
    assert result.data["name"] == "c"


def test_the_file_is_left_as_it_was_read() -> None:
    """Nothing is changed in place."""
    override(_FILE, ["dropout.rates=[]", "dropout.kind=x"])
    assert _FILE.data == {"name": "a", "dropout": {"rates": [0, 0.5]}}


def test_places_move_to_the_setting() -> None:
    """A value that was set, and all inside it, stands at the option; others stand in the file."""
    result = override(_FILE, ["dropout.rates=[2]", "new.key=1"])
    assert result.value_place(("dropout", "rates", 0)).source == "--set dropout.rates=[2]"
    assert result.key_place(("new",)).source == "--set new.key=1"
    assert result.key_place(("dropout",)).source == "c"


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("epochs", "must be KEY=VALUE, such as training.epochs=3 or dropout.rates=[0, 0.5]"),
        ("=3", "must be KEY=VALUE, such as training.epochs=3 or dropout.rates=[0, 0.5]"),
        ("a..b=3", "must be KEY=VALUE, such as training.epochs=3 or dropout.rates=[0, 0.5]"),
        ("\udcff=3", "must be KEY=VALUE, such as training.epochs=3 or dropout.rates=[0, 0.5]"),
        ("name.x=3", "name is not a section, so nothing can be set below it"),
        ("name.x.y=3", "name is not a section, so nothing can be set below it"),
        ("dropout.rates.0=3", "dropout.rates is not a section, so nothing can be set below it"),
        (f"{'a.' * 9999}a=1", "nested more than 20 levels deep; no key of a config is"),
        ("name=a: b: c", "not YAML: mapping values are not allowed here"),
    ],
)
def test_a_mistaken_setting_is_told_by_itself(setting: str, sentence: str) -> None:
    """The mistake stands at the whole ``--set``, and is collected, not raised."""
    (mistake,) = override(_FILE, [setting]).mistakes
    assert str(mistake) == f"--set {setting}: {sentence}"
