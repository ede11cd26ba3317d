"""A killed run goes on where it was, with the same bits."""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dropsweep.training import Solution, Streams, solve
from dropsweep.training.session import LAYOUT, load, save
from tests.unit.training.tiny import spec, split

if TYPE_CHECKING:
    from pathlib import Path

    from dropsweep.records import RunSpec
    from dropsweep.training.session import Checkpoint, Session


class KilledError(Exception):
    """Stands for kill -9."""


def train_until(run: RunSpec, epoch: int, path: Path) -> None:
    """Train with a checkpoint at every epoch, and be killed after one of them."""
    epochs = iter(range(1, epoch + 1))

    def keep(session: Session) -> None:
        save(path, session.checkpoint())
        if next(epochs) == epoch:
            raise KilledError

    with pytest.raises(KilledError):
        solve(run, split(), Streams.of_seed(run.seed), lambda _: None, on_epoch=keep)


def train(run: RunSpec, start: Checkpoint | None = None) -> Solution:
    """Train to the end."""
    return solve(run, split(), Streams.of_seed(run.seed), lambda _: None, start=start)


@pytest.mark.parametrize("epoch", [1, 4, 7])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"training_sampling": "shuffle", "training_learning_rate_decay": 0.9},
        {"training_optimizer": "momentum", "model_batch_norm": True, "dropout_kind": "gaussian"},
        {"training_optimizer": "sgd", "training_max_norm": 1.0, "dropout_input_rate": 0.1},
        {"training_optimizer": "rmsprop", "evaluation_monte_carlo_samples": (3,)},
        {"training_batch_size": 40, "model_dtype": "float64"},
        {"dropout_schedule": "decreasing", "dropout_schedule_epochs": 6, "dropout_kind": "vanilla"},
        {"evaluation_every": 3, "evaluation_curve_images": 5},
    ],
    ids=lambda changes: "-".join(str(value) for value in changes.values()) or "plain",
)
def test_resumed_runs_are_equal_to_the_last_bit(
    tmp_path: Path, changes: dict[str, Any], epoch: int
) -> None:
    """History, best epoch, test accuracy and parameters are those of a run that was not killed."""
    run, path = spec(training_epochs=8, **changes), tmp_path / "state.npz"
    train_until(run, epoch, path)
    resumed, straight = train(run, load(path)), train(run)
    assert replace(resumed, state={}) == replace(straight, state={})
    for name, value in straight.state.items():
        np.testing.assert_array_equal(resumed.state[name], value)


def test_resuming_does_not_train_again_what_was_trained(tmp_path: Path) -> None:
    """Only the epochs after the checkpoint are told."""
    run, path = spec(training_epochs=8), tmp_path / "state.npz"
    train_until(run, 5, path)
    told: list[int] = []
    solve(
        run, split(), Streams.of_seed(0), lambda point: told.append(point.epoch), start=load(path)
    )
    assert told == [6, 7, 8]


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut", b"not a checkpoint"])
def test_without_a_usable_file_a_run_begins_anew(tmp_path: Path, content: bytes | None) -> None:
    """A damaged checkpoint is as good as none."""
    path = tmp_path / "state.npz"
    if content is not None:
        path.write_bytes(content)
    assert load(path) is None


def test_a_cut_file_is_no_checkpoint(tmp_path: Path) -> None:
    """Nor is one of another layout, or one that lacks a part."""
    path = tmp_path / "state.npz"
    train_until(spec(), 1, path)
    whole = path.read_bytes()
    assert load(path) is not None
    path.write_bytes(whole[: len(whole) // 2])
    assert load(path) is None
    for rest in ('{"layout": 99}', f'{{"layout": {LAYOUT}}}'):
        np.savez(path, rest=np.array(rest))
        assert load(path) is None


def test_no_damage_is_an_error(tmp_path: Path) -> None:
    """Whatever bytes have changed: the same state, or none."""
    path, random = tmp_path / "state.npz", np.random.default_rng(0)
    train_until(spec(), 1, path)
    whole, right = path.read_bytes(), load(path)
    assert right is not None
    usable = 0
    for _ in range(300):
        raw = bytearray(whole)
        for at in random.integers(0, len(raw), 3):
            raw[at] ^= 1 << int(random.integers(8))
        path.write_bytes(raw)
        found = load(path)
        if found is not None:
            usable += 1
            assert found.rest == right.rest
            for name, array in right.arrays.items():
                np.testing.assert_array_equal(found.arrays[name], array)
    assert usable < 10  # a bit of a date in the archive may change nothing


def draws(seed: int) -> list[float]:
    """The first number of each stream."""
    return [float(stream.random()) for stream in astuple(Streams.of_seed(seed))]


def test_streams_are_a_function_of_the_seed() -> None:
    """The same seed gives the same streams, and another seed others."""
    assert draws(3) == draws(3)
    assert set(draws(3)).isdisjoint(draws(4))


def test_purposes_do_not_share_a_stream() -> None:
    """Each purpose draws other numbers."""
    assert len(set(draws(0))) == 5


def test_streams_are_numpys_spawned_children() -> None:
    """They are what ``SeedSequence(seed).spawn`` gives, in the order of their fields."""
    children = np.random.SeedSequence(5).spawn(5)
    assert draws(5) == [np.random.default_rng(child).random() for child in children]
