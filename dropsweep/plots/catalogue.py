"""Which figures there are: the question each answers, and how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from dropsweep.plots import readings
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

    from dropsweep.analysis import Difference, Setting
    from dropsweep.plots.axes import Axis
    from dropsweep.plots.readings import Shown
    from dropsweep.records import NetArrays, RunRecord

    ReadKept: TypeAlias = Callable[[RunRecord], NetArrays | None]
    OfSetting: TypeAlias = Callable[[Sequence[RunRecord], Setting], Figure | None]
    OfSettingKept: TypeAlias = Callable[[Sequence[RunRecord], Setting, ReadKept], Figure | None]
    OfSettingTested: TypeAlias = Callable[
        [Sequence[RunRecord], Setting, Sequence[Difference]], Figure | None
    ]
    OfAxis: TypeAlias = Callable[[Sequence[RunRecord], Axis], Figure | None]


@dataclass(frozen=True)
class Kind:
    """A kind of figure; exactly one of the functions draws it."""

    question: str
    reading: Callable[[Shown], str]
    """How to read it."""
    needs: str
    """Without what there is nothing to show."""
    of_setting: OfSetting | None = None
    """From the runs of one setting."""
    of_setting_tested: OfSettingTested | None = None
    """From the runs of one setting and the differences of the whole sweep."""
    of_setting_kept: OfSettingKept | None = None
    """From the runs of one setting and the parameters kept of them."""
    of_axis: OfAxis | None = None
    """From all runs, along one axis of the grid."""


FIGURES: dict[str, Kind] = {
    "heat_map": Kind(
        "Which rate is best where, along an axis of the grid?",
        readings.heat_map,
        "a grid",
        of_axis=heat_map,
    ),
    "final_accuracy": Kind(
        "Which dropout rate ends best, and how far apart are training and validation?",
        readings.final_accuracy,
        "a run with a measured point",
        of_setting=final_accuracy,
    ),
    "differences": Kind(
        "By how much does each rate beat the baseline, and is that more than noise?",
        readings.differences,
        "two rates with a finished run",
        of_setting_tested=differences,
    ),
    "gap": Kind(
        "How large is the generalization gap at each rate?",
        readings.gap,
        "a finished run",
        of_setting=gap,
    ),
    "accuracy": Kind(
        "How does accuracy develop while each rate is trained?",
        readings.accuracy,
        "a run with a measured point",
        of_setting=accuracy,
    ),
    "monte_carlo": Kind(
        "How many averaged masked passes are as good as weight scaling?",
        readings.monte_carlo,
        "evaluation.monte_carlo_samples in the config",
        of_setting=monte_carlo,
    ),
    "first_layer": Kind(
        "What did training change in the first layer?",
        readings.first_layer,
        "results.keep_parameters in the config",
        of_setting_kept=first_layer,
    ),
    "activations": Kind(
        "Does dropout make the hidden units sparse?",
        readings.activations,
        "results.keep_parameters in the config",
        of_setting_kept=activations,
    ),
}
"""By the name of their files, in the order in which a reader wants them."""
