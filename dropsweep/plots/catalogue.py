"""Which figures there are: the question each answers, and how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from dropsweep.plots.accuracy import accuracy
from dropsweep.plots.activations import activations
from dropsweep.plots.differences import differences
from dropsweep.plots.final_accuracy import final_accuracy
from dropsweep.plots.first_layer import first_layer
from dropsweep.plots.gap import gap
from dropsweep.plots.heat_map import heat_map
from dropsweep.plots.monte_carlo import monte_carlo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure

    from dropsweep.analysis import Cell
    from dropsweep.records import Kept, RunRecord

    ReadKept: TypeAlias = Callable[[RunRecord], Kept | None]
    OfCell: TypeAlias = Callable[[Sequence[RunRecord], Cell], Figure | None]
    OfCellKept: TypeAlias = Callable[[Sequence[RunRecord], Cell, ReadKept], Figure | None]
    OfAxis: TypeAlias = Callable[[Sequence[RunRecord], str], Figure | None]


@dataclass(frozen=True)
class Kind:
    """A kind of figure; exactly one of the three functions draws it."""

    question: str
    reading: str
    needs: str
    """Without what there is nothing to show."""
    of_cell: OfCell | None = None
    """From the runs of one cell."""
    of_cell_kept: OfCellKept | None = None
    """From the runs of one cell and the parameters kept of them."""
    of_axis: OfAxis | None = None
    """From all runs, along one axis of the grid."""


KINDS: dict[str, Kind] = {
    "heat_map": Kind(
        "Which rate is best where, along an axis of the grid?",
        "Each square is the mean validation accuracy after the last epoch, over seeds; the frame "
        "is the best, a hatched square has no finished run.",
        "a grid",
        of_axis=heat_map,
    ),
    "final_accuracy": Kind(
        "Which dropout rate ends best, and how far apart are training and validation?",
        "Points are means over seeds and bars their 95 % intervals; pale dots are single seeds, "
        "the ring is the rate that validation chose.",
        "a run with a measured point",
        of_cell=final_accuracy,
    ),
    "differences": Kind(
        "By how much does each rate beat the baseline, and is that more than noise?",
        "Each dot is one seed's difference to the baseline, bars are 95 % intervals of the mean; "
        "a bar that crosses zero is compatible with no difference.",
        "two rates with a finished run",
        of_cell=differences,
    ),
    "gap": Kind(
        "How large is the generalization gap at each rate?",
        "The gap is training minus validation accuracy after the last epoch; points are means "
        "over seeds, bars their 95 % intervals, pale dots single seeds.",
        "a finished run",
        of_cell=gap,
    ),
    "accuracy": Kind(
        "How does accuracy develop while each rate is trained?",
        "Lines are means over seeds and bands their 95 % intervals; training accuracy that "
        "climbs while validation accuracy falls is overfitting.",
        "a run with a measured point",
        of_cell=accuracy,
    ),
    "monte_carlo": Kind(
        "How many averaged masked passes are as good as weight scaling?",
        "Solid lines average masked passes, dashed lines use weight scaling once; bands are 95 % "
        "intervals over seeds.",
        "evaluation.monte_carlo_samples in the config",
        of_cell=monte_carlo,
    ),
    "first_layer": Kind(
        "What do hidden units look for in an image?",
        "Each picture is the incoming weights of one hidden unit, grey where they are zero.",
        "results.keep_parameters in the config",
        of_cell_kept=first_layer,
    ),
    "activations": Kind(
        "Does dropout make the hidden units sparse?",
        "Each line is how often hidden units take a value on the same images; the legend has the "
        "share that is exactly zero.",
        "results.keep_parameters in the config",
        of_cell_kept=activations,
    ),
}
"""By the name of their files, in the order in which a reader wants them."""
