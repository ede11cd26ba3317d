"""One run: from its spec and a data folder to its record."""

from dropsweep.training.run import run
from dropsweep.training.solver import Outcome, solve
from dropsweep.training.split import Images, Split, split
from dropsweep.training.streams import Streams
from dropsweep.training.work import work_here

__all__ = ["Images", "Outcome", "Split", "Streams", "run", "solve", "split", "work_here"]
