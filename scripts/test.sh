#!/usr/bin/env bash
# Everything that must hold before a change lands. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/environment.sh dev
unset PYTHONDONTWRITEBYTECODE # many tests start the program, which would compile itself each time

ruff check
ruff format --check
lint-imports --no-cache
mypy
python -m pytest --numprocesses auto "$@"
