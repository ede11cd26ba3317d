"""``python -m dropsweep``: the same as the ``dropsweep`` command."""

from dropsweep.cli import main

if __name__ == "__main__":  # a spawned worker imports this module, and must not start again
    main()
