"""A gradient that is not computed before it is used: a product, taken a panel of rows at a time.

The gradient by an affine layer's weights is as large as they are, and an optimizer reads it once.
Made whole it goes to memory and comes back; made a panel at a time it is used while it is in cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dropsweep.nn.layer import Array


@dataclass(frozen=True, eq=False)
class Product:
    """``x' dout``, of shape (in, out); x and dout must stay as they are until it is used."""

    x: Array
    """Shape (N, in)."""
    dout: Array
    """Shape (N, out)."""

    def __getitem__(self, rows: slice) -> Array:
        """Some rows of it, freshly computed: those of the parameter's elements ``W[rows]``."""
        panel: Array = self.x[:, rows].T @ self.dout
        return panel

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """All of it, where numpy is handed a product in the place of an array.

        It is a copy whether one is asked for or not, and numpy itself casts it.
        """
        return self[:]

    def __add__(self, other: Array) -> Array:
        """All of it, with a penalty's gradient added."""
        total = self[:]
        total += other
        return total
