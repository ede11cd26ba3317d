"""One run: from its spec and a data folder to its record."""

from dropsweep.training.run import run
from dropsweep.training.solver import Solution, solve
from dropsweep.training.split import Images, Split, split
from dropsweep.training.streams import Streams
from dropsweep.training.work import train_locally

__all__ = ["Images", "Solution", "Split", "Streams", "run", "solve", "split", "train_locally"]
