"""The settings of a sweep: their order, and their values in words."""

from __future__ import annotations

from dropsweep import analysis
from tests.factories import make_record, make_spec


def test_settings_stand_in_the_order_of_their_values() -> None:
    """Numbers and lists sort as numbers: 100 after 50, [100] after [50, 50]."""
    sizes = [make_record(make_spec(train_size=size)) for size in (500, 100, 1000)]
    assert [setting[0][1] for setting in analysis.by_setting(sizes)] == [100, 500, 1000]
    layers = [make_record(make_spec(hidden_sizes=size)) for size in ((100,), (50, 50), (50,))]
    assert [setting[0][1] for setting in analysis.by_setting(layers)] == [(50,), (50, 50), (100,)]


def test_settings_in_words() -> None:
    """Values are written as a config has them."""
    setting = (("model.hidden_sizes", (500, 100)), ("model.max_norm", None), ("training.epochs", 5))
    assert analysis.format_setting(setting) == (
        "model.hidden_sizes = [500, 100], model.max_norm = null, training.epochs = 5"
    )
