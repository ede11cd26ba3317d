"""Backward passes held against central differences in float64.

Every pass draws from the same stream, begun again, for a numerical gradient needs a deterministic
function. Passes on another stream come before it and, for a layer, between forward and backward:
a mask kept from another pass would not go unnoticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dropsweep.nn import numerical_gradient
from dropsweep.verification.checks import GradientError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dropsweep.nn import Layer, Network
    from dropsweep.nn.layer import Array, Labels

BOUND = 1e-7
"""Relative. Central differences are right to about 1e-10, a wrong derivative to no digit."""
DOUT_SEED = 9


def layer_error(what: str, layer: Layer, x: Array) -> GradientError:
    """By a layer's input, where it takes the gradient there, and by its parameters."""
    layer.train(x, _another_stream())
    out, backward = layer.train(x, _stream())
    layer.train(x, _another_stream())
    dout = normals(DOUT_SEED, *out.shape)
    dx, by_name = backward(dout)
    pairs = [(x, dx)] if dx.size else []
    pairs += [(value, np.asarray(by_name[name])) for name, value in layer.parameters.items()]
    return gradient_error(what, lambda: layer.train(x, _stream())[0], pairs, dout)


def network_error(what: str, network: Network, x: Array, labels: Labels) -> GradientError:
    """The loss by every parameter of a net."""
    network.loss(x, labels, _another_stream())
    _, by_name = network.loss(x, labels, _stream())
    pairs = [(value, by_name[name]) for name, value in network.parameters.items()]
    return gradient_error(what, lambda: np.array(network.loss(x, labels, _stream())[0]), pairs)


def gradient_error(
    what: str,
    f: Callable[[], Array],
    pairs: Sequence[tuple[Array, Array]],
    dout: Array | None = None,
) -> GradientError:
    """Largest difference over all elements, relative to the largest gradient.

    Not relative to each element's own: below batch norm a bias changes nothing, and the 0 of its
    gradient drowns in the rounding of central differences.

    Parameters
    ----------
    f
        The function; it reads the arrays that it is differentiated by.
    pairs
        Each array, and the gradient by it that the backward pass gave.
    dout
        Gradient by f's output; None for a scalar.
    """
    given = np.array(1.0) if dout is None else dout
    numerical = _joined([numerical_gradient(lambda _: f(), by, given) for by, _ in pairs])
    analytical = _joined([gradient for _, gradient in pairs])
    scale = np.max(np.abs(analytical) + np.abs(numerical))
    error = float(np.max(np.abs(analytical - numerical)) / scale)
    return GradientError(what, error, BOUND, error <= BOUND)


def normals(seed: int, *shape: int) -> Any:
    """Normals in float64, none near the kink of ReLU at 0."""
    x = np.random.default_rng(seed).standard_normal(shape)
    return x + np.sign(x) * 0.1


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate([array.ravel() for array in arrays])


def _stream() -> np.random.Generator:
    return np.random.default_rng(123)


def _another_stream() -> np.random.Generator:
    return np.random.default_rng(321)
