"""More axes than the rate: their order, their mistakes, and what becomes of them in tables."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

from dropsweep import columns
from dropsweep.analysis import summarize
from dropsweep.config import dump, load, plan
from dropsweep.config.grid import axes
from dropsweep.datasets import KNOWN
from dropsweep.errors import ConfigError
from dropsweep.records import flatten
from tests.factories import make_record

if TYPE_CHECKING:
    from dropsweep.config import Loaded
    from dropsweep.records import RunSpec

BASE = "dataset: {name: synthetic}\ndropout: {rates: [0, 0.5]}\n"


def loaded(grid: str, *overrides: str, base: str = BASE) -> Loaded:
    """A config with a grid on its last line."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "c.yaml")
        path.write_text(f"{base}grid: {grid}", encoding="utf-8")
        return load(str(path), overrides, KNOWN)


def planned(grid: str, *overrides: str, base: str = BASE) -> list[RunSpec]:
    """Its runs."""
    return plan(loaded(grid, *overrides, base=base), "synthetic-1", 5000, 1000)


def mistakes(grid: str, *overrides: str, base: str = BASE) -> list[str]:
    """The mistakes of a grid, each without the folder of its file."""
    with pytest.raises(ConfigError) as caught:
        loaded(grid, *overrides, base=base)
    return [line.strip().rpartition("/")[2] for line in str(caught.value).splitlines()[1:]]


def column(specs: list[RunSpec], *keys: str) -> list[Any]:
    """The values of some keys in each run."""
    return [tuple(flatten(spec)[key] for key in keys) for spec in specs]


def test_every_combination_is_a_setting_of_its_own() -> None:
    """In the order of the grid, the last axis fastest; within a setting as without a grid."""
    specs = planned("{training.epochs: [2, 1], model.activation: [tanh, relu]}")
    settings = [(2, "tanh"), (2, "relu"), (1, "tanh"), (1, "relu")]
    assert column(specs, "training.epochs", "model.activation") == [
        setting for setting in settings for _ in range(2)
    ]
    assert [spec.rate for spec in specs] == [0, 0.5] * 4


def test_a_setting_is_the_run_of_a_config_without_a_grid() -> None:
    """A grid is shorthand: its runs are those of as many configs."""
    alone = [
        spec.run_id
        for epochs in (1, 2)
        for spec in planned("{}", base=f"{BASE}training: {{epochs: {epochs}}}\n")
    ]
    assert [spec.run_id for spec in planned("{training.epochs: [1, 2]}")] == alone


@pytest.mark.parametrize("key", axes())
def test_every_axis_is_a_key_of_the_config(key: str) -> None:
    """An axis of one value, the config's own, makes the same runs as no axis."""
    section, name = key.split(".")
    value = loaded("{}").config.model_dump()[section][name]
    assert planned(f"{{{key}: [{json.dumps(value)}]}}") == planned("{}")


def test_values_may_be_lists() -> None:
    """An axis of layer sizes is a list of lists."""
    specs = planned("{model.hidden_sizes: [[20], [40, 10]]}")
    assert column(specs[::2], "model.hidden_sizes") == [((20,),), ((40, 10),)]


@pytest.mark.parametrize("sizes", ["hidden_sizes: [7]", "kept_units: [7]"])
@pytest.mark.parametrize("axis", ["hidden_sizes", "kept_units"])
def test_an_axis_of_sizes_replaces_either_way_to_give_them(sizes: str, axis: str) -> None:
    """`kept_units` and `hidden_sizes` say the same in two ways; the grid's word counts."""
    specs = planned(f"{{model.{axis}: [[3], [4]]}}", base=f"{BASE}model: {{{sizes}}}\n")
    other = {"hidden_sizes": "kept_units", "kept_units": "hidden_sizes"}[axis]
    assert column(specs[::2], f"model.{axis}", f"model.{other}") == [((3,), None), ((4,), None)]


@pytest.mark.parametrize("axis", ["hidden_sizes", "kept_units"])
def test_null_leaves_the_other_way_to_give_sizes_in_force(axis: str) -> None:
    """So that one sweep holds fixed width beside widened layers."""
    other = {"hidden_sizes": "kept_units", "kept_units": "hidden_sizes"}[axis]
    specs = planned(f"{{model.{axis}: [~, [3]]}}", base=f"{BASE}model: {{{other}: [7]}}\n")
    assert column(specs[::2], f"model.{axis}", f"model.{other}") == [(None, (7,)), ((3,), None)]


def test_what_changes_no_number_is_no_axis() -> None:
    """Keeping nets or not would train every one of them twice."""
    assert "results.keep_parameters" not in axes()


