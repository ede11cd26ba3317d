"""Several sweeps laid over one another, a colour each."""

from __future__ import annotations

import functools
import hashlib
import math
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from matplotlib.lines import Line2D

from dropsweep import analysis, errors
from dropsweep.columns.words import FEW_SEEDS
from dropsweep.plots import labels, marks, rendering, style
from dropsweep.plots.drawing import Drawing, save_all
from dropsweep.plots.plan import content_digest
from dropsweep.plots.view import Kind, Sweep, View
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from dropsweep.analysis import Estimate
    from dropsweep.records import RunRecord

    Lines: TypeAlias = Mapping[str, Sequence[RunRecord]]

T = TypeVar("T")

_MARKS = "os^Dv<>P"  # a line each, for those who print in grey
_SLOT = 0.7  # of the distance between rates: the marks of a rate stand within it


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
        earlier = filter(None, map(drawing.path, rendering.FORMATS))
        marks.remove_outdated(earlier, functools.partial(getattr, drawing, "digest"))
    return paths


def _drawing(make: Callable[[Lines], Figure | None], lines: Lines, folder: Path) -> Drawing:
    name, records = make.__name__, _records(lines)
    content = [(label, content_digest(Sweep(of_line))) for label, of_line in lines.items()]
    kind = Kind(
        0, "Which sweep ends best, and at which rate?", "finished runs",
        lambda _: make(lines), lambda _: _caption(lines), lambda _: _alt(lines),
    )  # fmt: skip
    digest = hashlib.sha256(repr(content).encode()).hexdigest()
    return Drawing(name, (), name, kind, View(records, Sweep(records)), digest, folder)


def compare_final_accuracy(lines: Lines) -> Figure | None:
    """Final training and validation accuracy of each rate, a panel each."""
    found = [analysis.summarize(records) for records in lines.values()]
    places = _places(each.rate for of_line in found for each in of_line if each.val)
    if not places:
        return None
    figure = style.new_figure(7.2, _title("Final accuracy by dropout rate", lines), style.USUAL)
    above, below = figure.subplots(2, 1, sharex=True)
    for of_line, look, aside in _styled(found):
        ended = [(places[each.rate] + aside, each) for each in of_line if each.val]
        if ended:  # else all diverged: named in the legend only
            _draw_means(above, {at: each.train for at, each in ended if each.train}, look)
            _draw_means(below, {at: each.val for at, each in ended if each.val}, look)
    for axes, what in ((above, labels.ACCURACY_TRAIN), (below, labels.ACCURACY_VAL)):
        axes.set_ylabel(f"final {what}")
        style.dress(axes)
        _name_slots(axes, places)
    above.set_xlabel("")
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
    places = _places(each.rate for of_line in found.values() for each in of_line)
    for of_line, look, aside in _styled(found.values()):
        means = {places[each.rate] + aside: each.estimate for each in of_line}
        _draw_means(axes, means, look)
    axes.set_ylabel("difference in validation accuracy")
    style.dress(axes, lowest=-1.0)
    _name_slots(axes, places)
    _add_legend(figure, lines)
    return figure


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


def _styled(lines: Collection[T]) -> Iterator[tuple[T, dict[str, Any], float]]:
    """Each with its colour and mark, and with its place in the slot of a rate."""
    places = [(at - (len(lines) - 1) / 2) * _SLOT / len(lines) for at in range(len(lines))]
    pairs = zip(style.SERIES_COLOURS, _MARKS, strict=True)
    looks = ({"color": colour, "marker": mark} for colour, mark in pairs)
    return zip(lines, looks, places, strict=False)


def _places(rates: Iterable[float]) -> dict[float, int]:
    """A slot for each rate of any line, at equal distances: no mark stands at another rate."""
    return {rate: at for at, rate in enumerate(sorted(set(rates)))}


def _name_slots(axes: Axes, places: Mapping[float, int]) -> None:
    """The rates' names, and faint lines between their slots."""
    style.name_places(axes, [format_rate(rate) for rate in places], style.USUAL)
    axes.grid(visible=False, axis="x")
    for left in range(len(places) - 1):
        axes.axvline(left + 0.5, color=style.USUAL.bar, linewidth=0.6, zorder=0)


def _draw_means(axes: Axes, estimates: Mapping[float, Estimate], look: dict[str, Any]) -> None:
    means = [each.mean for each in estimates.values()]
    halves = [  # a NaN draws no bar
        math.nan if each.high is None or each.count < FEW_SEEDS else each.high - each.mean
        for each in estimates.values()
    ]
    axes.errorbar(list(estimates), means, halves, **look, ms=5, capsize=3)


def _title(what: str, lines: Lines) -> str:
    facts = labels.facts(_records(lines), (), labels.seeds(*lines.values()))
    return f"{what}\n{facts}"


def _records(lines: Lines) -> list[RunRecord]:
    return [record for records in lines.values() for record in records]


def _add_legend(figure: Figure, lines: Lines) -> None:
    """A colour and a mark per line, with its seeds; then what bars are."""
    handles = [
        Line2D([], [], **look, linewidth=2.4, label=_name(label, records))
        for (label, records), look, _ in _styled(lines.items())
    ]
    if _has_bars(lines):
        handles.append(
            Line2D([], [], color="0.4", linestyle="none", marker="|", ms=12, label=labels.INTERVAL)
        )
    names = [str(handle.get_label()) for handle in handles]
    columns = 1 if max(map(len, names)) > 45 else 2
    figure.legend(handles, names, loc="outside lower center", ncols=columns, frameon=False)


def _name(label: str, records: Sequence[RunRecord]) -> str:
    return f"{rendering.printable(label)} ({labels.seeds(records)})"


def _alt(lines: Lines) -> str:
    """The values of each line; differences are those within one sweep."""
    said = []
    for label, records in lines.items():
        compared = {each.rate: each for each in analysis.differences(records)}
        rates = []
        for each in analysis.summarize(records):
            if each.train and each.val:
                text = labels.accuracies(each.rate, each.train, each.val)
                if found := compared.get(each.rate):
                    to = format_rate(found.baseline)
                    text += f", {100 * found.estimate.mean:+.1f} points to rate {to}"
                rates.append(text)
        said.append(f"{_name(label, records)}: {'; '.join(rates) or 'every run diverged'}.")
    return " ".join(said)


def _has_bars(lines: Lines) -> bool:
    return any(
        len(each.outcomes) >= FEW_SEEDS
        for records in lines.values()
        for each in analysis.summarize(records)
    )


def _caption(lines: Lines) -> str:
    bars = "; bars are 95 % intervals over seeds" if _has_bars(lines) else ""
    return f"Each colour is a setting of a sweep{bars}."
