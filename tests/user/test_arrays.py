"""A user's own arrays, from the file to the answer."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep import config, datasets
from dropsweep.datasets.synthetic import generate
from dropsweep.errors import Exit
from dropsweep.training import train
from tests.factories import prepare
from tests.user.in_process import dropsweep, own_signals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SMALL = """\
dataset: {name: arrays, path: my.npz, train_size: 40, val_size: 20, test_size: 12, images: drawn}
model: {hidden_sizes: [6], weight_scale: 0.3}
dropout: {rates: [0, 0.5]}
training: {epochs: 2, batch_size: 20}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty current folder, with a data directory of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    with own_signals():
        yield tmp_path


def toy(name: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """A data set that scikit-learn brings along, its rows shuffled."""
    loaded = getattr(pytest.importorskip("sklearn.datasets"), f"load_{name}")()
    order = np.random.default_rng(0).permutation(len(loaded.target))
    return loaded.data[order], loaded.target_names[loaded.target[order]]


def records(results: str) -> list[dict[str, Any]]:
    """The content of all run files."""
    return [json.loads(path.read_text()) for path in sorted(Path(results, "runs").iterdir())]


def test_a_csv_becomes_an_answer() -> None:
    """The lines of configs/README.md, on a table of numbers and names."""
    page = Path(__file__).parents[2].joinpath("configs/README.md").read_text(encoding="utf-8")
    rng = np.random.default_rng(1)
    rows = [f"{a:.3f},{b:.3f},{'up' if a + b > 0 else 'down'}" for a, b in rng.normal(size=(90, 2))]
    Path("my.csv").write_text("\n".join(["a,b,label", *rows]), encoding="utf-8")
    lines = re.findall(r"```python\n(.*?)```", page, re.S)[0]
    exec(lines, {})  # noqa: S102 - what the page tells users to run
    assert dropsweep("init", "--arrays", "my.npz", "my.yaml").exit_code == 0
    result = dropsweep("run", "my.yaml", "-j", "1", "-s", "decision.max_seeds=2")
    assert result.exit_code == 0, result.output
    assert (
        "Data: my.npz; 48 training and 24 validation rows, drawn for each seed from 72, by class "
        "shares." in " ".join(result.output.split())
    )
    report = Path("results/my/report.html").read_text(encoding="utf-8")
    assert "my.npz" in report
    assert not [each for each in ("CIFAR", "dataset.path, not") if each in result.output + report]
    assert " images" not in result.output


@pytest.mark.parametrize("name", ["digits", "wine", "breast_cancer"])
def test_a_race_on_a_toy_data_set_is_settled(name: str) -> None:
    """`init` writes a config whose answer is sure after a few seeds, and says on which file."""
    x, y = toy(name)
    np.savez("my.npz", x=x, y=y)
    dropsweep("init", "--arrays", "my.npz", "my.yaml")
    result = dropsweep("run", "my.yaml", "-j", "1", "--no-plots")
    assert result.exit_code == 0, result.output
    assert "no rate of the list is better" in " ".join(result.output.split())
    runs = records("results/my")
    chance = max(np.unique(y, return_counts=True)[1]) / len(y)
    assert {run["spec"]["dataset"]["content"]["chance"] for run in runs} == {chance}
    assert f"The level of chance is {chance:.2f}." in " ".join(result.output.split())
    assert sum(run["seconds"] for run in runs) < 60


@pytest.mark.parametrize("name", ["digits", "wine", "breast_cancer"])
def test_without_dropout_a_net_is_as_good_as_scikit_learn_s(name: str) -> None:
    """Mean accuracy over ten seeds on the same rows, within three standard errors and a row."""
    neural_network = pytest.importorskip("sklearn.neural_network")
    x, y = toy(name)
    val = len(y) // 3
    size, epochs, batch = min(len(y) - val, 300), 20, 20
    np.savez("my.npz", x=x, y=y)
    given = {
        "dataset": {
            "name": "arrays", "path": "my.npz", "train_size": size, "val_size": val,
            "test_size": 0, "preprocessing": "standardize",
        },
        "model": {"hidden_sizes": [30], "weight_scale": round((2 / x.shape[1]) ** 0.5, 2)},
        "dropout": {"rates": [0]},
        "training": {
            "epochs": epochs, "batch_size": batch, "learning_rate": 0.003, "sampling": "shuffle",
        },
        "evaluation": {"every": epochs},
        "seeds": 10,
    }  # fmt: skip
    Path("my.yaml").write_text(json.dumps(given), encoding="utf-8")
    assert dropsweep("run", "my.yaml", "-j", "1", "--no-plots").exit_code == 0
    ours = [run["val_accuracy"] for run in records("results/my")]
    pool, deviation = x[:-val], x[:-val].std(axis=0)
    scaled = (x - pool.mean(axis=0)) / np.where(deviation == 0, 1, deviation)
    theirs = []
    for seed in range(10):
        net = neural_network.MLPClassifier(
            (30,), alpha=0, batch_size=batch, learning_rate_init=0.003, max_iter=epochs,
            n_iter_no_change=epochs, random_state=seed,
        )  # fmt: skip
        with pytest.warns(Warning, match="Maximum iterations"):
            net.fit(scaled[:size], y[:size])
        theirs.append(net.score(scaled[-val:], y[-val:]))
    error = np.hypot(np.std(ours, ddof=1), np.std(theirs, ddof=1)) / np.sqrt(10)
    assert abs(np.mean(ours) - np.mean(theirs)) <= 3 * error + 1 / val


@pytest.mark.parametrize("preprocessing", ["mean_image", "standardize", "none"])
@pytest.mark.parametrize("form", ["rows", "pictures", "fortran"])
def test_known_images_as_arrays_give_the_same_bits(preprocessing: str, form: str) -> None:
    """With equal sizes and an equal split, a history is that of the named data set."""
    (images, labels), (test, test_labels) = ((each.images, each.labels) for each in generate())
    if form == "pictures":
        images, test = (
            each.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1) for each in (images, test)
        )
    if form == "fortran":
        images, test = (np.asarray(each, order="F") for each in (images, test))
    np.savez("my.npz", x=images, y=labels.astype(int), x_test=test, y_test=test_labels.astype(int))
    sizes = f"train_size: 100, val_size: 50, test_size: 30, preprocessing: {preprocessing}"
    histories: list[Any] = []
    for which in ("name: synthetic", "name: arrays, path: my.npz"):
        Path("c.yaml").write_text(
            f"dataset: {{{which}, {sizes}}}\nmodel: {{hidden_sizes: [8]}}\n"
            "dropout: {rates: [0.5]}\ntraining: {epochs: 2, batch_size: 20}\n"
        )
        assert dropsweep("run", "c.yaml", "-o", f"out{len(histories)}", "--no-plots").exit_code == 0
        (run,) = records(f"out{len(histories)}")
        histories.append((run["history"], run["val_accuracy"], run["test_accuracy"]))
    assert histories[0] == histories[1]


