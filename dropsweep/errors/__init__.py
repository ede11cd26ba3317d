"""Every sentence a user can be told about a mistake, with the exit code it ends in.

Each function names an event and returns the error to raise, so that a call site reads as what
happened (``raise errors.archive_broken(path, why)``) and all wording stands in one place. A
sentence says what is wrong and where; the remedy says what to do next.
"""

from dropsweep.errors.arrays import *
from dropsweep.errors.base import *
from dropsweep.errors.config import *
from dropsweep.errors.data import *
from dropsweep.errors.program import *
from dropsweep.errors.results import *
from dropsweep.errors.sentences import *
