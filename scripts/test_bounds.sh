#!/usr/bin/env bash
# The unit tests with the lowest versions that pyproject.toml admits. Arguments go to pytest.
# The environment is .venv-lowest; PYTHON chooses the interpreter (default: python3).
set -euo pipefail
cd "$(dirname "$0")/.."

environment=.venv-lowest
python=$environment/bin/python
if [ ! -x "$python" ]; then
    "${PYTHON:-python3}" -m venv "$environment"
    "$python" -m pip install --quiet --disable-pip-version-check uv
fi
if ! cmp -s pyproject.toml "$environment/.installed"; then
    "$python" -m uv pip install --quiet --python "$python" --resolution lowest-direct --editable '.[test]'
    cp pyproject.toml "$environment/.installed"
fi
# Old releases use names that newer ones of their own dependencies call deprecated.
"$python" -m pytest --numprocesses auto -W ignore::DeprecationWarning tests/unit "$@"
