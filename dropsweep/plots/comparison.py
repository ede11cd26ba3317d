"""Several sweeps laid over one another, a colour each."""

from __future__ import annotations

import functools
import hashlib
import math
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from dropsweep import analysis, errors
from dropsweep.plots import labels, marks, style
from dropsweep.plots.drawing import Drawing, save_all
from dropsweep.plots.plan import content_digest
from dropsweep.plots.view import Kind, Sweep, View
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

    from dropsweep.analysis import Estimate
    from dropsweep.records import RunRecord

    Lines: TypeAlias = Mapping[str, Sequence[RunRecord]]

T = TypeVar("T")

_APART = 9 / 72  # inches: a bar's caps are not as wide
_WIDEST = 30 / 72


def compare(
    sweeps: Mapping[str, Sequence[RunRecord]],
    folder: Path,
    formats: Collection[str] = ("png", "svg"),
) -> list[Path]:
    """Draw sweeps, by their labels, into common figures in ``folder``, and list these.

    Each setting of each sweep is a line. Nothing is drawn where nothing finished.

    Raises
    ------
    ConfigError
        If there are more lines than can be told apart.
    """
    lines = _lines(sweeps)
    paths: list[Path] = []
    for make in (compare_final_accuracy, compare_differences):
        drawing = _drawing(make, lines, folder)
        paths += save_all([drawing], formats)
        earlier = [path for each in style.FORMATS if (path := drawing.path(each)) and path.exists()]
        marks.remove_outdated(earlier, functools.partial(getattr, drawing, "digest"))
    return paths


def _drawing(make: Callable[[Lines], Figure | None], lines: Lines, folder: Path) -> Drawing:
    name, records = make.__name__, _records(lines)
    content = [(label, content_digest(of_line)) for label, of_line in lines.items()]
    question = "Which sweep ends best, and at which rate?"
    kind = Kind(
        0, question, "finished runs", lambda _: make(lines), lambda _: _caption(lines), lambda _: ""
    )
    digest = hashlib.sha256(repr(content).encode()).hexdigest()
    return Drawing(name, (), name, kind, View(records, Sweep(records)), digest, folder)


def compare_final_accuracy(lines: Lines) -> Figure | None:
    """Final training and validation accuracy against the rate, a panel each."""
    if not any(each.val for records in lines.values() for each in analysis.summarize(records)):
        return None
    figure = style.new_figure(7.2, _title("Final accuracy by dropout rate", lines), style.USUAL)
    above, below = figure.subplots(2, 1, sharex=True)
    for (label, records), colour, aside in _styled(lines.items()):
        summaries = analysis.summarize(records)
        train = {each.rate: each.train for each in summaries if each.train is not None}
        val = {each.rate: each.val for each in summaries if each.val is not None}
        if not val:
            continue  # all diverged: named in the legend only
        _draw_means(above, train, "", "o", colour, aside=aside)
        _draw_means(below, val, label, "s", colour, aside=aside)
    below.set_xlabel(labels.RATE)
    for axes, what in ((above, labels.ACCURACY_TRAIN), (below, labels.ACCURACY_VAL)):
        axes.set_ylabel(f"final {what}")
        style.dress(axes)
    _add_legend(figure, lines)
    return figure


def compare_differences(lines: Lines) -> Figure | None:
    """Final validation accuracy minus that of each line's own lowest rate, paired by seed.

    None unless each line has two rates, and all the same baseline.
    """
    found = {label: analysis.differences(records) for label, records in lines.items()}
    baselines = {each.baseline for of_line in found.values() for each in of_line}
    if not all(found.values()) or len(baselines) != 1:
        return None
    baseline = format_rate(baselines.pop())
    what = f"Final validation accuracy minus that of rate {baseline} of the same sweep"
    figure = style.new_figure(5.2, _title(what, lines), style.USUAL)
    axes = figure.subplots()
    axes.axhline(0, color="0.35", linewidth=1.2)
    for of_line, colour, aside in _styled(found.values()):
        means = {each.rate: each.estimate for each in of_line}
        _draw_means(axes, means, "", "s", colour, aside=aside)
    axes.set_xlabel(labels.RATE)
    axes.set_ylabel("difference in validation accuracy")
    style.dress(axes, lowest=-1.0)
    _add_legend(figure, lines)
    return figure


def _draw_means(
    axes: Axes,
    estimates: Mapping[float, Estimate],
    label: str,
    marker: str,
    colour: str,
    *,
    aside: float,
) -> None:
    """A line through the means, with bars where there is an interval, which the label then says.

    It is moved ``aside`` inches to the right, so that bars of several lines stay apart.
    """
    means = [each.mean for each in estimates.values()]
    halves: list[float] | None = None
    if any(each.count > 1 for each in estimates.values()):
        # a NaN draws no bar: one seed has no interval
        halves = [
            math.nan if each.high is None else each.high - each.mean for each in estimates.values()
        ]
        label = f"{label}, {labels.INTERVAL}"
    drawn = axes.errorbar(
        list(estimates),
        means,
        halves,
        color=colour,
        marker=marker,
        ms=5,
        capsize=4,
        label=label,
    )
    for artist in drawn.get_children():
        artist.set_transform(_moved(axes, aside))  # only now: limits are those of the data


def _moved(axes: Axes, inches: float) -> Transform:
    return axes.transData + ScaledTranslation(inches, 0, axes.figure.dpi_scale_trans)


def _lines(sweeps: Lines) -> Lines:
    """A line for each setting of each sweep."""
    lines = {
        f"{label}, {analysis.format_setting(setting)}" if setting else label: members
        for label, records in sweeps.items()
        for setting, members in analysis.by_setting(records).items()
    }
    if len(lines) > len(style.SERIES_COLOURS):
        raise errors.too_many_lines(len(lines), len(style.SERIES_COLOURS))
    return lines


def _styled(lines: Collection[T]) -> Iterator[tuple[T, str, float]]:
    """Each with its colour, and how far it is moved aside."""
    apart = min(_APART, _WIDEST / max(len(lines) - 1, 1))
    places = [(at - (len(lines) - 1) / 2) * apart for at in range(len(lines))]
    return zip(lines, style.SERIES_COLOURS, places, strict=False)


def _title(what: str, lines: Lines) -> str:
    return labels.title(what, _records(lines), ())


def _records(lines: Lines) -> list[RunRecord]:
    return [record for records in lines.values() for record in records]


def _add_legend(figure: Figure, lines: Lines) -> None:
    """A colour a line with its seeds; then what bars are."""
    handles = [
        Line2D([], [], color=colour, linewidth=2.4, label=_name(label, records))
        for (label, records), colour, _ in _styled(lines.items())
    ]
    if any(len({each.spec.seed for each in records}) > 1 for records in lines.values()):
        handles.append(
            Line2D([], [], color="0.4", linestyle="none", marker="|", ms=12, label=labels.INTERVAL)
        )
    columns = 1 if max(len(str(handle.get_label())) for handle in handles) > 45 else 2
    names = [str(handle.get_label()) for handle in handles]
    figure.legend(handles, names, loc="outside lower center", ncols=columns, frameon=False)


def _name(label: str, records: Sequence[RunRecord]) -> str:
    return f"{labels.printable(label)} ({labels.seeds(records)})"


def _caption(lines: Lines) -> str:
    records = _records(lines)
    bars = "; bars are 95 % intervals over seeds" if View(records, Sweep(records)).several else ""
    return f"Each colour is a setting of a sweep{bars}."
