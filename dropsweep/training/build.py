"""The net, the optimizer and the penalties that a spec names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    OPTIMIZERS,
    DropRate,
    KeepProbability,
    fully_connected,
    l1,
    l2,
)

if TYPE_CHECKING:
    from dropsweep.nn import Amount, Network, Optimizer, Penalty, RandomStream
    from dropsweep.records import DropoutSpec, ModelSpec, RunSpec, TrainingSpec

CLASSES = 10


def build_network(spec: RunSpec, input_size: int, random: RandomStream) -> Network:
    """The net before training.

    Dropout layers are left out where nothing is dropped anywhere, so that rate 0 costs nothing.
    With dropout on the input they stay even at rate 0: each rate then draws as many uniforms, and
    the masks of one seed stay paired.
    """
    amount, input_rate = amount_of(spec.dropout), spec.dropout.input_rate
    kind = DROPOUT_KINDS[spec.dropout.kind]
    return fully_connected(
        [input_size, *hidden_sizes(spec.model, amount), CLASSES],
        weight_scale=spec.model.weight_scale,
        random=random,
        activation=ACTIVATIONS[spec.model.activation],
        dropout=kind(amount) if amount.rate or input_rate else None,
        input_dropout=kind(input_rate) if input_rate else None,
        batch_norm=spec.model.batch_norm,
        dtype=spec.model.dtype,
    )


def amount_of(dropout: DropoutSpec) -> Amount:
    """The dropout of hidden units, in the convention it was given in."""
    if dropout.keep_prob is not None:
        return KeepProbability(dropout.keep_prob)
    return DropRate(dropout.rate or 0.0)


def hidden_sizes(model: ModelSpec, amount: Amount) -> tuple[int, ...]:
    """Units of each hidden layer; ``kept_units`` makes it wider as more are dropped."""
    if model.hidden_sizes is not None:
        return model.hidden_sizes
    return tuple(round(kept / amount.keep) for kept in model.kept_units or ())


def build_optimizer(training: TrainingSpec) -> Optimizer:
    """The update rule, before its first step."""
    return OPTIMIZERS[training.optimizer](training.learning_rate)


def build_penalties(training: TrainingSpec) -> list[Penalty]:
    """The penalties on the weights whose strength is not 0."""
    strengths = [(l2, training.l2), (l1, training.l1)]
    return [penalty(strength) for penalty, strength in strengths if strength]
