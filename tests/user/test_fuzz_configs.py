"""Over a thousand damaged configs, each of which is a sweep or a mistake that is told."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dropsweep.errors import Exit
from tests.user.in_process import dropsweep, listing, own_signals
from tests.user.mutations import as_json, mutate_bytes, mutate_lines, mutate_tree, seeded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*(ROOT / "configs").glob("*.yaml"), ROOT / "dropsweep" / "cli" / "starter.yaml"])
EACH = 35

LOCATED = re.compile(r"  <stdin>:[1-9]\d*:[1-9]\d*: \S.*")


@pytest.fixture(autouse=True)
def _a_place_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is made, changed or removed in the current folder, the data folder or at home."""
    home, here = tmp_path / "home", tmp_path / "here"
    for folder in (home, here):
        folder.mkdir()
        (folder / "mine.txt").write_text("mine")
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("DROPSWEEP_DATA_DIR", str(home / "data"))
    before = listing(tmp_path)
    with own_signals():
        yield
    assert listing(tmp_path) == before


def plan(config: bytes) -> Result:
    """The plan of a config that may be anything; a mistake is told with line and column."""
    result = dropsweep("run", "-", "--dry-run", "--offline", stdin=config)
    assert result.exit_code in (Exit.DONE, Exit.USAGE, Exit.DATA), (result.output, config)
    if result.exit_code == Exit.USAGE:
        what, *mistakes = result.stderr.splitlines()
        assert re.fullmatch(r"Error: the config has \d+ mistakes?; nothing was started\.", what)
        assert mistakes
        assert all(map(LOCATED.fullmatch, mistakes)), (result.stderr, config)
    if result.exit_code == Exit.DONE:
        sizes = r"^\d+ of \d+ runs? to train here\.$|^\d+ runs? to train first, \d+ at most\.$"
        assert re.search(sizes, result.stderr, re.M)
    return result


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("damage", ["bytes", "lines", "tree"])
def test_a_damaged_config_is_a_sweep_or_a_told_mistake(shipped: Path, damage: str) -> None:
    """Whatever is done to a config: exit 0, 2 or 3, a located sentence, and no file touched."""
    rng, raw = seeded(f"{shipped.stem} {damage}"), shipped.read_bytes()
    tree = yaml.safe_load(raw)
    damaged = {
        "bytes": lambda: mutate_bytes(raw, rng),
        "lines": lambda: mutate_lines(raw, rng),
        "tree": lambda: as_json(mutate_tree(tree, rng)),
    }
    codes = Counter(plan(damaged[damage]()).exit_code for _ in range(EACH))
    assert codes[Exit.USAGE]


def test_a_config_that_nobody_damaged() -> None:
    """Undamaged configs are accepted: those above are refused only for their damage."""
    for shipped in SHIPPED:
        assert plan(shipped.read_bytes()).exit_code == Exit.DONE
        assert plan(as_json(yaml.safe_load(shipped.read_bytes()))).exit_code == Exit.DONE


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("dropout: {keep_probs: [1.0e-320]}\nmodel: {kept_units: [9]}", "model.kept_units"),
        ("dropout: {rates: [0]}\nmodel: {dtype: 'a\u2028b\u202e'}", r'not "a\u2028b\u202e"'),
        ("dropout: {rates: [0, 0.5]}\nseeds: 600000", "2:8: makes a sweep of 1,200,000 runs"),
        (
            "dropout: {rates: [0, 0.5]}\ngrid: {training.epochs: ["
            + ", ".join(map(str, range(1, 1001)))
            + "], training.l2: ["
            + ", ".join(map(str, range(1000)))
            + "]}",
            "2:7: makes a sweep of 2,000,000 runs",
        ),
    ],
    ids=["infinite width", "unseen characters", "too many seeds", "too large a grid"],
)
def test_what_the_damage_has_found(config: str, words: str) -> None:
    """Mistakes that once were none, or took all memory: each is told on one line."""
    result = plan(config.encode())
    assert result.exit_code == Exit.USAGE
    assert words in result.stderr


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    key=st.sampled_from(["dataset", "model", "dropout", "training", "seeds", "grid", "name", "x"]),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=6,
    ),
)
def test_any_value_under_any_key(key: str, value: object) -> None:
    """Whatever JSON can hold in place of a section is a sweep or a told mistake."""
    plan(as_json({"dropout": {"rates": [0]}, key: value}))
