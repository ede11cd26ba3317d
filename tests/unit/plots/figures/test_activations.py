"""The figure of hidden activations, by what is on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import StepPatch

from dropsweep.plots import style
from tests.factories import make_sweep
from tests.figures import figure_of, figure_or_none, legend_of, legend_texts, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from dropsweep.records import NetArrays, RunRecord


sweep = partial(make_sweep, epochs=2, keep_parameters=True)


def layer(at: int, counts: Sequence[int], edges: Sequence[float], zero: float) -> NetArrays:
    """The activations that are kept of one hidden layer."""
    return {
        f"activation{at}.counts": np.array(counts),
        f"activation{at}.edges": np.array(edges),
        f"activation{at}.zero": np.array(zero),
    }


def drawn(records: list[RunRecord], kept: Callable[[RunRecord], NetArrays]) -> Figure:
    """The figure of records that have one."""
    return figure_of("activations", records, kept=kept)


def lines(axes: Axes) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Heights and edges of each rate's histogram; empty bins are 0 here."""
    steps = [patch.get_data() for patch in axes.patches if isinstance(patch, StepPatch)]
    return [(np.nan_to_num(values), edges) for values, edges, _ in steps]


def test_heights_are_shares_of_all_activations() -> None:
    """Those that are 0 count, though the legend alone tells of them."""
    figure = drawn(sweep([0.5]), lambda _: layer(1, [30, 10], [0, 1, 2], 0.6))
    ((values, edges),) = lines(figure.axes[0])
    np.testing.assert_allclose(values, [0.3, 0.1])
    np.testing.assert_array_equal(edges, [0, 1, 2])
    assert legend_texts(figure.axes[0]) == ["0.50: 60.0 % zero"]
    assert figure.axes[0].get_yscale() == "log"
    assert figure.axes[0].get_ylabel() == "share of activations\nin a bin of 1"


def test_nets_with_other_bins_are_brought_together() -> None:
    """Narrow bins are added up to the widest there are, also below 0, and seeds are averaged."""

    def kept(record: RunRecord) -> NetArrays:
        if record.spec.seed == 0:
            return layer(1, [4, 4, 8], [-2, 0, 2, 4], 0.0)
        return layer(1, [1, 2, 3, 2], [-1, 0, 1, 2, 3], 0.5)

    figure = drawn(sweep([0.5], seeds=2), kept)
    ((values, edges),) = lines(figure.axes[0])
    np.testing.assert_array_equal(edges, [-2, 0, 2, 4])
    first, second = np.array([4, 4, 8]) / 16, np.array([1, 5, 2]) / 16
    np.testing.assert_allclose(values, (first + second) / 2)
    assert legend_texts(figure.axes[0]) == ["0.50: 25.0 % zero"]
    assert figure.get_suptitle().endswith("2 seeds")


def test_bins_are_few_enough_to_be_seen() -> None:
    """At most 64, without a share being lost."""
    figure = drawn(sweep([0.5]), lambda _: layer(1, [1] * 250, list(range(251)), 0.0))
    ((values, edges),) = lines(figure.axes[0])
    assert len(values) == 63
    assert edges[1] - edges[0] == 4
    np.testing.assert_allclose(values.sum(), 1)


def test_each_rate_has_its_colour_and_its_zeros() -> None:
    """The colours of the other figures; sparsity can be read off rate by rate."""
    zeros = {0.0: 0.5, 0.5: 0.625, 0.9: 0.999}
    figure = drawn(
        sweep([0.9, 0.0, 0.5]), lambda record: layer(1, [1], [0, 1], zeros[record.spec.rate])
    )
    (axes,) = figure.axes
    assert legend_texts(axes) == ["0.00: 50.0 % zero", "0.50: 62.5 % zero", "0.90: 99.9 % zero"]
    colours = [line.get_color() for line in legend_of(axes).get_lines()]
    assert colours == list(style.rate_colours([0.0, 0.5, 0.9], style.USUAL).values())
    assert [to_hex(patch.get_edgecolor()) for patch in axes.patches] == colours


