# Sourced by the scripts beside it: makes .venv with dropsweep in it, and puts it first on PATH.
# Usage: . scripts/environment.sh [EXTRA]     EXTRA is one of pyproject.toml's optional groups.
# PYTHON chooses the interpreter (default: python3).

extra=${1:-}
python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "dropsweep needs Python 3.11 or newer, and '$python' is $("$python" --version 2>&1)." >&2
    echo "Name another one: PYTHON=python3.12 $0" >&2
    exit 1
fi
if [ ! -x .venv/bin/python ] && ! "$python" -m venv .venv; then
    rm -rf .venv
    echo "No virtual environment could be made; on Debian and Ubuntu: apt install python3-venv" >&2
    exit 1
fi

# Installed again only when pyproject.toml has changed since.
stamp=.venv/.installed-${extra:-plain}
if ! cmp -s pyproject.toml "$stamp"; then
    echo "Installing dropsweep into .venv ..." >&2
    .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --editable ".${extra:+[$extra]}"
    cp pyproject.toml "$stamp"
fi
PATH=$PWD/.venv/bin:$PATH
export PATH
