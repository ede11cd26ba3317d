"""Sweeps of dropout rates on CIFAR-10: which rate to use, and how sure one can be."""

__version__ = "0.1.0"
