"""Which training images make up a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dropsweep.records import iterations_per_epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from dropsweep.nn import RandomStream


def with_replacement(images: int, batch_size: int, random: RandomStream) -> Iterator[NDArray[Any]]:
    """Indices of one batch after another, each drawn from all images afresh."""
    while True:
        yield random.choice(images, batch_size)


def shuffled(images: int, batch_size: int, random: RandomStream) -> Iterator[NDArray[Any]]:
    """Indices of one batch after another; in an epoch no image comes twice."""
    while True:
        order = random.permutation(images)
        for batch in range(iterations_per_epoch(images, batch_size)):
            yield order[batch * batch_size : (batch + 1) * batch_size]


SAMPLING: dict[str, Callable[[int, int, RandomStream], Iterator[NDArray[Any]]]] = {
    "replacement": with_replacement,
    "shuffle": shuffled,
}
"""By the name that a config uses."""
