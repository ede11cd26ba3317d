"""The mathematics: layers, nets, losses and optimizers, on numpy alone."""

from dropsweep.nn.activations import Relu
from dropsweep.nn.affine import Affine, InputAffine
from dropsweep.nn.dropout import InvertedDropout
from dropsweep.nn.gradient_check import numerical_gradient, relative_error
from dropsweep.nn.layer import Layer, RandomStream
from dropsweep.nn.network import Network, fully_connected
from dropsweep.nn.optimizers import Adam
from dropsweep.nn.softmax import softmax_loss

__all__ = [
    "Adam",
    "Affine",
    "InputAffine",
    "InvertedDropout",
    "Layer",
    "Network",
    "RandomStream",
    "Relu",
    "fully_connected",
    "numerical_gradient",
    "relative_error",
    "softmax_loss",
]
