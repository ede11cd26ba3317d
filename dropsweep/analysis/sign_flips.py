"""Exact tests of paired differences: under the null hypothesis each one's sign is a fair coin."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

SIGNIFICANCE = 0.05
"""A corrected p at or below it is called more than noise."""

FEWEST_SEEDS = 6
"""Fewer paired seeds can show nothing: 2 of 2^5 sign patterns are more than `SIGNIFICANCE`."""

_ENUMERATED = 16
"""Up to so many seeds all 2^n sign patterns are counted."""

_DRAWN = 99_999
"""Beyond, so many are drawn, by the same seed always."""

_BLOCK = 2**20
"""Signs or statistics held in memory at once."""

_TIE = 1e-9
"""Statistics that differ by less are equal; a tie counts as larger."""


def sign_flip_p(images: Sequence[int]) -> float:
    """Two-sided p of paired differences in whole images, exact for any number of them.

    The share of the 2^n sign patterns whose sum is as far from 0 as the observed one. The
    distribution of the sum is built by convolution, one difference after another (Pagano and
    Tritchler 1983). Floating-point numbers hold it exactly up to 52 differences.
    """
    share = np.ones(1)  # share[k]: of the patterns whose positive terms sum to k
    for size in map(abs, images):
        longer = np.zeros(len(share) + size)
        longer[: len(share)] += share
        longer[size:] += share
        share = longer / 2
    total = len(share) - 1
    observed = abs(sum(images))
    return min(1.0, 2 * float(share[(total + observed + 1) // 2 :].sum())) if observed else 1.0


def joint_p(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Two-sided p of several comparisons, corrected for all of them: step-down max-T.

    One flip turns all of a seed's differences, so that what comparisons have in common is kept
    (Westfall and Young 1993). The statistic is |sum d| / sqrt(sum d^2), or 0 where every d is 0.

    Parameters
    ----------
    differences
        Seeds x comparisons, in whole images; NaN where a seed has no such pair.
    """
    d, size = _paired(differences.T)
    d = d / size[:, None]
    observed = np.abs(d.sum(axis=1))
    order = np.argsort(observed, kind="stable")
    observed, d = observed[order], d[order]
    larger = np.zeros(len(d))
    for signs in _sign_blocks(d):
        # the most extreme of each comparison and those that are less extreme than it
        most = d @ signs
        np.maximum.accumulate(np.abs(most, out=most), out=most)
        larger += np.count_nonzero(most >= observed[:, None] - _TIE, axis=1)
    p = np.empty(len(d))
    p[order] = np.maximum.accumulate(_shares(larger, d.shape[1])[::-1])[::-1]
    return p


def better_p(right: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each rate the one-sided p that another is better, corrected for all others: max-T.

    Parameters
    ----------
    right
        Seeds x rates, validation images right; NaN where a run is missing.
    """
    rates = right.shape[1]
    others = ~np.eye(rates, dtype=bool)
    minus = (right.T[None, :] - right.T[:, None])[others]  # rate by rate: the others minus it
    d, size = _paired(minus)
    observed = (d.sum(axis=1) / size).reshape(rates, -1).max(axis=1)
    # sums are whole images: one is as extreme from the next whole number on
    enough = np.ceil((observed.repeat(rates - 1) - _TIE) * size)
    if np.abs(d).sum(axis=1).max(initial=0) < 2**24:  # held exactly, at half the cost
        d, enough = d.astype(np.float32), enough.astype(np.float32)
    larger = np.zeros(rates)
    for signs in _sign_blocks(d):
        extreme = (d @ signs >= enough[:, None]).reshape(rates, rates - 1, -1).any(axis=1)
        larger += np.count_nonzero(extreme, axis=1)
    return _shares(larger, d.shape[1])


def smallest_p(seeds: int) -> float:
    """The smallest corrected p that so many paired seeds can give, for any number of comparisons.

    Two of all sign patterns are the most extreme; beyond 16 seeds, one of those drawn.
    """
    return min(1.0, 2.0 ** (1 - seeds)) if seeds <= _ENUMERATED else 1 / (_DRAWN + 1)


def _paired(differences: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Rows of differences, 0 for a missing pair, and the root of their squares, 1 where it is 0.

    Seeds without any pair are left out.
    """
    d = np.nan_to_num(differences[:, ~np.isnan(differences).all(axis=0)])
    size = np.sqrt((d**2).sum(axis=1))
    return d, np.where(size == 0, 1, size)


def _sign_blocks(d: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """The sign patterns of the seeds of ``d``, of its type, in blocks that are held at once."""
    seeds = d.shape[1]
    patterns, width = _patterns(seeds), max(_BLOCK // max(len(d), seeds), 1)
    for start in range(0, len(patterns), width):
        block = patterns[start : start + width]
        bits = np.unpackbits(block, axis=1, count=seeds, bitorder="little")
        yield bits.T.astype(d.dtype) * 2 - 1


@functools.lru_cache(maxsize=1)
def _patterns(seeds: int) -> NDArray[np.uint8]:
    """One pattern per row, one bit per seed: every pattern, or those drawn."""
    if seeds <= _ENUMERATED:
        return np.arange(2**seeds, dtype="<u4").view(np.uint8).reshape(-1, 4)
    rng = np.random.default_rng(0)  # the same p from the same records, always
    return rng.integers(0, 256, (_DRAWN, -(-seeds // 8)), dtype=np.uint8)


def _shares(larger: NDArray[np.float64], seeds: int) -> NDArray[np.float64]:
    drawn = seeds > _ENUMERATED  # the observed pattern itself counts beside those drawn
    return np.asarray((larger + drawn) / (_DRAWN + 1 if drawn else 2**seeds))
