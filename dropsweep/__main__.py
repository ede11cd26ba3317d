"""``python -m dropsweep``: the same as the ``dropsweep`` command."""

from dropsweep.cli import main

main()
