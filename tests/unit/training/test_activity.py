"""The activations and weights that are kept of a trained net."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.special import expit

from dropsweep import datasets
from dropsweep.records import ResultsSpec
from dropsweep.training import Streams, split, train
from dropsweep.training.activity import _edges, net_arrays
from dropsweep.training.build import build_network
from tests.factories import make_spec, varied

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from dropsweep.records import NetArrays, RunRecord, RunSpec
    from dropsweep.training import Split

VAL = 1900  # images are taken a thousand at a time


def keeping(**model: Any) -> RunSpec:
    """A small net of these model keys that is to be kept."""
    spec = make_spec(0.5, epochs=2, hidden_sizes=(6, 5), keep_parameters=True)
    usual = {"dataset.val_size": VAL, "dataset.test_size": 0, "model.weight_scale": 0.1}
    return varied(spec, usual | {f"model.{name}": value for name, value in model.items()})


def trained(spec: RunSpec, prepared: Path) -> tuple[RunRecord, NetArrays]:
    """The record, and what was kept."""
    result = train(spec, lambda *_: None, data=prepared)
    assert result.kept is not None
    return result.record, result.kept


def images_of(spec: RunSpec, prepared: Path) -> Split:
    """The images of a run."""
    stream = Streams.of_seed(spec.seed).images
    return split(datasets.open_prepared(prepared), spec.dataset, spec.model.dtype, stream)


def affine(x: NDArray[Any], kept: NetArrays, layer: int) -> NDArray[Any]:
    """One affine layer of a kept net."""
    return np.asarray(x @ kept[f"W{layer}"] + kept[f"b{layer}"])


def hidden(kept: NetArrays, x: NDArray[Any], name: str) -> list[NDArray[Any]]:
    """The activations of both hidden layers, written out."""
    functions: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
        "relu": lambda z: np.maximum(z, 0),
        "sigmoid": expit,
        "tanh": np.tanh,
    }
    outputs = []
    for layer in (1, 2):
        z = affine(x, kept, layer)
        if f"gamma{layer}" in kept:
            z = (z - kept[f"running_mean{layer}"]) / np.sqrt(kept[f"running_var{layer}"] + 1e-5)
            z = z * kept[f"gamma{layer}"] + kept[f"beta{layer}"]
        x = functions[name](z)
        outputs.append(x)
    return outputs


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh"])
def test_it_is_the_net_of_the_best_epoch(prepared: Path, name: str, batch_norm: bool) -> None:
    """Whoever has the images and the file finds the accuracy and the activity it tells."""
    spec = keeping(
        activation=name,
        batch_norm=batch_norm,
        dtype="float64",
        weight_scale=0.001,  # so that no unit is saturated, where any formula rounds in its own way
    )
    record, kept = trained(spec, prepared)
    images = split(
        datasets.open_prepared(prepared), spec.dataset, "float64", np.random.default_rng()
    )
    outputs = hidden(kept, images.inputs(images.val), name)
    right = affine(outputs[-1], kept, 3).argmax(axis=1) == images.val.labels
    assert right.mean() == pytest.approx(record.best_val_accuracy)
    for layer, h in enumerate(outputs, start=1):
        np.testing.assert_allclose(kept[f"activation{layer}.mean"], h.mean(axis=0), rtol=1e-9)
        assert kept[f"activation{layer}.zero"] == pytest.approx((h == 0).mean())
        counts, edges = kept[f"activation{layer}.counts"], kept[f"activation{layer}.edges"]
        # an activation that stands on an edge may be rounded to either side of it
        assert np.abs(np.histogram(h[h != 0], edges)[0] - counts).sum() <= 4
        assert counts.sum() == (h != 0).sum()


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh"])
def test_bins_of_two_nets_can_be_brought_together(prepared: Path, name: str) -> None:
    """At most 256, as wide as a power of two, at multiples of it, and many where values spread."""
    _, kept = trained(keeping(activation=name), prepared)
    edges = kept["activation1.edges"]
    (width,) = set(np.diff(edges))
    assert np.log2(width) % 1 == 0
    np.testing.assert_array_equal(edges % width, 0)
    assert 100 < len(edges) - 1 <= 256


def test_vanilla_activations_are_those_before_they_are_scaled(prepared: Path) -> None:
    """The first layer's activity is W1's alone, whatever dropout does with it afterwards."""
    spec = varied(keeping(), {"dropout.kind": "vanilla"})
    _, kept = trained(spec, prepared)
    images = split(
        datasets.open_prepared(prepared), spec.dataset, "float32", np.random.default_rng()
    )
    first = np.maximum(affine(images.inputs(images.val), kept, 1), 0)
    np.testing.assert_allclose(kept["activation1.mean"], first.mean(axis=0), rtol=1e-4)


def test_what_training_changed_is_kept(prepared: Path) -> None:
    """W1 minus the weights that the run began with, which are those of its seed."""
    spec = keeping()
    _, kept = trained(spec, prepared)
    initial = build_network(spec, 3072, Streams.of_seed(spec.seed).initial_weights).state["W1"]
    np.testing.assert_array_equal(kept["W1.change"], kept["W1"] - initial)
    assert kept["W1.change"].dtype == kept["W1"].dtype
    assert kept["W1.change"].any()


@pytest.mark.parametrize("low", [1.0, -3.0])
def test_values_that_hardly_differ_have_bins_of_their_own_size(low: float) -> None:
    """A bin is never so narrow that there is no number between its edges: few are enough."""
    high = float(np.nextafter(low, 10))
    edges = _edges([(low, high)])
    assert edges[0] <= low
    assert edges[-1] >= high
    assert (np.diff(edges) > 0).all()
    assert np.diff(edges)[0] >= 1e-4 * abs(low) / 256


def test_kept_units_are_as_many_as_the_rate_makes_them(prepared: Path) -> None:
    """A layer that keeps 3 units at rate 0.5 has 6."""
    _, kept = trained(keeping(hidden_sizes=None, kept_units=(3,)), prepared)
    assert kept["W1"].shape == (3072, 6)
    assert kept["activation1.mean"].shape == (6,)
    assert "activation2.mean" not in kept


def test_a_net_without_activity_has_a_histogram(prepared: Path) -> None:
    """Weights too small for any number but 0: every activation is 0, and that is told."""
    spec = varied(keeping(weight_scale=1e-60), {"training.learning_rate": 1e-60})
    _, kept = trained(spec, prepared)
    assert kept["activation1.zero"] == 1
    assert kept["activation1.counts"].sum() == 0


def test_asking_changes_no_number(prepared: Path) -> None:
    """The record is the same, and who does not ask gets nothing."""
    asking = keeping()
    plain = replace(asking, results=ResultsSpec())
    record, _ = trained(asking, prepared)
    result = train(plain, lambda *_: None, data=prepared)
    assert result.kept is None
    same: dict[str, Any] = {"seconds": 0.0, "spec": plain, "run_id": ""}
    assert replace(result.record, **same) == replace(record, **same)


def test_a_run_without_a_point_keeps_nothing(prepared: Path) -> None:
    """There is no best epoch whose net it could be."""
    result = train(keeping(weight_scale=1e30), lambda *_: None, data=prepared)
    assert result.record.best_epoch is None
    assert result.kept is None


def test_activations_that_overflow_are_counted_as_the_largest_number(prepared: Path) -> None:
    """A net whose scores are finite although hidden units are not is kept all the same."""
    spec = keeping(dtype="float64")
    images = images_of(spec, prepared)
    network = build_network(spec, images.input_size, Streams.of_seed(0).initial_weights)
    state = {name: value.copy() for name, value in network.state.items()}
    state["b1"][:2] = 1e308
    state["W1"] *= 1e307
    state["W2"][:] = 0
    kept = net_arrays(spec, images, state, 1)
    assert kept is not None
    assert all(np.isfinite(value).all() for value in kept.values())
    assert (
        kept["activation1.counts"].sum() + round(float(kept["activation1.zero"]) * VAL * 6)
        == VAL * 6
    )
