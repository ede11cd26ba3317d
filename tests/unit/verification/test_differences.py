"""Backward passes against central differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.nn import Affine, InputAffine, fully_connected
from dropsweep.nn.activations import Tanh
from dropsweep.nn.dropout import InvertedDropout
from dropsweep.verification.differences import (
    BOUND,
    gradient_error,
    layer_error,
    network_error,
    normals,
)
from tests.unit.verification import wrong

if TYPE_CHECKING:
    from dropsweep.nn import Dropout, Network


@pytest.mark.parametrize("mistake", [wrong.MaskOfPreviousPass, wrong.MaskOfLatestPass])
def test_a_layer_that_takes_the_mask_of_another_pass_is_found(mistake: type[Dropout]) -> None:
    """Each pass goes back through its own mask."""
    x = normals(0, 6, 5)
    assert not layer_error("", mistake(0.3), x).ok
    assert layer_error("", InvertedDropout(0.3), x).ok


@pytest.mark.parametrize(
    ("mistake", "sizes"),
    [(wrong.MaskOfPreviousPass, (5, 5, 3)), (wrong.MaskOfLatestPass, (5, 5, 5, 3))],
)
def test_a_net_with_such_a_layer_is_found(mistake: type[Dropout], sizes: tuple[int, ...]) -> None:
    """Another batch comes before; a layer that stands twice in a net makes two passes in one."""
    x, labels = normals(0, 6, 5), np.array([0, 1, 2, 0, 1, 2])
    assert not network_error("", net(mistake(0.3), sizes), x, labels).ok
    assert network_error("", net(InvertedDropout(0.3), sizes), x, labels).ok


def net(dropout: Dropout, sizes: tuple[int, ...]) -> Network:
    """A net without kinks, with one dropout object after every hidden layer."""
    return fully_connected(
        sizes,
        weight_scale=0.5,
        random=np.random.default_rng(0),
        activation=Tanh,
        dropout=dropout,
        dtype=np.float64,
    )


@pytest.mark.parametrize("spoilt", ["x", "W", "b"])
def test_each_gradient_of_a_layer_counts(spoilt: str) -> None:
    """One wrong element of dx, dW or db is enough."""

    class Spoilt(Affine):
        def train(self, x: Any, random: Any) -> Any:
            out, right = super().train(x, random)

            def backward(dout: Any) -> Any:
                dx, gradients = right(dout)
                arrays = {name: np.array(g) for name, g in gradients.items()}
                ({"x": dx} | arrays)[spoilt].flat[-1] *= 1 + 1e-4
                return dx, arrays

            return out, backward

    W, b, x = normals(1, 4, 3), normals(2, 3), normals(0, 6, 4)
    assert not layer_error("", Spoilt(W, b), x).ok
    assert layer_error("", Affine(W, b), x).ok


def test_an_input_layer_has_no_input_gradient() -> None:
    """The empty dx of the layer on the images is not compared with anything."""
    W, b = normals(1, 4, 3), normals(2, 3)
    assert layer_error("", InputAffine(W, b), normals(0, 6, 4)).ok


@pytest.mark.parametrize(
    ("claimed", "error"),
    [
        ([2.0, 4.0], 0.0),
        ([2.0, 4.1], 0.1 / 8.1),
        ([2.0, np.nan], np.nan),
    ],
)
def test_error_is_relative_to_the_largest_gradient(claimed: list[float], error: float) -> None:
    """Of x^2 at (1, 2) the gradient is (2, 4); .1 beside 4 is .1 / (4 + 4.1); NaN is not ok."""
    x = np.array([1.0, 2.0])
    found = gradient_error("square", lambda: np.sum(x * x), [(x, np.array(claimed))])
    assert found.error == pytest.approx(error, abs=1e-9, nan_ok=True)
    assert (found.what, found.bound, found.ok) == ("square", BOUND, error == 0.0)


def test_a_gradient_of_nothing_is_no_error_beside_another() -> None:
    """An array that f does not depend on has gradient 0: rounding is not an error."""
    x, unused = np.array([1.0, 2.0]), np.array([3.0])
    pairs = [(x, 2 * x), (unused, np.array([1e-17]))]
    assert gradient_error("", lambda: np.sum(x * x), pairs).ok


def test_normals_keep_off_the_kink() -> None:
    """None is nearer to 0 than .1, and a seed's are its own."""
    assert np.abs(normals(0, 50, 50)).min() >= 0.1
    assert (normals(0, 3) == normals(0, 3)).all()
    assert (normals(0, 3) != normals(1, 3)).all()
