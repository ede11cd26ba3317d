"""Run many specs: when, how often again, where to resume."""

from dropsweep.sweep.data import DataSource
from dropsweep.sweep.engine import execute
from dropsweep.sweep.merge import merge
from dropsweep.sweep.plan import WHOLE, Plan, Shard, make_plan
from dropsweep.sweep.progress import Progress
from dropsweep.sweep.run import OpenExecutor, run

__all__ = [
    "WHOLE",
    "DataSource",
    "OpenExecutor",
    "Plan",
    "Progress",
    "Shard",
    "execute",
    "make_plan",
    "merge",
    "run",
]
