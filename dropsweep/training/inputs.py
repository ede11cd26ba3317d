"""Images as a net takes them: floats, converted once where they are few, else as they are taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dropsweep.nn.layer import Array, Labels
    from dropsweep.training.split import Images, Split

KEPT = 2000
"""Images of which the floats are kept: 24 MB of float32."""

_BLOCK = 1000
"""Images that are measured at a time: 12 MB of float32. A product with as many rows runs within 1 %
of what larger ones reach; one with 100 rows a seventh below it."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """A part of a split, with its labels, as inputs of the net."""

    split: Split
    images: Images
    floats: Array | None
    """All of them, shape (N, D), in the net's dtype; None if they are too many to be kept."""

    @classmethod
    def of(cls, split: Split, images: Images) -> Inputs:
        """Of these images; a batch or a measurement takes them again and again."""
        few = len(images) <= KEPT
        return cls(split, images, split.inputs(images) if few else None)

    def __len__(self) -> int:
        return len(self.images)

    def first(self, count: int) -> Inputs:
        """Those of the first images; they share the floats that are kept."""
        images = self.images[:count]
        if self.floats is None:
            return Inputs.of(self.split, images)
        return Inputs(self.split, images, self.floats[:count])

    def take(self, index: Any) -> tuple[Array, Labels]:
        """The inputs and labels of the images that a slice or an array of indices names."""
        if self.floats is not None:
            return self.floats[index], self.images.labels[index]
        images = self.images[index]
        return self.split.inputs(images), images.labels

    def blocks(self) -> Iterator[tuple[Array, Labels]]:
        """All inputs and labels in order, some at a time."""
        for start in range(0, len(self), _BLOCK):
            yield self.take(slice(start, start + _BLOCK))
