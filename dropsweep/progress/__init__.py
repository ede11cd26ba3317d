"""Progress on stderr while a sweep runs."""

from dropsweep.progress.displays import ipython_shell, make_progress

__all__ = ["ipython_shell", "make_progress"]
