"""Limits of data sets and computers are told with a config's other mistakes."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from dropsweep.config.limits import beyond_limits
from dropsweep.config.strict_yaml import parse
from dropsweep.records import ANY_ORDER, CIFAR10_CONTENT, Content, Rows


class Images(NamedTuple):
    """A data set of a few images."""

    train_images: int = 1500
    test_images: int = 1000
    content: Content = CIFAR10_CONTENT
    rows: Rows = ANY_ORDER


def _mistakes(text: str) -> list[str]:
    return [str(mistake) for mistake in beyond_limits(parse(text, "c"), {"synthetic": Images()})]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (
            "dataset: {name: synthetic, train_size: 501}",
            "c:1:40: dataset.train_size: 501 is be",
        ),
        (
            "dataset: {name: synthetic, test_size: 1001}",
            "c:1:39: dataset.test_size: 1001 is be",
        ),
        (
            "evaluation: {curve_images: 1001}",
            "c:1:28: evaluation.curve_images: 1001 is beyond dataset.val_size, 1000; lower it",
        ),
        ("model: {hidden_sizes: [324360]}", "c:1:23: model.hidden_sizes: makes a net of 1,000,001"),
        (
            "model: {kept_units: [3244]}\ndropout: {rates: [0, 0.99]}",
            "c:1:21: model.kept_units: makes a net of 1,000,12",
        ),
        (
            "model: {kept_units: [3244]}\ndropout: {keep_probs: [0.01]}",
            "c:1:21: model.kept_units: makes a net of 1,000,12",
        ),
        (
            "model: {kept_units: [3244]}\ndropout: {rates: [0, 0.5], layer_factors: [1.98]}",
            "c:1:21: model.kept_units: makes a net of 1,000,12",
        ),
        (
            "model: {hidden_sizes: [4, 4]}\ndropout: {rates: [0], layer_factors: [1]}",
            "c:2:38: dropout.layer_factors: 1 factor for 2 hidden layers",
        ),
        (
            "dropout: {rates: [0, 0.5], layer_factors: [2]}",
            "c:1:44: dropout.layer_factors[0]: 2.0 x the rate 0.5 is not below 1",
        ),
        (
            "dropout: {keep_probs: [0.5], layer_factors: [2.5]}",
            "c:1:46: dropout.layer_factors[0]: 2.5 x the rate 0.5 is not below 1",
        ),
        (
            "dropout: {rates: [0], schedule: late, schedule_epochs: 5}\ntraining: {epochs: 5}",
            "c:1:56: dropout.schedule_epochs: late drops only after 5 epochs",
        ),
    ],
)
def test_what_is_asked_in_vain(text: str, start: str) -> None:
    """Each at its place, whatever else the config lacks."""
    (mistake,) = _mistakes(text)
    assert mistake.startswith(start)


@pytest.mark.parametrize(
    "text",
    [
        "dataset: {name: synthetic, train_size: 500}",
        "dataset: {path: own.tar.gz, train_size: 100000}",
        "dataset: {name: synthetic, train_size: many}",
        "model: {hidden_sizes: [300000]}",
        "dataset: {val_size: 20}\nevaluation: {curve_images: 20, every: 1000}",
        "model: {kept_units: [3000]}",
        "model: {hidden_sizes: [4, 4]}\ndropout: {rates: [0.5], layer_factors: [1.9, 0]}",
        "dropout: {rates: [0], schedule: late, schedule_epochs: 4}\ntraining: {epochs: 5}",
        "dataset: {name: arrays, path: a.npz, train_size: 9}\nmodel: {hidden_sizes: [400000]}",
    ],
)
def test_what_can_be_had(text: str) -> None:
    """The last image and the last parameter can be used; other mistakes are told elsewhere."""
    assert _mistakes(text) == []
