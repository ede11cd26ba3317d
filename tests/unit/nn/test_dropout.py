"""Every kind of dropout: how its masks are drawn, and what it does with them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropsweep.nn import DROPOUT_KINDS, DropRate, KeepProbability
from dropsweep.nn.dropout import (
    BinomialDropout,
    GaussianDropout,
    InvertedDropout,
    SharedDropout,
    VanillaDropout,
    as_amount,
    checked_floating,
)
from tests.unit.nn.given import Given

every_kind = pytest.mark.parametrize("kind", list(DROPOUT_KINDS.values()), ids=list(DROPOUT_KINDS))
every_scaled_kind = pytest.mark.parametrize(
    "kind", [InvertedDropout, BinomialDropout, SharedDropout]
)
every_nested_kind = pytest.mark.parametrize(
    "kind", [InvertedDropout, VanillaDropout, SharedDropout]
)
rates = st.floats(0, 0.99)
seeds = st.integers(0, 2**32 - 1)
RTOL = {"float32": 5e-7, "float64": 1e-15}
shapes = st.tuples(st.integers(1, 6), st.integers(1, 6))
dtypes = st.sampled_from(["float32", "float64"])


def normals(seed: int, shape: tuple[int, ...], dtype: str = "float64") -> Any:
    """An input, never exactly 0."""
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def test_names() -> None:
    """A config's five names mean these five."""
    assert {
        "inverted": InvertedDropout,
        "vanilla": VanillaDropout,
        "binomial": BinomialDropout,
        "shared": SharedDropout,
        "gaussian": GaussianDropout,
    } == DROPOUT_KINDS


@every_kind
@given(rate=rates, seed=seeds, shape=shapes, dtype=dtypes)
def test_shape_and_dtype_are_kept(
    kind: Any, rate: float, seed: int, shape: tuple[int, int], dtype: str
) -> None:
    """Outputs and gradients are shaped and typed like the input, which is not changed."""
    x, dout = normals(seed, shape, dtype), normals(seed + 1, shape, dtype)
    before = x.copy(), dout.copy()
    layer = kind(rate)
    out, backward = layer.train(x, np.random.default_rng(seed))
    sampled = layer.sample(x, np.random.default_rng(seed))
    for array in (out, backward(dout)[0], layer.test(x), sampled):
        assert (array.shape, array.dtype) == (x.shape, x.dtype)
    np.testing.assert_array_equal(sampled, out)
    np.testing.assert_array_equal((x, dout), before)


@every_scaled_kind
@given(rate=rates, seed=seeds, shape=shapes, dtype=dtypes)
def test_scaled_kinds_give_zero_or_the_scaled_input(
    kind: Any, rate: float, seed: int, shape: tuple[int, int], dtype: str
) -> None:
    """Every output of inverted, binomial and shared dropout is 0 or x / q."""
    x = normals(seed, shape, dtype)
    out = kind(rate).train(x, np.random.default_rng(seed))[0]
    kept = out != 0
    np.testing.assert_allclose(out[kept], (x / (1 - rate))[kept], rtol=RTOL[dtype])


@given(rate=rates, seed=seeds, shape=shapes, dtype=dtypes)
def test_vanilla_gives_zero_or_the_input(
    rate: float, seed: int, shape: tuple[int, int], dtype: str
) -> None:
    """Every output of vanilla dropout is 0 or x itself; at test time it is q x."""
    x = normals(seed, shape, dtype)
    out = VanillaDropout(rate).train(x, np.random.default_rng(seed))[0]
    np.testing.assert_array_equal(out[out != 0], x[out != 0])
    np.testing.assert_allclose(VanillaDropout(rate).test(x), (1 - rate) * x, rtol=RTOL[dtype])


@every_kind
@given(rate=rates, seed=seeds, shape=shapes)
def test_backward_is_the_adjoint(kind: Any, rate: float, seed: int, shape: tuple[int, int]) -> None:
    """<forward(x), y> = <x, backward(y)> under one mask; there are no parameters."""
    x, y = normals(seed, shape), normals(seed + 1, shape)
    out, backward = kind(rate).train(x, np.random.default_rng(seed))
    dx, gradients = backward(y)
    assert np.sum(out * y) == pytest.approx(np.sum(x * dx), abs=1e-9)
    assert gradients == {}


