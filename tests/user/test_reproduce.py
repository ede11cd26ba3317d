"""The script that replays the published experiment."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
import reproduce_cs231n as script
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from dropsweep.datasets import open_prepared
from dropsweep.records import History
from tests.factories import prepare

if TYPE_CHECKING:
    from dropsweep.datasets import Dataset

SCRIPT = Path(script.__file__)
EPOCH, RUN = 5, 125  # iterations: 500 images in batches of 100, 25 epochs
COMPARED = 5  # epochs whose accuracies were published

Numbers = NDArray[Any]


class Images(NamedTuple):
    """Inputs of shape (N, 3072), float32, and labels."""

    x: Numbers
    y: Numbers


class Textbook:
    """The notebook's two-layer net, its Adam and its loop, written out once more.

    All randomness is NumPy's global stream, as there.
    """

    def __init__(self, drop: float) -> None:
        self.drop = drop
        w1 = np.random.randn(3072, 500) * 0.01  # noqa: NPY002 the stream that is replayed
        w2 = np.random.randn(500, 10) * 0.01  # noqa: NPY002
        start = (w1, np.zeros(500), w2, np.zeros(10))
        self.parameters: list[Numbers] = [each.astype(np.float32) for each in start]
        self.means: list[Numbers] = [np.zeros_like(each) for each in self.parameters]
        self.squares: list[Numbers] = [np.zeros_like(each) for each in self.parameters]
        self.first_batch: Numbers = np.empty(0)

    def loss(self, batch: Images) -> tuple[float, list[Numbers]]:
        """Training loss and gradients."""
        w1, b1, w2, b2 = self.parameters
        affine = batch.x @ w1 + b1
        hidden = np.maximum(affine, 0)
        mask: Numbers = np.ones(1, np.float32)
        if self.drop:
            mask = (np.random.rand(*hidden.shape) >= self.drop) / (1 - self.drop)  # noqa: NPY002
        dropped = (hidden * mask).astype(np.float32)
        scores = dropped @ w2 + b2
        shifted = scores - scores.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        rows = np.arange(len(batch.y))
        d_scores = np.exp(log_p)
        d_scores[rows, batch.y] -= 1
        d_scores /= len(batch.y)
        d_affine = ((d_scores @ w2.T) * mask * (affine > 0)).astype(np.float32)
        gradients = [batch.x.T @ d_affine, d_affine.sum(0), dropped.T @ d_scores, d_scores.sum(0)]
        return -float(log_p[rows, batch.y].mean()), gradients

    def adam(self, gradients: list[Numbers], t: int) -> None:
        """Step t, counted from 1."""
        for i, g in enumerate(gradients):
            self.means[i] = 0.9 * self.means[i] + 0.1 * g
            self.squares[i] = 0.999 * self.squares[i] + 0.001 * g**2
            mean, square = self.means[i] / (1 - 0.9**t), self.squares[i] / (1 - 0.999**t)
            self.parameters[i] = self.parameters[i] - 5e-4 * mean / (np.sqrt(square) + 1e-8)

    def accuracy(self, images: Images) -> float:
        """In test mode."""
        w1, b1, w2, b2 = self.parameters
        scores = np.maximum(images.x @ w1 + b1, 0) @ w2 + b2
        return float((scores.argmax(axis=1) == images.y).mean())

    def train(self, images: Images, val: Images, iterations: int) -> History:
        """Points as the notebook's solver measures them."""
        history, losses = [], []
        for t in range(1, iterations + 1):
            chosen = np.random.choice(len(images.y), 100)  # noqa: NPY002
            if t == 1:
                self.first_batch = chosen
            loss, gradients = self.loss(Images(images.x[chosen], images.y[chosen]))
            self.adam(gradients, t)
            losses.append(loss)
            if t == 1 or (t % EPOCH == 0 and t <= COMPARED * EPOCH):
                history.append((t // EPOCH, loss, self.accuracy(images), self.accuracy(val)))
        epochs, last_losses, train, val_accuracies = zip(*history, strict=True)
        return History(epochs, last_losses, train, val_accuracies)


@pytest.fixture(scope="module")
def dataset(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The sample, prepared."""
    archive = sample / "cifar-10-binary.tar.gz"
    return open_prepared(prepare("cifar10", tmp_path_factory.mktemp("data"), archive))


def textbook_run(dataset: Dataset) -> tuple[list[Textbook], list[History]]:
    """Both nets from one stream: the first to its end, the second as far as numbers go."""
    mean = dataset.train_images[:-1000].astype(float).mean(axis=0)
    train = Images(
        (dataset.train_images[:500] - mean).astype(np.float32), dataset.train_labels[:500]
    )
    val = Images(
        (dataset.train_images[-1000:] - mean).astype(np.float32), dataset.train_labels[-1000:]
    )
    before = np.random.get_state()  # noqa: NPY002
    np.random.seed(231)  # noqa: NPY002
    nets, histories = [], []
    with threadpool_limits(limits=1, user_api="blas"):  # the cores are shared with other tests
        for drop, iterations in ((0.0, RUN), (0.75, COMPARED * EPOCH)):
            nets.append(Textbook(drop))
            histories.append(nets[-1].train(train, val, iterations))
    np.random.set_state(before)  # noqa: NPY002
    return nets, histories


def test_the_replay_is_the_notebooks(dataset: Dataset) -> None:
    """Losses and accuracies of both nets agree with the textbook's on one global stream.

    The first batch is the published one, which fixes what was drawn before it.
    """
    nets, expected = textbook_run(dataset)
    assert list(nets[0].first_batch[:8]) == [116, 368, 310, 253, 109, 395, 14, 129]
    assert nets[0].first_batch.sum() == 26853
    for history, textbook in zip(script.replay(dataset), expected, strict=True):
        assert history.train_loss[0] == pytest.approx(
            textbook.train_loss[0], rel=script.LOSS_TOLERANCE
        )
        for found, there in (
            (history.train_accuracy, textbook.train_accuracy),
            (history.val_accuracy, textbook.val_accuracy),
        ):
            assert found[: COMPARED + 1] == pytest.approx(there, abs=script.ACCURACY_TOLERANCE)


def published_history(published: script.Published) -> History:
    """A run that found exactly what was printed."""
    epochs = tuple(range(6))
    nothing = (0.5, 0.5)
    pairs = [published.accuracies.get(epoch, nothing) for epoch in epochs]
    train, val = zip(*pairs, strict=True)
    return History(epochs, (published.first_loss,) * 6, train, val)


def test_the_published_numbers_pass() -> None:
    """Seven checks a net, each of its own number, all of them ok."""
    for published in script.PUBLISHED:
        checks = script.compare(published_history(published), published)
        assert len(checks) == 7
        assert all(check.ok and check.off == 0 for check in checks)


@pytest.mark.parametrize(
    ("field", "at", "factor", "what"),
    [
        ("train_loss", 0, 1 + 4e-6, "first loss"),
        ("train_accuracy", 1, 0.99, "train accuracy, epoch 1"),
        ("val_accuracy", 5, 1.01, "val accuracy, epoch 5"),
    ],
)
def test_a_number_that_is_off_is_told(field: str, at: int, factor: float, what: str) -> None:
    """Beyond its tolerance a number fails, alone, with the size of its difference."""
    published = script.PUBLISHED[0]
    history = published_history(published)
    values = list(getattr(history, field))
    values[at] *= factor
    checks = script.compare(replace(history, **{field: tuple(values)}), published)
    (off,) = [check for check in checks if not check.ok]
    assert off.what == what
    table = script.as_table(checks, comparable=True)
    assert [row[-1] for row in table.rows].count("OFF") == 1


def test_other_data_have_nothing_to_compare_with(sample: Path, data_dir: Path) -> None:
    """Both nets are trained, the script says why it compares nothing, and ends with 0."""
    result = subprocess.run(
        [
            sys.executable, SCRIPT, "--offline", "--data-dir", data_dir,
            "--path", sample / "cifar-10-python.tar.gz",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "published numbers do not apply" in result.stdout
    assert result.stdout.count("first loss") == 2
    assert "7.856643" not in result.stdout


def test_missing_data_end_in_their_exit_code(tmp_path: Path) -> None:
    """Without data and network: exit 3, and no traceback."""
    result = subprocess.run(
        [sys.executable, SCRIPT, "--offline", "--data-dir", tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 3
    assert result.stderr.startswith("Error: ")
    assert "Traceback" not in result.stderr
