"""Run many specs: when, how often again, where to resume."""

from dropsweep.sweep.data import DataSource
from dropsweep.sweep.engine import work_through
from dropsweep.sweep.merge import merge
from dropsweep.sweep.plan import WHOLE, Plan, Shard, make_plan
from dropsweep.sweep.run import run
from dropsweep.sweep.watcher import Watcher

__all__ = [
    "WHOLE",
    "DataSource",
    "Plan",
    "Shard",
    "Watcher",
    "make_plan",
    "merge",
    "run",
    "work_through",
]