@pytest.mark.parametrize(
    ("grid", "mistake"),
    [
        ("{training.epochs: [1, 0]}", "c.yaml:3:29: training.epochs: must be at least 1, not 0"),
        (
            "{training.epochs: [x]}",
            'c.yaml:3:26: training.epochs: must be a whole number, not "x"',
        ),
        (
            "{model.hidden_sizes: [[5], [5, 0]]}",
            "c.yaml:3:38: model.hidden_sizes[1]: must be at least 1, not 0",
        ),
        (
            "{model.hidden_sizes: [20]}",
            "c.yaml:3:29: model.hidden_sizes: must be a list, not 20; write [20]",
        ),
        (
            "{model.hidden_sizes: [~]}",
            "c.yaml:3:29: model: hidden_sizes is required (or kept_units instead)",
        ),
        (
            "{dropout.kind: [vanila]}",
            "c.yaml:3:23: dropout.kind: must be inverted, vanilla, binomial, shared or gaussian, "
            'not "vanila"',
        ),
        ("{training.epochs: []}", 'c.yaml:3:25: grid."training.epochs": must not be empty'),
        (
            "{training.epochs: 3}",
            'c.yaml:3:25: grid."training.epochs": must be a list, not 3; write [3]',
        ),
        (
            "{training.epochs: [1, 2, 1]}",
            'c.yaml:3:32: grid."training.epochs"[2]: 1 stands in the list twice; delete one',
        ),
        (
            "{training: {epochs: [1]}}",
            "c.yaml:3:18: grid.training: the keys of a grid are dotted; "
            "write training.epochs: [...] instead of a section",
        ),
        ("[1]", "c.yaml:3:7: grid: is a section; write its keys below it instead of a list"),
        (
            "",
            "c.yaml:3:6: grid: is a section with nothing in it; "
            "indent its keys below it, or leave it out",
        ),
        (
            "{training.epoch: [1]}",
            'c.yaml:3:8: grid: "training.epoch" cannot be varied; did you mean training.epochs?',
        ),
        (
            "{epochs: [1]}",
            'c.yaml:3:8: grid: "epochs" cannot be varied; did you mean training.epochs?',
        ),
        (
            "{q: [1]}",
            'c.yaml:3:8: grid: "q" cannot be varied; write section.key, as in training.epochs',
        ),
        (
            "{dropout.rates: [[0]]}",
            'c.yaml:3:8: grid: "dropout.rates" is an axis already; list its values where it stands',
        ),
        (
            "{seeds: [1, 2]}",
            'c.yaml:3:8: grid: "seeds" is an axis already; list its values where it stands',
        ),
        (
            "{name: [a]}",
            'c.yaml:3:8: grid: "name" is one for the whole sweep; write a config for each',
        ),
        (
            "{dataset.name: [synthetic]}",
            'c.yaml:3:8: grid: "dataset.name" is one for the whole sweep; write a config for each',
        ),
        (
            "{model.hidden_sizes: [[1]], model.kept_units: [[1]]}",
            'c.yaml:3:35: grid: "model.kept_units" says the same as model.hidden_sizes; '
            "keep one of the two axes",
        ),
        (
            "{dataset.val_size: [4501]}",
            "c.yaml:3:27: dataset.train_size: 500 is beyond the pool: "
            "5000 images minus 4501 for validation leave 499; lower train_size to at most 499 "
            "or val_size to at most 4500",
        ),
    ],
    ids=str,
)
def test_a_mistake_stands_at_the_grid_s_value(grid: str, mistake: str) -> None:
    """Each value is checked as if the config had it, and each key is known or explained."""
    assert mistakes(grid) == [mistake]


def test_sizes_that_do_not_go_together_are_told_once() -> None:
    """Each impossible pair, however many settings it is in; the possible ones are not."""
    told = mistakes(
        "{dataset.train_size: [40, 600], dataset.val_size: [50, 4500], training.epochs: [1, 2, 3]}"
    )
    assert told == [
        "c.yaml:3:33: dataset.train_size: 600 is beyond the pool: "
        "5000 images minus 4500 for validation leave 500; lower train_size to at most 500 "
        "or val_size to at most 4400"
    ]


def test_a_mistake_outside_of_the_grid_is_told_where_it_stands() -> None:
    """And once, though every setting has it."""
    base = "dataset: {name: synthetic, train_size: 9999}\ndropout: {rates: [0]}\n"
    (told,) = mistakes("{dataset.val_size: [5, 6]}", base=base)
    assert told.startswith("c.yaml:1:40: dataset.train_size: 9999 is beyond the pool")


@pytest.mark.parametrize(
    "setting", ["grid.training.epochs=[1, 2]", "grid={training.epochs: [1, 2]}"]
)
def test_an_axis_can_be_set_beside_the_file(setting: str) -> None:
    """The key after `grid.` is the axis, dots and all."""
    assert column(planned("{}", setting)[::2], "training.epochs") == [(1,), (2,)]


def test_setting_an_axis_keeps_the_others() -> None:
    """One axis of the file is replaced, or one is added."""
    specs = planned("{training.epochs: [9]}", "grid.training.epochs=[1]", "grid.training.l2=[2.0]")
    assert set(column(specs, "training.epochs", "training.l2")) == {(1, 2.0)}


def test_a_mistaken_axis_of_a_setting_is_told_there() -> None:
    """With the list it should have been."""
    assert mistakes("{}", "grid.training.epochs=3") == [
        '--set grid.training.epochs=3: grid."training.epochs": must be a list, not 3; '
        "write grid.training.epochs=[3] in quotes"
    ]


def test_a_grid_survives_a_dump() -> None:
    """With its order, and lists in lists."""
    config = loaded("{training.l2: [1e-5, 0], model.hidden_sizes: [[500, 100], [7]]}").config
    with TemporaryDirectory() as folder:
        path = Path(folder, "config.yaml")
        path.write_bytes(dump(config, "synthetic-1"))
        again = load(str(path)).config
    assert again == config
    assert list(again.grid) == ["training.l2", "model.hidden_sizes"]


def test_settings_are_columns_and_never_averaged() -> None:
    """summary.csv and history.csv have a column an axis; seeds alone are averaged."""
    specs = planned("{training.epochs: [3, 4], dropout.kind: [vanilla, shared]}", "seeds=2")
    records = [make_record(spec) for spec in specs]
    assert columns.runs(records).names[-2:] == ("dropout.kind", "training.epochs")
    assert columns.history(records).names[-2:] == ("dropout.kind", "training.epochs")
    found = summarize(records)
    assert len(found) == 2 * 2 * 2
    assert {each.runs for each in found} == {2}
