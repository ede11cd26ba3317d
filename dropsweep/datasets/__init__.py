"""Names to arrays: CIFAR-10 found, fetched or given, and a generated stand-in for first steps."""

from dropsweep.datasets.cache import open_prepared
from dropsweep.datasets.dataset import Dataset
from dropsweep.datasets.description import Description, describe
from dropsweep.datasets.facts import KNOWN, Facts, facts
from dropsweep.datasets.locate import default_data_dir, prepare
from dropsweep.datasets.rehash import Check, verify

__all__ = [
    "KNOWN",
    "Check",
    "Dataset",
    "Description",
    "Facts",
    "default_data_dir",
    "describe",
    "facts",
    "open_prepared",
    "prepare",
    "verify",
]
