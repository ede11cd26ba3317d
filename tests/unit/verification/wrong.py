"""Mistakes that one could make in dropout, each of which verification must notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dropsweep.nn.dropout import GaussianDropout, InvertedDropout, SharedDropout, VanillaDropout

if TYPE_CHECKING:
    from dropsweep.nn import RandomStream
    from dropsweep.nn.layer import Backward, Gradients


class Unscaled(InvertedDropout):
    """Keeps units as they are, and has no factor at test time either."""

    def mask(self, x: Any, random: RandomStream) -> Any:
        """The mask without 1 / q."""
        return super().mask(x, random) * self.amount.keep


class ScaledByRate(InvertedDropout):
    """Scales kept units by 1 / r."""

    def mask(self, x: Any, random: RandomStream) -> Any:
        """The mask with r in the place of q."""
        return super().mask(x, random) * self.amount.keep / self.amount.rate


class MaskOfPreviousPass(InvertedDropout):
    """Takes the gradient back through the mask of the pass before, if there was one."""

    kept: Any = None

    def train(self, x: Any, random: RandomStream) -> tuple[Any, Backward]:
        """The right output, and a backward pass with an old mask."""
        old, self.kept = self.kept, self.mask(x, random)
        mask = self.kept if old is None else old
        return x * self.kept, lambda dout: (dout * mask, {})


class MaskOfLatestPass(InvertedDropout):
    """Keeps its mask in the layer, where the next pass overwrites it."""

    kept: Any

    def train(self, x: Any, random: RandomStream) -> tuple[Any, Backward]:
        """The right output, and a backward pass that reads its mask too late."""
        self.kept = self.mask(x, random)

        def backward(dout: Any) -> tuple[Any, Gradients]:
            return dout * self.kept, {}

        return x * self.kept, backward


class OnAtTestTime(InvertedDropout):
    """Scales at test time what was scaled while training already."""

    def test(self, x: Any) -> Any:
        """The factor q, once too often."""
        return x * self.amount.keep


class VanillaWithoutFactor(VanillaDropout):
    """Forgets to multiply by q at test time."""

    def test(self, x: Any) -> Any:
        """The input."""
        return x


class SharedByNobody(SharedDropout):
    """Draws a mask value for each unit where one a feature is meant."""

    def mask(self, x: Any, random: RandomStream) -> Any:
        """A mask in the shape of x."""
        return InvertedDropout(self.amount).mask(x, random)


class GaussianOfRate(GaussianDropout):
    """Has the variance r in the place of r / q."""

    def mask(self, x: Any, random: RandomStream) -> Any:
        """Normals of mean 1 that are too narrow."""
        return 1 + (super().mask(x, random) - 1) * self.amount.keep**0.5
