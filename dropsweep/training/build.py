"""The net, the optimizer and the penalties that a spec names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    OPTIMIZERS,
    Dropout,
    DropRate,
    KeepProbability,
    fully_connected,
    l1,
    l2,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dropsweep.nn import Amount, Network, Optimizer, Penalty, RandomStream
    from dropsweep.records import DropoutSpec, ModelSpec, RunSpec, Schedule, TrainingSpec


def build_network(spec: RunSpec, input_size: int, random: RandomStream) -> Network:
    """The net before training.

    Dropout layers are left out where nothing is dropped anywhere, so that rate 0 costs nothing.
    With dropout on the input they stay even at rate 0: each rate then draws as many uniforms, and
    the masks of one seed stay paired.
    """
    kind, input_rate = DROPOUT_KINDS[spec.dropout.kind], spec.dropout.input_rate
    amounts = hidden_amounts(spec)
    dropped = input_rate or any(amount.rate for amount in amounts)
    return fully_connected(
        [input_size, *hidden_sizes(spec.model, amounts), spec.dataset.content.classes],
        weight_scale=spec.model.weight_scale,
        random=random,
        activation=ACTIVATIONS[spec.model.activation],
        dropout=[kind(amount) for amount in amounts] if dropped else None,
        input_dropout=kind(input_rate) if input_rate else None,
        batch_norm=spec.model.batch_norm,
        dtype=spec.model.dtype,
    )


def hidden_amounts(spec: RunSpec) -> list[Amount]:
    """The dropout of each hidden layer where the schedule uses all of it."""
    return [_amount(spec.dropout, factor) for factor in _layer_factors(spec)]


def schedule_dropout(network: Network, spec: RunSpec, epoch: int) -> None:
    """Give each hidden dropout layer its amount for the training of an epoch, counted from 0.

    Where it is 0 for a while the layers still draw their masks, so that all rates stay paired.
    """
    dropout = spec.dropout
    if dropout.schedule == "constant":
        return
    layers = [layer for layer in network.layers if isinstance(layer, Dropout)]  # none at rate 0
    factors = _layer_factors(spec)
    part = scheduled_part(dropout.schedule, dropout.schedule_epochs or 1, epoch)
    for layer, factor in zip(layers[-len(factors) :], factors, strict=False):
        layer.amount = _amount(dropout, factor * part)


def scheduled_part(schedule: Schedule, epochs: int, epoch: int) -> float:
    """The part of the rate that is used in an epoch, counted from 0.

    ``early`` drops only in the first ``epochs``, ``late`` only after them (Liu et al. 2023).
    ``decreasing`` falls in equal steps to 0 over them, ``increasing`` rises from 0 to the whole
    rate (Morerio et al. 2017, there by an exponential).
    """
    done = min(epoch / epochs, 1.0)
    parts = {
        "constant": 1.0,
        "early": float(epoch < epochs),
        "late": float(epoch >= epochs),
        "decreasing": 1 - done,
        "increasing": done,
    }
    return parts[schedule]


def _layer_factors(spec: RunSpec) -> tuple[float, ...]:
    sizes = spec.model.hidden_sizes or spec.model.kept_units or ()
    return spec.dropout.layer_factors or (1.0,) * len(sizes)


def _amount(dropout: DropoutSpec, part: float) -> Amount:
    """A part of the rate, in the convention it was given in."""
    if dropout.keep_prob is None:
        return DropRate((dropout.rate or 0.0) * part)
    whole = dropout.keep_prob
    return KeepProbability(whole if part == 1 else 1 - part * (1 - whole))


def hidden_sizes(model: ModelSpec, amounts: Sequence[Amount]) -> tuple[int, ...]:
    """Units of each hidden layer; ``kept_units`` makes it wider as more are dropped."""
    if model.hidden_sizes is not None:
        return model.hidden_sizes
    kept_units = model.kept_units or ()
    return tuple(round(n / amount.keep) for n, amount in zip(kept_units, amounts, strict=True))


def build_optimizer(training: TrainingSpec) -> Optimizer:
    """The update rule, before its first step."""
    return OPTIMIZERS[training.optimizer](training.learning_rate)


def build_penalties(training: TrainingSpec) -> list[Penalty]:
    """The penalties on the weights whose strength is not 0."""
    strengths = [(l2, training.l2), (l1, training.l1)]
    return [penalty(strength) for penalty, strength in strengths if strength]
