"""The mathematics: layers, nets, losses and optimizers, on numpy only.

What a config names, such as an optimizer, is found in the dictionary of its kind.
"""

from dropsweep.nn.activations import ACTIVATIONS
from dropsweep.nn.affine import Affine, InputAffine
from dropsweep.nn.batch_norm import BatchNorm
from dropsweep.nn.dropout import DROPOUT_KINDS, Amount, Dropout, DropRate, KeepProbability
from dropsweep.nn.gradient_check import numerical_gradient, relative_error
from dropsweep.nn.layer import Layer, RandomStream
from dropsweep.nn.loss import softmax, softmax_loss
from dropsweep.nn.network import Network, fully_connected
from dropsweep.nn.optimizers import OPTIMIZERS, Optimizer
from dropsweep.nn.regularizers import Penalty, bound_norms, l1, l2, penalize

__all__ = [
    "ACTIVATIONS",
    "DROPOUT_KINDS",
    "OPTIMIZERS",
    "Affine",
    "Amount",
    "BatchNorm",
    "DropRate",
    "Dropout",
    "InputAffine",
    "KeepProbability",
    "Layer",
    "Network",
    "Optimizer",
    "Penalty",
    "RandomStream",
    "bound_norms",
    "fully_connected",
    "l1",
    "l2",
    "numerical_gradient",
    "penalize",
    "relative_error",
    "softmax",
    "softmax_loss",
]
