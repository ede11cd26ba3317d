"""Where runs are worked on, behind the one interface of `concurrent.futures.Executor`."""

from dropsweep.executors.dask_cluster import DaskCluster
from dropsweep.executors.in_process import InProcess
from dropsweep.executors.processes import Processes
from dropsweep.executors.workplace import Report, Workplace, available_cpus

__all__ = ["DaskCluster", "InProcess", "Processes", "Report", "Workplace", "available_cpus"]
