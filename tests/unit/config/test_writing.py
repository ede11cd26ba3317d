"""The resolved config, read back."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dropsweep.config.models import Config
from dropsweep.config.reading import load
from dropsweep.config.writing import dump

_COUNTS = st.integers(1, 1_000_000)
_WIDTHS = st.integers(1, 20_000)
_POSITIVE = st.floats(0, 1e300, exclude_min=True)
_RATES = st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=5, unique=True)
_SEEDS = st.integers(1, 10**5) | st.lists(
    st.integers(0, 10**18 - 1), min_size=1, max_size=4, unique=True
)
_RANGES = st.builds(
    lambda first, step, steps: {
        "from": first / 100,
        "to": (first + step * steps) / 100,
        "step": step / 100,
    },
    st.integers(0, 20),
    st.integers(1, 15),
    st.integers(1, 5),
)
_MARGINS = st.integers(1, 9999).map(lambda units: units / 10_000)
_NAMES = st.from_regex(r"[a-z0-9.e_-]{0,9}[a-z0-9_-]", fullmatch=True) | st.sampled_from(
    ["on", "null", "1e3", "1_0", "010", "2001-01-01", "-", "true", "0x1", ".5", "A"]
)
_PATHS = st.none() | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=90
)


def _through_a_file(data: bytes) -> Config:
    with TemporaryDirectory() as folder:
        path = Path(folder, "config.yaml")
        path.write_bytes(data)
        return load(str(path)).config


@st.composite
def _configs(draw: st.DrawFn) -> Config:
    content: dict[str, Any] = {
        "name": draw(_NAMES),
        "dataset": {
            "images": draw(st.sampled_from(["first", "drawn"])),
            "path": draw(_PATHS),
            "train_size": draw(_COUNTS),
            "identity": "sha256:1",
        },
        "model": {
            "hidden_sizes": draw(st.lists(_WIDTHS, min_size=1, max_size=3)),
            "weight_scale": draw(_POSITIVE),
            "dtype": draw(st.sampled_from(["float32", "float64"])),
        },
        "dropout": {"rates": draw(_RATES | _RANGES)},
        "training": {"epochs": draw(_COUNTS), "learning_rate": draw(_POSITIVE)},
        "evaluation": {"every": draw(_COUNTS), "curve_images": draw(st.none() | st.just(1000))},
        "seeds": draw(_SEEDS),
        "decision": {"margin": draw(_MARGINS), "max_seeds": draw(st.integers(1, 10))},
    }
    if isinstance(content["dropout"]["rates"], dict) or len(content["dropout"]["rates"]) > 1:
        content["seeds"] = draw(_SEEDS | st.just("auto"))
    return Config.model_validate(content)


@settings(deadline=None)
@given(_configs())
def test_a_dumped_config_loads_as_the_same_config(config: Config) -> None:
    """Every float, name and path survives, to the last bit."""
    assert _through_a_file(dump(config, "sha256:1")) == config


def test_the_identity_is_written_for_a_path_alone() -> None:
    """It guards what the user keeps at a path; other data is known by its name."""
    rates = {"dropout": {"rates": [0]}}
    of_path = Config.model_validate(
        {
            "dataset": {"path": "x.tar.gz"},
            **rates,
        }
    )
    assert _through_a_file(dump(of_path, "sha256:2")).dataset.identity == "sha256:2"
    assert _through_a_file(dump(Config.model_validate(rates), "cifar10")).dataset.identity is None


def test_a_long_path_stays_readable() -> None:
    """It is neither folded over lines nor escaped."""
    path = "/données/" + "a folder/" * 20
    config = Config.model_validate(
        {
            "dataset": {"path": path},
            "dropout": {"rates": [0]},
        }
    )
    assert f"\n  path: {path}\n" in dump(config, "x").decode()


def test_a_dumped_config_is_made_to_be_read() -> None:
    """It says what it is, keeps the config's order, and has lists on one line."""
    text = dump(
        Config.model_validate({"name": "1e3", "dropout": {"rates": [0, 1e-5]}}), "x"
    ).decode()
    assert text.startswith("# The config of the latest `dropsweep run`")
    assert '\nname: "1e3"\ndataset:\n  name: cifar10\n  path: null\n' in text
    assert "\n  rates: [0.0, 1.0e-05]\n" in text
    assert text.endswith("\nseeds: 1\ndecision:\n  margin: 0.01\n  max_seeds: 100\ngrid: {}\n")


def test_a_name_of_many_digits_stays_a_name(tmp_path: Path) -> None:
    """Quoted, for as a number it would be too long to be read."""
    path = tmp_path / "config.yaml"
    path.write_text(f'name: "{"1" * 20}"\ndropout: {{rates: [0]}}\n')
    config = load(str(path)).config
    path.write_bytes(dump(config, "cifar10"))
    assert load(str(path)).config.name == config.name == "1" * 20
