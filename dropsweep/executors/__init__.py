"""Places where runs are trained, behind the one interface of `concurrent.futures.Executor`."""

from dropsweep.executors.base import ONE_BLAS_THREAD, InProcess, Report, RunExecutor
from dropsweep.executors.capacity import available_cpus, local_executor
from dropsweep.executors.dask_cluster import DaskCluster
from dropsweep.executors.processes import Processes

__all__ = [
    "ONE_BLAS_THREAD",
    "DaskCluster",
    "InProcess",
    "Processes",
    "Report",
    "RunExecutor",
    "available_cpus",
    "local_executor",
]
