"""The results folder: one file for one finished run is its only truth, all else is derived."""

from dropsweep.results.find import single_folder, sweep_folders
from dropsweep.results.folder import ResultsFolder
from dropsweep.results.run_file import DamagedError, read_run

__all__ = ["DamagedError", "ResultsFolder", "read_run", "single_folder", "sweep_folders"]
