"""Where runs are worked on, behind the one interface of `concurrent.futures.Executor`."""

from dropsweep.executors.base import Report, RunExecutor, available_cpus
from dropsweep.executors.dask_cluster import DaskCluster
from dropsweep.executors.in_process import InProcess
from dropsweep.executors.processes import Processes

__all__ = ["DaskCluster", "InProcess", "Processes", "Report", "RunExecutor", "available_cpus"]
