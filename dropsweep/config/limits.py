"""Limits: more images than there are, a net too large for memory, a sweep that never ends."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeVar

from pydantic import ValidationError

from dropsweep import errors
from dropsweep.config.models import (
    Config,
    Dataset,
    Dropout,
    Evaluation,
    Model,
    Section,
    Training,
)
from dropsweep.records import CIFAR10_CONTENT, Content, complement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dropsweep.config.document import Document, KeyPath
    from dropsweep.records import Rows

MOST_PARAMETERS = 10**9
"""Of a net: some ten gigabytes while it is trained with Adam."""

MOST_RUNS = 10**6
"""Of a sweep: a year of training if a run takes half a minute."""

_LEAST = Content((1,), 2)
"""Inputs and classes of data that nobody has counted."""

S = TypeVar("S", bound=Section)


class Images(Protocol):
    """The images of a data set, as far as they are a limit."""

    @property
    def train_images(self) -> int:
        """In its training batches, validation included."""

    @property
    def test_images(self) -> int | None:
        """In its test batch; None where they are cut off the end of the others."""

    @property
    def content(self) -> Content:
        """Its inputs and classes."""

    @property
    def rows(self) -> Rows:
        """The order of its training images."""


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
        mistakes += _beyond_images(document, dataset, known[dataset.name])
    evaluation = _section(document, "evaluation", Evaluation)
    if dataset is not None and evaluation is not None:
        mistakes += _beyond_validation(document, dataset, evaluation)
    dropout = _section(document, "dropout", Dropout)
    training = _section(document, "training", Training)
    if model is not None:
        content = _LEAST if dataset is None or dataset.name == "arrays" else CIFAR10_CONTENT
        mistakes += _beyond_memory(document, model, dropout, content)
        if dropout is not None:
            mistakes += _beyond_layers(document, model, dropout)
    if dropout is not None and training is not None:
        mistakes += _beyond_training(document, dropout, training)
    return mistakes


def without_effect(document: Document, config: Config) -> list[errors.Mistake]:
    """A key that is given and never used, neither by the config nor by its grid."""
    dropout = config.dropout
    if dropout.schedule != "constant" or "dropout.schedule" in config.grid:
        return []
    axis: KeyPath = ("grid", "dropout.schedule_epochs")
    if any(each is not None for each in config.grid.get("dropout.schedule_epochs", ())):
        return [
            document.key_place(axis).mistake(errors.at_key(axis, errors.schedule_epochs_idle()))
        ]
    if dropout.schedule_epochs is None:
        return []
    return [_mistake(document, ("dropout", "schedule_epochs"), errors.schedule_epochs_idle())]


def beyond_data(document: Document, config: Config, images: Images) -> list[errors.Mistake]:
    """Mistakes of a setting that show once its data are there."""
    mistakes = _beyond_images(document, config.dataset, images)
    mistakes += _beyond_memory(document, config.model, config.dropout, images.content)
    return mistakes or _beyond_classes(document, config.dataset, images)


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


def _beyond_images(document: Document, dataset: Dataset, images: Images) -> list[errors.Mistake]:
    """A split that asks for more images than there are."""
    sentences = {}
    train, val, test = dataset.train_size, dataset.val_size, dataset.test_size
    if images.test_images is None and test:
        if train + val + test > images.train_images:
            sentence = errors.too_many_rows(test, images.train_images, train, val)
            sentences["test_size"] = errors.at_key(("dataset", "test_size"), sentence)
    elif train + val > images.train_images:
        sentences["train_size"] = errors.too_many_train_images(train, images.train_images, val)
    if images.test_images is not None and test > images.test_images:
        sentences["test_size"] = errors.too_many_test_images(test, images.test_images)
    return [
        document.value_place(("dataset", key)).mistake(sentence)
        for key, sentence in sentences.items()
    ]


def _beyond_classes(document: Document, dataset: Dataset, images: Images) -> list[errors.Mistake]:
    """A split whose training images lack a class, or whose test images have only one."""
    rows, pool, sentences = images.rows, images.train_images, {}
    if images.test_images is None and dataset.test_size:
        pool -= dataset.test_size
        if 1 < dataset.test_size < rows.varied_end:
            sentences["test_size"] = errors.test_of_one_class(dataset.test_size)
        elif pool < rows.complete:
            sentences["test_size"] = errors.class_not_before_end(dataset.test_size, rows.complete)
    if dataset.images == "first" and dataset.train_size < rows.complete <= pool:
        sentences["train_size"] = errors.class_not_in_first(dataset.train_size, rows.complete)
    return [_mistake(document, ("dataset", key), each) for key, each in sentences.items()]


def _beyond_validation(
    document: Document, dataset: Dataset, evaluation: Evaluation
) -> list[errors.Mistake]:
    curve, val = evaluation.curve_images, dataset.val_size
    if curve is None or curve <= val:
        return []
    sentence = errors.too_many_curve_images(curve, val)
    return [_mistake(document, ("evaluation", "curve_images"), sentence)]


def _beyond_layers(document: Document, model: Model, dropout: Dropout) -> list[errors.Mistake]:
    """Factors that are not those of the layers, or that make a rate of 1 or more."""
    factors, layers = dropout.layer_factors, len(model.hidden_sizes or model.kept_units or ())
    path: KeyPath = ("dropout", "layer_factors")
    if factors is None:
        return []
    if len(factors) != layers:
        return [_mistake(document, path, errors.factors_miscounted(len(factors), layers))]
    highest = max(_rates(dropout))
    return [
        _mistake(document, (*path, at), errors.factor_too_large(factor, highest))
        for at, factor in enumerate(factors)
        if factor * highest >= 1
    ]


def _beyond_training(
    document: Document, dropout: Dropout, training: Training
) -> list[errors.Mistake]:
    begins = dropout.schedule_epochs or 0
    if dropout.schedule != "late" or begins < training.epochs:
        return []
    sentence = errors.schedule_never_begins(begins, training.epochs)
    return [_mistake(document, ("dropout", "schedule_epochs"), sentence)]


def _beyond_memory(
    document: Document, model: Model, dropout: Dropout | None, content: Content
) -> list[errors.Mistake]:
    key, sizes = "hidden_sizes", model.hidden_sizes or ()
    if model.kept_units is not None:
        kept = _least_kept(dropout, len(model.kept_units))
        widest = (  # never infinite
            min(units / least, MOST_PARAMETERS) if least > 0 else 0
            for units, least in zip(model.kept_units, kept, strict=False)
        )
        key, sizes = "kept_units", tuple(map(round, widest))
    widths = (content.inputs, *sizes, content.classes)
    parameters = sum((before + 1) * after for before, after in pairwise(widths))
    if parameters <= MOST_PARAMETERS:
        return []
    sentence = errors.too_many_parameters(parameters, MOST_PARAMETERS)
    return [_mistake(document, ("model", key), sentence)]


def _least_kept(dropout: Dropout | None, layers: int) -> list[float]:
    """The smallest keep probability of each layer, which makes it widest."""
    if dropout is None:
        return [1.0] * layers
    least = min(dropout.keep_probs or [complement(rate) for rate in dropout.rate_list])
    return [
        least if factor == 1 else 1 - (1 - least) * factor
        for factor in dropout.layer_factors or (1.0,) * layers
    ]


def _rates(dropout: Dropout) -> Sequence[float]:
    return dropout.rate_list or [complement(keep) for keep in dropout.keep_probs or ()]


def _mistake(document: Document, path: KeyPath, sentence: str) -> errors.Mistake:
    return document.value_place(path).mistake(errors.at_key(path, sentence))


def _section(document: Document, name: str, model: type[S]) -> S | None:
    """A section by itself; None where it has mistakes of its own."""
    data = document.data.get(name, {}) if isinstance(document.data, dict) else None
    try:
        return model.model_validate(data)
    except ValidationError:
        return None
