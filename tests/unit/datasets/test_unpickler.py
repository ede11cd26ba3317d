"""Pickled batches are read as NumPy would, and nothing in them is run."""

from __future__ import annotations

import os
import pickle
import tracemalloc
import warnings
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropsweep.datasets.unpickler import Refused, read_pickled_batch
from tests.unit.datasets.tiny import PER_BATCH, TinySet, python2_pickle, tiny_set

if TYPE_CHECKING:
    from pathlib import Path

GENUINE = python2_pickle(tiny_set().batches[0])


class _Command:
    """Pickles into a call of ``os.mkdir``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.folder),)


def test_a_batch_reads_as_numpy_itself_reads_it() -> None:
    """Images and labels equal those of an unrestricted unpickling, without NumPy's warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = pickle.loads(GENUINE, encoding="bytes")
    batch = read_pickled_batch(GENUINE)
    np.testing.assert_array_equal(batch.images, expected[b"data"])
    np.testing.assert_array_equal(batch.labels, expected[b"labels"])


def test_arrays_in_column_order_are_read_too(tiny: TinySet) -> None:
    """An array that was pickled column by column has its pixels in the right places."""
    images = tiny.batches[0].images
    content = {b"data": np.asfortranarray(images), b"labels": [1, 2, 3]}
    batch = read_pickled_batch(pickle.dumps(content, protocol=3))
    np.testing.assert_array_equal(batch.images, images)


def test_code_in_a_pickle_is_not_run(tmp_path: Path) -> None:
    """A pickle that calls a function is refused by that function's name, and not obeyed."""
    folder = tmp_path / "made"
    with pytest.raises(Refused, match="mkdir"):
        read_pickled_batch(pickle.dumps({b"data": _Command(folder)}, protocol=3))
    assert not folder.exists()


@pytest.mark.parametrize(
    "content",
    [
        [1, 2],
        {},
        {b"data": 1, b"labels": [1]},
        {b"data": np.zeros((2, 3072), np.uint8)},
        {b"data": np.zeros((2, 3072), np.uint8), b"labels": 5},
        {b"data": np.zeros((2, 3072), np.uint8), b"labels": [1, 256]},
        {b"data": np.zeros((2, 3072), np.uint8), b"labels": [1, "2"]},
        {b"data": np.zeros((2, 3071), np.uint8), b"labels": [1, 2]},
        {b"data": np.zeros(3072, np.uint8), b"labels": [1]},
        {b"data": np.zeros((2, 3072), np.int8), b"labels": [1, 2]},
        {b"data": np.zeros((2, 3072), object), b"labels": [1, 2]},
    ],
)
def test_a_pickle_that_is_no_batch_is_refused(content: object) -> None:
    """Other types, shapes and missing parts are refused, never half used."""
    with pytest.raises(Refused):
        read_pickled_batch(pickle.dumps(content, protocol=3))


def test_a_forged_memo_index_claims_no_memory() -> None:
    """A memo index of 16 million is not taken for a table of that many entries."""
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            read_pickled_batch(b"\x80\x02Nr\x00\x00\x00\x01.")
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@settings(max_examples=200, deadline=None)
@given(place=st.integers(0, len(GENUINE) - 1), value=st.integers(0, 255), cut=st.booleans())
def test_any_altered_pickle_is_a_batch_or_refused(place: int, value: int, cut: bool) -> None:
    """Whatever one byte or a cut does, the outcome is a well-shaped batch or `Refused`."""
    raw = GENUINE[:place] if cut else GENUINE[:place] + bytes([value]) + GENUINE[place + 1 :]
    try:
        batch = read_pickled_batch(raw)
    except Refused:
        return
    assert batch.images.shape[1] == 3072
    assert batch.labels.ndim == 1
    assert batch.images.size <= PER_BATCH * 3072
