"""One run: from its spec and a data folder to its record."""

from dropsweep.training.images import Images, Split, split
from dropsweep.training.session import Streams
from dropsweep.training.solver import Solution, solve
from dropsweep.training.work import train, train_locally

__all__ = ["Images", "Solution", "Split", "Streams", "solve", "split", "train", "train_locally"]
