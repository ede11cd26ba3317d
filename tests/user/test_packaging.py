"""The shipped package: a wheel, a source archive that makes the same one, and a working install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def pythons() -> list[str]:
    """Every supported interpreter of this machine: those on PATH that start, and pyenv's own."""
    names = [f"python3.{minor}" for minor in range(11, 15)]
    found = [path for name in names if (path := shutil.which(name))]
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found += [str(path) for name in names for path in kept.glob(f"*/bin/{name}")]
    by_version: dict[str, str] = {}
    for path in found:
        ask = [path, "-c", "import sys; print(sys.version_info[:2])"]
        told = subprocess.run(ask, capture_output=True, text=True, check=False)
        if told.returncode == 0:  # pyenv's shims of versions that are not in use fail
            by_version.setdefault(told.stdout, path)
    return list(by_version.values())


INSTALL = os.environ.get("DROPSWEEP_TEST_INSTALL")
PYTHONS = pythons() if INSTALL else [sys.executable]


def call(*command: str | Path, at: Path) -> str:
    """Stdout of a command that succeeds, without this checkout on Python's path."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    result = subprocess.run(
        [*map(str, command)], cwd=at, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def wheel_of(source: Path, into: Path) -> Path:
    """The wheel of a source folder or archive, by pip; skipped where pip has no build backend."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", into, source]
    result = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    if result.returncode and "hatchling" in result.stderr:
        pytest.skip("pip reaches no index that has the build backend")
    assert result.returncode == 0, result.stderr
    return next(into.glob("dropsweep-*.whl"))


def contents(wheel: Path) -> dict[str, bytes]:
    """Every file of a wheel with its bytes."""
    with zipfile.ZipFile(wheel) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return wheel_of(ROOT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    """Every file of `dropsweep/` is in it: modules, the starter config, the mark of its types."""
    package = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "dropsweep").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    shipped = {name for name in contents(wheel) if ".dist-info/" not in name}
    assert shipped == package
    assert {"dropsweep/py.typed", "dropsweep/cli/starter.yaml"} <= shipped


def test_the_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """File by file; and it holds the tests, but no data."""
    pytest.importorskip("hatchling", reason="the build backend is not installed here")
    build = "import hatchling.build, sys; print(hatchling.build.build_sdist(sys.argv[1]))"
    name = call(sys.executable, "-c", build, tmp_path, at=ROOT).splitlines()[-1]
    with tarfile.open(tmp_path / name) as archive:
        names = [member.split("/", 1)[1] for member in archive.getnames()]
    assert {"pyproject.toml", "README.md", "configs/cs231n.yaml", "tests/user/conftest.py"} <= {
        *names
    }
    assert not [each for each in names if each.endswith((".npy", ".gz", ".bin", ".pyc"))]
    assert contents(wheel_of(tmp_path / name, tmp_path)) == contents(wheel)


@pytest.mark.skipif(
    not INSTALL,
    reason="takes minutes: DROPSWEEP_TEST_INSTALL=1 installs the wheel on every Python here",
)
@pytest.mark.parametrize("python", PYTHONS)
def test_an_install_into_an_empty_environment(wheel: Path, tmp_path: Path, python: str) -> None:
    """With what pip brings along and nothing else, `verify` and the starter config pass."""
    call(python, "-m", "venv", "env", at=tmp_path)
    call(tmp_path / "env/bin/pip", "install", "-q", wheel, at=tmp_path)
    program = tmp_path / "env/bin/dropsweep"
    call(program, "verify", at=tmp_path)
    call(program, "init", "sweep.yaml", at=tmp_path)
    told = call(
        program, "run", "sweep.yaml", "-s", "training.epochs=1", "--data-dir", "data", at=tmp_path
    )
    assert told.endswith("results/sweep\n")
    assert (tmp_path / "results/sweep/plots/accuracy.png").exists()