@pytest.mark.parametrize("kind", [InvertedDropout, VanillaDropout, BinomialDropout])
@given(rate=st.floats(0.01, 0.99), seed=seeds)
def test_given_uniforms_choose_the_units(kind: Any, rate: float, seed: int) -> None:
    """A unit is kept where its own uniform, in the input's order, is at least the rate."""
    u = np.random.default_rng(seed).random((4, 5))
    out, backward = kind(rate).train(np.ones((4, 5)), Given(u))
    np.testing.assert_array_equal(out != 0, u >= rate)
    np.testing.assert_array_equal(backward(np.ones((4, 5)))[0], out)


@given(rate=st.floats(0.01, 0.99), seed=seeds)
def test_given_normals_blur_the_units(rate: float, seed: int) -> None:
    """Gaussian dropout multiplies by 1 + sqrt(r / q) z."""
    x, z = np.random.default_rng(seed).normal(size=(2, 4, 5))
    out, _ = GaussianDropout(rate).train(x, Given(z))
    np.testing.assert_allclose(out, x * (1 + np.sqrt(rate / (1 - rate)) * z), atol=1e-12)


@given(rate=rates, seed=seeds, shape=shapes)
def test_shared_masks_are_one_for_the_batch(rate: float, seed: int, shape: tuple[int, int]) -> None:
    """All rows lose the same features: the zero fraction is that of the D uniforms, k / D."""
    out, _ = SharedDropout(rate).train(np.ones(shape), np.random.default_rng(seed))
    np.testing.assert_array_equal(out, np.broadcast_to(out[0], shape))
    dropped = np.random.default_rng(seed).random(shape[1]) < rate
    np.testing.assert_array_equal(out[0] == 0, dropped)
    assert (out == 0).sum() == shape[0] * dropped.sum()


@every_nested_kind
@given(pair=st.tuples(rates, rates), seed=seeds)
def test_masks_of_rates_are_nested(kind: Any, pair: tuple[float, float], seed: int) -> None:
    """From the same uniforms, what the higher rate keeps the lower one keeps too."""
    low, high = (
        kind(rate).train(np.ones((6, 7)), np.random.default_rng(seed))[0] != 0
        for rate in sorted(pair)
    )
    assert (low >= high).all()


@every_kind
@given(seed=seeds, dtype=dtypes)
def test_rate_zero_changes_no_bit(kind: Any, seed: int, dtype: str) -> None:
    """At rate 0, however it is given, every pass is the identity in both directions."""
    x = normals(seed, (6, 7), dtype)
    for level in (0, 0.0, KeepProbability(1)):
        layer = kind(level)
        out, backward = layer.train(x, np.random.default_rng(seed))
        for array in (out, backward(x)[0], layer.test(x)):
            assert array.tobytes() == x.tobytes()


@pytest.mark.parametrize("kind", [InvertedDropout, BinomialDropout, SharedDropout, GaussianDropout])
def test_testing_is_the_identity(kind: Any) -> None:
    """In test mode the input itself comes back; only vanilla dropout has something left to do."""
    x = np.ones((2, 2), np.float32)
    assert kind(0.9).test(x) is x


@every_kind
def test_same_seed_same_mask_and_no_other_stream_disturbed(kind: Any) -> None:
    """A mask is a function of its stream, another draw differs, the global one stands still."""
    np.random.seed(5)  # noqa: NPY002 the global stream is what must stand still
    before = np.random.get_state()[1].tolist()  # type: ignore[index] # noqa: NPY002
    x, stream = np.ones((20, 20)), np.random.default_rng(3)
    first, second = kind(0.5).train(x, stream)[0], kind(0.5).train(x, stream)[0]
    again = kind(0.5).train(x, np.random.default_rng(3))[0]
    np.testing.assert_array_equal(first, again)
    assert (first != second).any()
    assert np.random.get_state()[1].tolist() == before  # type: ignore[index] # noqa: NPY002


@every_kind
@pytest.mark.parametrize("rate", [1.0, -0.1, float("nan"), 2.0, float("inf")])
def test_every_kind_refuses_impossible_rates(kind: Any, rate: float) -> None:
    """A rate outside [0, 1), or NaN, raises ValueError."""
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        kind(rate)


