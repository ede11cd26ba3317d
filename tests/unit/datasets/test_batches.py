"""Pickled batches are read as NumPy would, and nothing in them is run."""

from __future__ import annotations

import os
import pickle
import tracemalloc
import warnings
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropsweep.datasets.batches import Refused, read_pickled_batch
from tests.unit.datasets.tiny import PER_BATCH, TinySet, python2_pickle, tiny_set

GENUINE = python2_pickle(tiny_set().batches[0])
SAVED_AGAIN = pickle.dumps(
    {"data": tiny_set().batches[0].images, "labels": list(tiny_set().batches[0].labels)}, 5
)


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


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("keys", ["text", "bytes"])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("labels", ["list", "array", "scalars", "big-endian"])
def test_a_batch_that_was_saved_again_is_read(
    tiny: TinySet, labels: str, protocol: int, keys: str, order: Literal["C", "F"]
) -> None:
    """Loaded and saved by any Python, with labels as a list, an array or NumPy's integers."""
    batch = tiny.batches[0]
    saved = {
        "list": batch.labels.tolist(),
        "array": batch.labels.astype(np.int64),
        "scalars": list(batch.labels.astype(np.int32)),
        "big-endian": batch.labels.astype(">i2"),
    }[labels]
    content = {"data": np.asarray(batch.images, order=order), "labels": saved, "filenames": ["a"]}
    named = content if keys == "text" else {key.encode(): each for key, each in content.items()}
    found = read_pickled_batch(pickle.dumps(named, protocol))
    np.testing.assert_array_equal(found.images, batch.images)
    np.testing.assert_array_equal(found.labels, batch.labels)


@pytest.mark.parametrize("protocol", [2, 4, 5])
@pytest.mark.parametrize(
    "extra",
    [
        np.zeros(2, object),
        np.zeros(2, "M8[s]"),
        complex(1),
        Path("x"),
        np.random.default_rng(1),
        np.ma.masked_array([1]),
        {"a": os.getcwd},
    ],
    ids=lambda value: type(value).__name__,
)
def test_anything_else_in_a_saved_batch_is_refused(extra: object, protocol: int) -> None:
    """Objects of other classes are refused in any entry; odd arrays where they would be used."""
    good = {"data": np.zeros((1, 3072), np.uint8), "labels": [1]}
    with pytest.raises(Refused):
        read_pickled_batch(pickle.dumps(good | {"labels": extra}, protocol))
    if not isinstance(extra, np.ndarray) or isinstance(extra, np.ma.MaskedArray):
        with pytest.raises(Refused, match="asks for"):
            read_pickled_batch(pickle.dumps(good | {"more": extra}, protocol))


def test_bytes_are_decoded_by_latin1_only() -> None:
    """The one function of ``_codecs`` that is allowed is remembered, and calls no other codec."""
    raw = pickle.dumps({"data": np.zeros((1, 3072), np.uint8), "labels": [1]}, 2)
    assert b"latin1" in raw
    assert read_pickled_batch(raw).labels.tolist() == [1]
    with pytest.raises(Refused, match="unknown way"):
        read_pickled_batch(raw.replace(b"\x06\x00\x00\x00latin1", b"\x06\x00\x00\x00utf-16"))


def test_a_forged_length_claims_no_memory() -> None:
    """A byte array that says it has 8 GB is refused before memory is claimed for it."""
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            read_pickled_batch(b"\x80\x05\x96" + (8 << 30).to_bytes(8, "little") + b"x.")
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_a_forged_memo_index_claims_no_memory() -> None:
    """A memo index of 16 million is not taken for a table of that many entries."""
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            read_pickled_batch(b"\x80\x02Nr\x00\x00\x00\x01.")
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("genuine", [GENUINE, SAVED_AGAIN], ids=["python 2", "saved again"])
@settings(max_examples=200, deadline=None)
@given(place=st.integers(0, 1 << 20), value=st.integers(0, 255), cut=st.booleans())
def test_any_altered_pickle_is_a_batch_or_refused(
    genuine: bytes, place: int, value: int, cut: bool
) -> None:
    """After any change of a byte or any cut, the outcome is a well-shaped batch or `Refused`."""
    place %= len(genuine)
    raw = genuine[:place] if cut else genuine[:place] + bytes([value]) + genuine[place + 1 :]
    try:
        batch = read_pickled_batch(raw)
    except Refused:
        return
    assert batch.images.shape[1] == 3072
    assert batch.labels.ndim == 1
    assert batch.images.size <= PER_BATCH * 3072
