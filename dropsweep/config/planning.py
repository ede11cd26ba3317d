"""The runs of a config, once its data are known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dropsweep import errors
from dropsweep.config.grid import setting_documents, settings
from dropsweep.config.limits import beyond_data
from dropsweep.records import (
    ALGORITHM,
    ANY_ORDER,
    CIFAR10_CONTENT,
    Content,
    DatasetSpec,
    DropoutSpec,
    EvaluationSpec,
    ModelSpec,
    ResultsSpec,
    Rows,
    RunSpec,
    TrainingSpec,
)

if TYPE_CHECKING:
    from dropsweep.config.models import Config, Dropout
    from dropsweep.config.reading import Loaded


def plan(  # noqa: PLR0917 - identity and numbers say what they are
    loaded: Loaded,
    identity: str,
    train_images: int,
    test_images: int | None,
    content: Content = CIFAR10_CONTENT,
    rows: Rows = ANY_ORDER,
) -> list[RunSpec]:
    """One run per seed, combination of the grid and rate, in this order and the config's.

    The numbers are those of the data at hand, as `limits.Images` has them. A `ConfigError` if the
    split asks for more images than there are, or a class is not in it; a `DataError` if the config
    says which data it must be, and it is another.
    """
    expected = loaded.config.dataset.identity
    if expected is not None and expected != identity:
        raise errors.data_changed(loaded.config.dataset.path, expected, identity)
    images = _Counted(train_images, test_images, content, rows)
    documents = setting_documents(loaded.document, loaded.config.grid)
    mistakes = [
        mistake
        for document, setting in zip(documents, settings(loaded.config), strict=True)
        for mistake in beyond_data(document, setting, images)
    ]
    if mistakes:
        raise errors.config_mistakes(list(dict.fromkeys(mistakes)))
    return specs(loaded.config, identity, content)


class _Counted(NamedTuple):
    train_images: int
    test_images: int | None
    content: Content
    rows: Rows


def specs(config: Config, identity: str, content: Content = CIFAR10_CONTENT) -> list[RunSpec]:
    """The runs of a config that is known to fit its data, seed by seed.

    A sweep that is stopped anywhere has compared all rates. With ``seeds: auto`` these are all runs
    that may be asked for, up to ``decision.max_seeds``.
    """
    first = [
        spec for setting in settings(config) for spec in _setting_specs(setting, identity, content)
    ]
    return [replace(spec, seed=seed) for seed in config.seed_list for spec in first]


def _setting_specs(config: Config, identity: str, content: Content) -> list[RunSpec]:
    split = config.dataset.model_dump(exclude={"name", "path", "identity"})
    dataset = DatasetSpec(identity=identity, content=content, **split)
    model = ModelSpec(**config.model.model_dump())
    training = TrainingSpec(**config.training.model_dump())
    evaluation = EvaluationSpec(**config.evaluation.model_dump())
    results = ResultsSpec(**config.results.model_dump())
    return [
        RunSpec(dataset, model, dropout, training, evaluation, 0, ALGORITHM, results)
        for dropout in _levels(config.dropout)
    ]


def _levels(section: Dropout) -> list[DropoutSpec]:
    """One spec per rate, or per keep probability: the number is kept as it was given."""
    common = section.model_dump(exclude={"rates", "keep_probs"})
    if section.schedule == "constant":  # in a grid it stands beside schedules that have epochs
        common["schedule_epochs"] = None
    return [
        *(DropoutSpec(rate=rate, keep_prob=None, **common) for rate in section.rate_list),
        *(DropoutSpec(rate=None, keep_prob=keep, **common) for keep in section.keep_probs or ()),
    ]
