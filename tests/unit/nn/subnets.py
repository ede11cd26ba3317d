"""All subnets that dropout samples from, and how often each is drawn."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np


def all_masks(units: int) -> Any:
    """Every way to keep (true) or drop units, shape (2^units, units)."""
    return np.array(list(itertools.product([False, True], repeat=units)))


def probability(masks: Any, rate: float) -> Any:
    """q^kept r^dropped of each row."""
    return np.where(masks, 1 - rate, rate).prod(axis=1)