def test_cifar_10_as_arrays_gives_the_same_bits(sample: Path) -> None:
    """The genuine part, read from its archive and from a file of arrays."""
    archive = sample / "cifar-10-binary.tar.gz"
    there = datasets.open_prepared(prepare("cifar10", Path("data"), archive))
    np.savez(
        "my.npz", x=there.train_images, y=there.train_labels,
        x_test=there.test_images, y_test=there.test_labels,
    )  # fmt: skip
    text = "model: {hidden_sizes: [8]}\ndropout: {rates: [0.5]}\ntraining: {epochs: 1}\n"
    found: list[Any] = []
    for which in (f"path: {archive}", "name: arrays, path: my.npz"):
        Path("c.yaml").write_text(f"dataset: {{{which}, test_size: 100}}\n{text}")
        out = f"out{len(found)}"
        assert dropsweep("run", "c.yaml", "-o", out, "--no-plots").exit_code == 0
        (run,) = records(out)
        found.append((run["history"], run["val_accuracy"], run["test_accuracy"]))
    assert found[0] == found[1]


def test_floats_are_standardized_as_numpy_does_it() -> None:
    """Also where values are far from 0, never change, or only change in the validation rows."""
    rng = np.random.default_rng(0)
    x = rng.normal(1e6, 3, size=(100, 4))
    x[:, 1] = 7.1
    x[:80, 2] = -0.3
    np.savez("my.npz", x=x, y=np.arange(100) % 2)
    text = SMALL.replace("images: drawn", "preprocessing: standardize").replace("12", "0")
    Path("c.yaml").write_text(text)
    folder = prepare("arrays", Path("data"), Path("my.npz"))
    facts = datasets.facts("arrays", folder, Path("my.npz"))
    (spec, _) = config.plan(
        config.load("c.yaml"), facts.identity, facts.train_images, facts.test_images,
        facts.content, facts.rows,
    )  # fmt: skip
    from dropsweep.training.images import split

    for dtype, tolerance in (("float64", 1e-9), ("float32", 1e-6)):
        made = split(datasets.open_prepared(folder), spec.dataset, dtype, np.random.default_rng())
        pool, deviation = x[:80], x[:80].std(axis=0)
        expected = (x - pool.mean(axis=0)) / np.where(deviation < 1e-9, 1, deviation)
        for part, rows in ((made.train, expected[:40]), (made.val, expected[80:])):
            inputs = made.inputs(part)
            assert inputs.dtype == dtype
            np.testing.assert_allclose(inputs, rows, rtol=tolerance, atol=tolerance)
    record = train(replace(spec, seed=3), lambda *_: None, data=folder).record
    assert record.test_accuracy is None


