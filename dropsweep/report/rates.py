"""The table with a row a setting and rate: where its runs ended, and how they compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.analysis import format_value
from dropsweep.report import sheet
from dropsweep.report.sheet import Column, Row, Sheet

if TYPE_CHECKING:
    from dropsweep.analysis import Findings, RateSummary

_CAPTION = (
    "Accuracy after the last epoch, mean over seeds ± half the width of its 95 % interval; "
    "test accuracy at the best epoch, of the chosen rate alone. Difference: validation accuracy "
    "minus that of the lowest rate that finished, paired by seed, with the exact p of a "
    "sign-flip test and the p corrected for all comparisons of a sweep (joint max-T)."
)


def rates_sheet(found: Findings) -> Sheet:
    """Every rate of every setting, the chosen one marked; columns without a value are left out."""
    columns = (
        Column("rate"),
        *(Column(axis) for axis in found.axes),
        Column("runs"),
        Column("training"),
        Column("validation"),
        Column("gap"),
        Column("test"),
        Column("difference"),
        Column("p"),
        Column("p corrected"),
        Column("fit", numeric=False),
    )
    rows = []
    for each in found.summaries:
        place = each.setting, each.rate
        difference, fit = found.difference(*place), found.fit(*place)
        chosen = found.choice is not None and place == (found.choice.setting, found.choice.rate)
        texts = (
            sheet.rate(each.rate),
            *(format_value(value) for _, value in each.setting),
            _runs(each),
            sheet.mean(each.train),
            sheet.mean(each.val),
            sheet.mean(each.gap),
            sheet.mean(each.test if chosen else None),
            sheet.change(difference.estimate if difference else None),
            sheet.probability(difference.p if difference else None),
            sheet.probability(difference.p_corrected if difference else None),
            _KINDS[fit.kind] if fit else sheet.NOTHING,
        )
        rows.append(Row(texts, marked=chosen))
    return Sheet(_CAPTION, columns, tuple(rows)).without_empty(always=1 + len(found.axes) + 1)


_KINDS = {
    "overfits": "overfit",
    "underfits": "underfit",
    "fits": "neither",
    "borderline": "borderline",
}


def _runs(summary: RateSummary) -> str:
    return (
        f"{summary.runs} ({summary.diverged} diverged)" if summary.diverged else f"{summary.runs}"
    )
