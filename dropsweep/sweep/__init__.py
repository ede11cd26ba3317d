"""Many specs: which ones are missing, how they are trained, what is made from them."""

from dropsweep.sweep.agenda import InOrder
from dropsweep.sweep.derived import derive
from dropsweep.sweep.engine import execute
from dropsweep.sweep.plan import WHOLE, Plan, Shard, make_plan
from dropsweep.sweep.progress import Progress
from dropsweep.sweep.runner import OpenExecutor, run
from dropsweep.sweep.union import merge
from dropsweep.sweep.work import DataSource

__all__ = [
    "WHOLE",
    "DataSource",
    "InOrder",
    "OpenExecutor",
    "Plan",
    "Progress",
    "Shard",
    "derive",
    "execute",
    "make_plan",
    "merge",
    "run",
]
