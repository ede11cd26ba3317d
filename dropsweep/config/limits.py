"""Limits: more images than there are, a net too large for memory, a sweep that never ends."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeVar

from pydantic import ValidationError

from dropsweep import errors
from dropsweep.config.models import Config, Dataset, Dropout, Evaluation, Model, Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dropsweep.config.document import Document, KeyPath

MOST_PARAMETERS = 10**9
"""Of a net: some ten gigabytes while it is trained with Adam."""

MOST_RUNS = 10**6
"""Of a sweep: a year of training if a run takes half a minute."""

_INPUTS, _CLASSES = 3072, 10

S = TypeVar("S", bound=Section)


class Images(Protocol):
    """The numbers of images of a data set."""

    @property
    def train_images(self) -> int:
        """In its training batches, validation included."""

    @property
    def test_images(self) -> int:
        """In its test batch."""


def beyond_limits(document: Document, known: Mapping[str, Images]) -> list[errors.Mistake]:
    """Mistakes of those sections that are right in themselves.

    Parameters
    ----------
    known
        By ``dataset.name``; a set given as ``dataset.path`` is not among them.
    """
    mistakes = []
    dataset, model = _section(document, "dataset", Dataset), _section(document, "model", Model)
    if dataset is not None and dataset.path is None and dataset.name in known:
        mistakes += beyond_images(document, dataset, known[dataset.name])
    evaluation = _section(document, "evaluation", Evaluation)
    if dataset is not None and evaluation is not None:
        mistakes += _beyond_validation(document, dataset, evaluation)
    if model is not None:
        mistakes += _beyond_memory(document, model, _section(document, "dropout", Dropout))
    return mistakes


def too_many_runs(document: Document, config: Config) -> list[errors.Mistake]:
    """A sweep that would never end; it is counted before it is planned."""
    levels = config.dropout.rate_list or config.dropout.keep_probs or ()
    seeds = len(config.seed_list)
    runs = len(levels) * seeds * math.prod(map(len, config.grid.values()))
    if runs <= MOST_RUNS:
        return []
    largest: KeyPath = ("seeds",) if config.seeds != "auto" else ("decision", "max_seeds")
    if runs > seeds * MOST_RUNS:
        largest = ("grid",)
    return [document.value_place(largest).mistake(errors.too_many_runs(runs, MOST_RUNS))]


def beyond_images(document: Document, dataset: Dataset, images: Images) -> list[errors.Mistake]:
    """A split that asks for more images than there are."""
    sentences = {}
    train, val, test = dataset.train_size, dataset.val_size, dataset.test_size
    if train + val > images.train_images:
        sentences["train_size"] = errors.too_many_train_images(train, images.train_images, val)
    if test > images.test_images:
        sentences["test_size"] = errors.too_many_test_images(test, images.test_images)
    return [
        document.value_place(("dataset", key)).mistake(sentence)
        for key, sentence in sentences.items()
    ]


def _beyond_validation(
    document: Document, dataset: Dataset, evaluation: Evaluation
) -> list[errors.Mistake]:
    curve, val = evaluation.curve_images, dataset.val_size
    if curve is None or curve <= val:
        return []
    path = ("evaluation", "curve_images")
    sentence = errors.at_key(path, errors.too_many_curve_images(curve, val))
    return [document.value_place(path).mistake(sentence)]


def _beyond_memory(
    document: Document, model: Model, dropout: Dropout | None
) -> list[errors.Mistake]:
    key, sizes = "hidden_sizes", model.hidden_sizes or ()
    if model.kept_units is not None:
        least = _least_kept(dropout)
        widest = (min(kept / least, MOST_PARAMETERS) for kept in model.kept_units)  # never infinite
        key, sizes = "kept_units", tuple(map(round, widest))
    widths = (_INPUTS, *sizes, _CLASSES)
    parameters = sum((before + 1) * after for before, after in pairwise(widths))
    if parameters <= MOST_PARAMETERS:
        return []
    sentence = errors.too_many_parameters(parameters, MOST_PARAMETERS)
    path = ("model", key)
    return [document.value_place(path).mistake(errors.at_key(path, sentence))]


def _least_kept(dropout: Dropout | None) -> float:
    """The smallest keep probability, which makes the widest layers."""
    if dropout is None:
        return 1.0
    return min([*(1 - rate for rate in dropout.rate_list), *(dropout.keep_probs or ())])


def _section(document: Document, name: str, model: type[S]) -> S | None:
    """A section by itself; None where it has mistakes of its own."""
    data = document.data.get(name, {}) if isinstance(document.data, dict) else None
    try:
        return model.model_validate(data)
    except ValidationError:
        return None