def test_rows_are_drawn_by_class_shares() -> None:
    """A rare class is in every training and validation part as often as its share says."""
    from dropsweep.training.images import by_class_share

    labels = np.array([0] * 700 + [1] * 250 + [2] * 50)
    for seed in range(5):
        order = by_class_share(np.random.default_rng(seed).permutation(1000), labels)
        assert sorted(order) == list(range(1000))
        for count in (20, 100, 333, 1000):
            drawn = np.bincount(labels[order[:count]], minlength=3)
            np.testing.assert_allclose(drawn, count * np.array([0.7, 0.25, 0.05]), atol=1)


def test_held_out_rows_are_never_trained_on() -> None:
    """Whatever stands in the last rows, training and validation stay the same."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(90, 3)), np.arange(90) % 3
    histories = []
    for shift in (0, 50):
        x[-12:] += shift
        np.savez("my.npz", x=x, y=y)
        Path("c.yaml").write_text(SMALL)
        out = f"out{shift}"
        assert dropsweep("run", "c.yaml", "-o", out, "-j", "1", "--no-plots").exit_code == 0
        histories.append([run["history"] for run in records(out)])
    assert histories[0] == histories[1]


@pytest.mark.parametrize(
    ("labels", "change", "words"),
    [
        (np.arange(90) % 3, {}, None),
        (np.arange(90) % 3, {"train_size": 60}, "are more than the 90 rows"),
        (np.repeat([0, 1, 2], 30), {"images": "first", "test_size": 0}, "images: drawn"),
        (np.repeat([0, 1, 2], 30), {}, "have only one class"),
        (np.r_[np.arange(78) % 2, np.arange(12) % 3], {}, "a class is missing"),
        (np.arange(90) % 3, {"path": None}, "arrays needs dataset.path"),
        (np.arange(90) % 3, {"name": "cifar10"}, None),
    ],
)  # fmt: skip
def test_a_split_that_cannot_be_is_a_mistake_of_the_config(
    labels: NDArray[Any], change: dict[str, Any], words: str | None
) -> None:
    """Exit 2, at its line, before anything is trained; another kind of file is exit 3."""
    np.savez("my.npz", x=np.arange(270.0).reshape(90, 3), y=labels)
    Path("c.yaml").write_text(SMALL)
    sets = [
        word for key, value in change.items() for word in ("-s", f"dataset.{key}={value or 'null'}")
    ]
    sets = [each.replace("=null", "=0") if "size" in each else each for each in sets]
    result = dropsweep("run", "c.yaml", "-j", "1", "--no-plots", *sets)
    expected = Exit.USAGE if words else Exit.DATA if change else Exit.DONE
    assert result.exit_code == expected, result.output
    assert words is None or words in result.output
    assert words is None or not Path("results").exists()


def test_another_file_under_the_path_is_noticed() -> None:
    """The results' config.yaml names the data by their hash; a renamed file is the same data."""
    x, y = np.arange(270.0).reshape(90, 3), np.arange(90) % 3
    np.savez("my.npz", x=x, y=y)
    Path("c.yaml").write_text(SMALL)
    dropsweep("run", "c.yaml", "-j", "1", "--no-plots")
    np.savez("my.npz", x=x[::-1], y=y)
    result = dropsweep("run", "results/c/config.yaml", "-j", "1", "--no-plots")
    assert result.exit_code == Exit.DATA
    assert "the data changed" in result.output
    np.savez_compressed("other.npz", x=x, y=y)
    again = dropsweep("run", "c.yaml", "--dry-run", "-s", "dataset.path=other.npz")
    assert "0 of 2 runs" in again.output