def test_each_hidden_layer_has_a_panel() -> None:
    """Named by its place, four at most, each with its own zeros."""

    def kept(layers: int) -> NetArrays:
        found: dict[str, NDArray[np.float64]] = {}
        for at in range(1, layers + 1):
            found |= layer(at, [1], [0, 1], at / 10)
        return found

    figure = drawn(sweep([0.5]), lambda _: kept(2))
    assert [axes.get_title() for axes in figure.axes] == [
        "hidden layer 1 of 2", "hidden layer 2 of 2",
    ]  # fmt: skip
    assert [legend_texts(axes)[0] for axes in figure.axes] == [
        "0.50: 10.0 % zero", "0.50: 20.0 % zero",
    ]  # fmt: skip
    deep = drawn(sweep([0.5]), lambda _: kept(6))
    assert [axes.get_title() for axes in deep.axes][-1] == "hidden layer 4 of 6"
    assert len(deep.axes) == 4


def test_silent_nets_are_drawn() -> None:
    """A net whose activations are all 0 has an empty curve and a legend."""
    figure = drawn(sweep([0.5]), lambda _: layer(1, [0], [0, 1], 1.0))
    ((values, _),) = lines(figure.axes[0])
    np.testing.assert_array_equal(values, [0])
    figure.draw_without_rendering()


def test_five_seeds_and_eight_rates_are_read_at_most() -> None:
    """Files of megabytes are not read by the thousand, and the figure says what it shows."""
    read: list[RunRecord] = []

    def kept(record: RunRecord) -> NetArrays:
        read.append(record)
        return layer(1, [1], [0, 1], 0.5)

    figure = drawn(sweep([at / 10 for at in range(10)], seeds=7), kept)
    assert len(read) == 8 * 5
    assert {record.spec.seed for record in read} == set(range(5))
    assert figure.get_suptitle().endswith("5 seeds")
    assert "8 of 10 rates" in figure.get_supxlabel()


def test_nothing_kept_no_figure() -> None:
    """Runs that kept nothing have no such figure."""
    assert figure_or_none("activations", sweep([0.5]), kept=lambda _: None) is None


def test_nothing_leaves_the_page() -> None:
    """Legends stand beside their panels, inside the figure."""
    both = {**layer(1, [3, 1], [0, 1, 2], 0.5), **layer(2, [3, 1], [0, 1, 2], 0.5)}
    figure = drawn(sweep([at / 10 for at in range(8)]), lambda _: both)
    figure.draw_without_rendering()
    for axes in figure.axes:
        box = axes.get_tightbbox()
        assert box is not None
        assert min(box.x0, box.y0) >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1


@pytest.mark.parametrize("lost", ["activation1.counts", "activation1.edges", "activation2.zero"])
def test_a_file_that_lacks_an_array_is_as_good_as_none(lost: str) -> None:
    """The other rates are drawn."""
    both = {**layer(1, [3, 1], [0, 1, 2], 0.5), **layer(2, [3, 1], [0, 1, 2], 0.5)}
    less = {name: array for name, array in both.items() if name != lost}
    figure = drawn(sweep([0.0, 0.5]), lambda record: less if record.spec.rate == 0 else both)
    assert legend_texts(figure.axes[0]) == ["0.50: 50.0 % zero"]
    short = {**both, "activation1.edges": np.array([0, 1])}
    figure = drawn(sweep([0.0, 0.5]), lambda record: short if record.spec.rate == 0 else both)
    assert legend_texts(figure.axes[0]) == ["0.50: 50.0 % zero"]


def test_shares_are_written_as_plain_numbers() -> None:
    """Ticks of a logarithmic axis are no formulas, which names must never become."""
    figure = drawn(sweep([0.5]), lambda _: layer(1, [900, 90, 9, 1], [0, 1, 2, 3, 4], 0.0))
    figure.draw_without_rendering()
    ticks = texts(figure.axes[0].get_yticklabels())
    assert "0.01" in ticks
    assert not any("$" in tick for tick in ticks)
