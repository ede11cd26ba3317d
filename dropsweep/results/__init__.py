"""The results folder: one file per finished run is its only truth, everything else is derived."""

from dropsweep.results.folder import ResultsFolder, single_folder, sweep_folders
from dropsweep.results.pace import Pace
from dropsweep.results.run_file import DamagedError, read_run

__all__ = ["DamagedError", "Pace", "ResultsFolder", "read_run", "single_folder", "sweep_folders"]
