"""The mathematics: layers, nets, losses and optimizers, on numpy only."""

from dropsweep.nn.activations import ACTIVATIONS, Relu, Sigmoid, Tanh
from dropsweep.nn.affine import Affine, InputAffine
from dropsweep.nn.batch_norm import BatchNorm
from dropsweep.nn.dropout import (
    DROPOUT_KINDS,
    Amount,
    BinomialDropout,
    Dropout,
    DropRate,
    GaussianDropout,
    InvertedDropout,
    KeepProbability,
    SharedDropout,
    VanillaDropout,
)
from dropsweep.nn.gradient_check import numerical_gradient, relative_error
from dropsweep.nn.layer import Layer, Product, RandomStream
from dropsweep.nn.loss import softmax, softmax_loss
from dropsweep.nn.network import Network, fully_connected
from dropsweep.nn.optimizers import OPTIMIZERS, Adam, Momentum, Optimizer, RmsProp, Sgd
from dropsweep.nn.regularizers import Penalty, bound_norms, l1, l2, penalize

__all__ = [
    "ACTIVATIONS",
    "DROPOUT_KINDS",
    "OPTIMIZERS",
    "Adam",
    "Affine",
    "Amount",
    "BatchNorm",
    "BinomialDropout",
    "DropRate",
    "Dropout",
    "GaussianDropout",
    "InputAffine",
    "InvertedDropout",
    "KeepProbability",
    "Layer",
    "Momentum",
    "Network",
    "Optimizer",
    "Penalty",
    "Product",
    "RandomStream",
    "Relu",
    "RmsProp",
    "Sgd",
    "SharedDropout",
    "Sigmoid",
    "Tanh",
    "VanillaDropout",
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