@pytest.mark.parametrize(
    ("shape", "drawn"), [((90, 8, 8), True), ((90, 4, 4, 3), True), ((90, 48), False)]
)
def test_first_layers_are_drawn_of_pictures(shape: tuple[int, ...], drawn: bool) -> None:
    """Grey or coloured; rows of other numbers have no such figure."""
    x = np.random.default_rng(0).integers(256, size=shape, dtype=np.uint8)
    np.savez("my.npz", x=x, y=np.arange(90) % 3)
    Path("c.yaml").write_text(f"{SMALL}results: {{keep_parameters: true}}\n")
    assert dropsweep("run", "c.yaml", "-j", "1").exit_code == 0
    assert Path("results/c/plots/first_layer.png").exists() == drawn
    assert Path("results/c/plots/activations.png").exists()


def test_arrays_in_memory_are_run_from_python() -> None:
    """They are kept in the data directory under their hash, once."""
    import dropsweep as package

    x, y = np.arange(270.0).reshape(90, 3), np.array(["a", "b", "c"], object)[np.arange(90) % 3]
    given = {
        "name": "mine",
        "dataset": {"train_size": 40, "val_size": 20, "test_size": 12},
        "model": {"hidden_sizes": [6]},
        "dropout": {"rates": [0, 0.5]},
        "training": {"epochs": 1},
    }
    for _ in range(2):
        sweep = package.run(given, x=x, y=y, jobs=1, plots=False, quiet=True)
        assert len(sweep.runs()) == 2
    (kept,) = Path("data/arrays").iterdir()
    assert kept.name in sweep.answer


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"y": np.array([{}] * 90)}, "y holds Python objects"),
        ({"y": None}, "y not given; x has a row per example"),
        ({"x": None}, "x not given; x has a row per example"),
        ({"x": [[1.0, 2.0], [3.0]] * 45}, "x has rows of different lengths"),
        ({"y": np.arange(89)}, "x has 90 rows and y 89 labels; row 89"),
        ({"x": np.full((90, 3), np.nan)}, "x has the value nan in row 0"),
        ({"x_test": np.ones((4, 3))}, "x_test and y_test belong together"),
        ({"x": np.ones((90, 3), int), "y": np.ones(90)}, "2 mistakes in the given x and y"),
    ],
)
def test_mistakes_of_arrays_in_memory_name_no_file(arrays: dict[str, Any], words: str) -> None:
    """They are told of x and y, with a remedy for them, and no file is left of them."""
    import dropsweep as package

    given: dict[str, Any] = {"x": np.arange(270.0).reshape(90, 3), "y": np.arange(90) % 3} | arrays
    with pytest.raises(package.DataError) as raised:
        package.run({"dropout": {"rates": [0]}}, **given, quiet=True)
    assert words in str(raised.value)
    assert "in the given x and y (rows are counted from 0)" in raised.value.what
    assert raised.value.remedy == "Correct the arrays, and run it again."
    assert "npz" not in str(raised.value)
    assert not [each for each in Path("data").rglob("*") if each.is_file()]


def test_sizes_beyond_arrays_in_memory_are_mistakes_of_the_config() -> None:
    """Not of an override that the user did not write."""
    import dropsweep as package

    with pytest.raises(package.ConfigError) as raised:
        package.run(
            {"dropout": {"rates": [0]}},
            x=np.arange(270.0).reshape(90, 3),
            y=np.arange(90) % 3,
            quiet=True,
        )
    assert "  config: dataset.test_size: 1000 for testing" in str(raised.value)
    assert "are more than the 90 rows; lower them to 90 in all" in str(raised.value)
