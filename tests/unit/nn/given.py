"""A random stream that gives out what a test hands it."""

from __future__ import annotations

from typing import Any

import numpy as np


class Given(np.random.RandomState):
    """Draws from arrays made beforehand, in turn: uniforms or normals, whichever is asked for."""

    def __init__(self, *arrays: Any) -> None:
        super().__init__(0)
        self.left = [np.array(array, np.float64) for array in arrays]

    def random(self, size: Any = None) -> Any:
        """The next array, which must have the shape that is asked for."""
        array = self.left.pop(0)
        assert array.shape == size
        return array

    def standard_normal(self, size: Any = None) -> Any:
        """The next array."""
        return self.random(size)

    def binomial(self, n: Any, p: Any, size: Any = None) -> Any:
        """1 where the next array's uniform is in the upper p."""
        assert n == 1
        return (self.random(size) >= 1 - p).astype(np.int64)


def keeping(*masks: Any) -> Given:
    """A stream from which dropout at any rate above 0 keeps just the units where a mask is true."""
    return Given(*(np.where(mask, np.nextafter(1, 0), 0.0) for mask in masks))
