"""Generated images in CIFAR-10's shape, for a first sweep without a download.

An image is one of its class's three templates, shifted, over a background of its own and pixel
noise. A net memorizes 500 of them, and dropout then visibly helps on the others.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dropsweep.datasets.dataset import CLASSES, PIXELS, Batch, Bytes
from dropsweep.datasets.official import KNOWN

TRAIN_SIZE, TEST_SIZE = KNOWN["synthetic"].train_images, KNOWN["synthetic"].test_images or 0

_VERSION = 1  # the number in SYNTHETIC_IDENTITY: raise both if one pixel changes
_TRAIN, _TEST, _TEMPLATES = range(3)  # spawn keys

_TEMPLATES_PER_CLASS = 3
_SIDE = 32
_HIGHEST_FREQUENCY = 3  # periods per image side
_MAX_SHIFT = 6  # pixels
_SIGNAL, _BACKGROUND, _NOISE = 35.0, 30.0, 35.0  # standard deviations in grey levels
_MID_GREY = 127.5

_Array = npt.NDArray[np.float64]


def generate() -> tuple[Batch, Batch]:
    """The training and the test images, always the same."""
    return generate_batch(_TRAIN, TRAIN_SIZE), generate_batch(_TEST, TEST_SIZE)


def generate_batch(split: int, size: int) -> Batch:
    """The first ``size`` images of a split (0 training, 1 test), each from its own index."""
    waves = _waves()
    templates = _fields(_rng(_TEMPLATES), waves, CLASSES * _TEMPLATES_PER_CLASS)
    images = np.empty((size, PIXELS), np.uint8)
    labels = np.empty(size, np.uint8)
    for index in range(size):
        rng = _rng(split, index)
        kind = int(rng.integers(len(templates)))
        labels[index] = kind // _TEMPLATES_PER_CLASS
        images[index] = _image(rng, waves, templates[kind])
    return Batch(images, labels)


def _image(rng: np.random.Generator, waves: _Array, template: _Array) -> Bytes:
    """One image of a template of shape (3, 32, 32); shape (3072,)."""
    shift = rng.integers(-_MAX_SHIFT, _MAX_SHIFT, size=2, endpoint=True)
    signal = np.roll(template, shift, axis=(1, 2))  # the waves are periodic: no seam
    background = _fields(rng, waves, 1)[0]
    noise = rng.standard_normal(signal.shape)
    pixels = _MID_GREY + _SIGNAL * signal + _BACKGROUND * background + _NOISE * noise
    image: Bytes = np.clip(np.rint(pixels), 0, 255).astype(np.uint8)
    return image.reshape(PIXELS)


def _fields(rng: np.random.Generator, waves: _Array, count: int) -> _Array:
    """Smooth random colour fields of variance 1; shape (count, 3, 32, 32)."""
    weights = rng.standard_normal((count * 3, len(waves)))
    return (weights @ waves).reshape(count, 3, _SIDE, _SIDE)


def _waves() -> _Array:
    """Cosines and sines of low frequency, their squares summing to 1; shape (K, 1024)."""
    frequencies = range(_HIGHEST_FREQUENCY + 1)
    y, x = np.array(np.divmod(np.arange(_SIDE**2), _SIDE)) * (2 * np.pi / _SIDE)
    angles = np.array([v * y + u * x for v in frequencies for u in frequencies if u or v])
    waves: _Array = np.concatenate([np.cos(angles), np.sin(angles)]) / np.sqrt(len(angles))
    return waves


def _rng(*key: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(_VERSION, spawn_key=key))
