"""``python -m dropsweep``: the same as the ``dropsweep`` command."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:  # a signal.py or types.py of the current directory is not ours
        del sys.path[0]
    from dropsweep.cli import main

    main()