@every_kind
def test_integers_are_refused_with_the_remedy(kind: Any) -> None:
    """Integer input raises TypeError that says what to do, and is not changed."""
    x = np.ones((2, 2), int)
    with pytest.raises(TypeError, match="astype"):
        kind(0.5).train(x, np.random.default_rng(0))
    np.testing.assert_array_equal(x, 1)


U = np.array([0.0, 0.2, 0.3, 0.7, 0.9, math.nextafter(1, 0)])


def test_a_rate_keeps_the_upper_uniforms() -> None:
    """Kept where u >= rate, the rate itself included."""
    np.testing.assert_array_equal(DropRate(0.3).kept(U), [0, 0, 1, 1, 1, 1])


def test_a_keep_probability_keeps_the_lower_uniforms() -> None:
    """Kept where u < keep, the probability itself left out."""
    np.testing.assert_array_equal(KeepProbability(0.7).kept(U), [1, 1, 1, 0, 0, 0])


def test_the_ends_keep_everything() -> None:
    """Rate 0 and keep probability 1 drop nothing, not even at u = 0 or just below 1."""
    assert DropRate(0).kept(U).all()
    assert KeepProbability(1).kept(U).all()


@given(st.floats(0, 1, exclude_max=True))
def test_rate_and_keep_probability_add_up_to_one(rate: float) -> None:
    """Each convention knows the other's number, and gives its own back unchanged."""
    assert (DropRate(rate).rate, DropRate(rate).keep) == (rate, 1 - rate)
    keep = 1 - rate
    assert (KeepProbability(keep).keep, KeepProbability(keep).rate) == (keep, 1 - keep)


@given(st.integers(0, 1023), st.integers(0, 2**32 - 1))
def test_the_conventions_mirror_each_other(part: int, seed: int) -> None:
    """A rate keeps of u what its keep probability keeps of 1 - u: equally many, not the same."""
    rate = part / 1024  # 1 - rate and 1 - u are exact
    u = (np.random.default_rng(seed).integers(0, 2**20, 100) + 0.5) / 2**20
    np.testing.assert_array_equal(DropRate(rate).kept(u), KeepProbability(1 - rate).kept(1 - u))


@pytest.mark.parametrize("rate", [1.0, -1e-9, 2.0, math.nan, math.inf, -math.inf])
def test_impossible_rates_are_refused(rate: float) -> None:
    """A rate outside [0, 1), or NaN, raises ValueError that names it."""
    with pytest.raises(ValueError, match=f"at least 0 and below 1, not {rate}"):
        DropRate(rate)


@pytest.mark.parametrize("keep", [0.0, -0.5, 1.0000001, math.nan, math.inf, -math.inf])
def test_impossible_keep_probabilities_are_refused(keep: float) -> None:
    """A keep probability outside (0, 1], or NaN, raises ValueError that names it."""
    with pytest.raises(ValueError, match=f"above 0, at most 1, not {keep}"):
        KeepProbability(keep)


def test_a_bare_number_is_a_rate() -> None:
    """0.25 means dropping a quarter; an amount stays what it is."""
    assert as_amount(0.25) == DropRate(0.25)
    assert as_amount(0) == DropRate(0)
    amount = KeepProbability(0.25)
    assert as_amount(amount) is amount


@pytest.mark.parametrize("dtype", ["int64", "uint8", "bool", "complex128"])
def test_only_floats_can_be_dropped(dtype: str) -> None:
    """Anything else raises TypeError, which names the type and the remedy."""
    with pytest.raises(TypeError, match=rf"not {dtype}; convert with x.astype\(np.float32\)"):
        checked_floating(np.zeros(2, dtype))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_pass(dtype: str) -> None:
    """Floats of any width are accepted."""
    checked_floating(np.zeros(2, dtype))


@pytest.mark.parametrize("rate", [0.5, np.float32(0.5), np.float64(0.5)])
def test_any_real_number_is_a_rate(rate: float) -> None:
    """Python's or numpy's."""
    assert as_amount(rate) == DropRate(0.5)
    assert as_amount(0) == DropRate(0.0)
