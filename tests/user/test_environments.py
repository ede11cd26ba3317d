"""Places where a shell can be: odd paths, poor locales, no home, nothing that may be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.user.conftest import SMALL
from tests.user.in_process import dropsweep as in_process
from tests.user.in_process import own_signals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.user.conftest import Dropsweep

ROOT = Path(__file__).parents[2]
ODD = "a sweep of ünïcödé — 漢字 'quoted'"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locales and permissions of POSIX")


def test_a_path_with_spaces_and_letters_of_all_kinds(dropsweep: Dropsweep, config: Path) -> None:
    """A whole sweep with its figures, at and from such a path, with the data there too."""
    here = Path(ODD)
    here.mkdir()
    shutil.copy(config, here / "small.yaml")
    os.chdir(here)
    at = {"DROPSWEEP_DATA_DIR": f"{ODD} data"}
    ran = dropsweep("run", "small.yaml", "-o", ODD, environment=at)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith(f"\n{ODD}\n")
    assert (Path(ODD) / "plots" / "accuracy.png").exists()
    assert dropsweep("plot", ODD).stdout.startswith(f"{ODD}/plots/")


@pytest.fixture(scope="module")
def finished(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of five seeds, whose table has signs that are not ASCII."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "small.yaml").write_text(SMALL + "seeds: 5\n")
    with own_signals():
        in_process(
            "run", folder / "small.yaml", "-o", folder / "out", "--data-dir", data_dir, "--no-plots"
        )
    return folder / "out"


@pytest.mark.parametrize(
    "locale",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "koi8-r"},
        {"PYTHONIOENCODING": "utf-8:strict"},
    ],
    ids=lambda locale: " ".join(map("=".join, locale.items())),
)
def test_a_poor_locale(finished: Path, locale: dict[str, str]) -> None:
    """A character that cannot be printed is replaced; the table stays."""
    shown = program("show", finished, environment=locale)
    assert shown.returncode == 0, shown.stderr
    lines = shown.stdout.splitlines()
    assert [line.split()[0] for line in lines[:3]] == [b"rate", b"0.00", b"0.50"]
    assert not any(line.isascii() and b"?" not in line for line in lines[1:3])


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
def test_a_path_that_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its bytes are printed as they are, so that a script can use them."""
    monkeypatch.chdir(tmp_path)
    made = program("init", os.fsdecode(b"o\xff.yaml"), environment={"PYTHONIOENCODING": "utf-8"})
    assert (made.returncode, made.stdout) == (0, b"o\xff.yaml\n"), made.stderr


@pytest.mark.parametrize("without", [["HOME"], ["HOME", "TERM", "PATH", "LANG"]], ids=" ".join)
def test_no_home(without: list[str]) -> None:
    """Nothing needs it that does not name it."""
    environment = {key: value for key, value in os.environ.items() if key not in without}
    command = [sys.executable, "-m", "dropsweep", "data", "info"]
    told = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert told.returncode == 0, told.stderr


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs another user")
def test_a_read_only_checkout_and_home(finished: Path) -> None:
    """A user who may write neither reads, plans and shows all the same."""
    lowered = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable]
    checkout = Path(tempfile.mkdtemp(prefix="dropsweep-checkout-", dir="/tmp"))
    try:
        checkout.chmod(0o755)
        shutil.copytree(ROOT / "dropsweep", checkout / "dropsweep")
        shutil.copytree(finished, checkout / "out")
        (checkout / "small.yaml").write_text(SMALL)
        able = [*lowered, "-c", "import numpy"]
        if subprocess.run(able, cwd=checkout, capture_output=True, check=False).returncode:
            pytest.skip("another user may not read this Python")
        environment = {**os.environ, "HOME": str(checkout), "PYTHONPATH": str(checkout)}
        for arguments in (
            ["show", "out"],
            ["run", "small.yaml", "--dry-run"],
            ["run", "small.yaml"],
            ["run", "small.yaml", "-j", "1"],
        ):
            told = subprocess.run(
                [*lowered, "-m", "dropsweep", *arguments],
                cwd=checkout, env=environment, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert "Traceback" not in told.stderr
            if arguments[0] == "show" or "--dry-run" in arguments:
                assert told.returncode == 0, told.stderr
            elif told.returncode == 2:  # that user cannot start this Python again, only go on in it
                assert "-j" not in arguments
                assert "Permission denied" in told.stderr
                assert "Use -j 1" in told.stderr
                assert "ulimit" not in told.stderr
            else:
                assert told.returncode in (3, 5), told.stderr
                assert "cannot be written" in told.stderr
    finally:
        shutil.rmtree(checkout)


def program(
    *arguments: str | Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """The program in a process of its own, whose output is bytes."""
    return subprocess.run(
        [sys.executable, "-m", "dropsweep", *map(str, arguments)],
        env={**os.environ, **environment}, capture_output=True, check=False,
    )  # fmt: skip
