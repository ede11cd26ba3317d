"""The race between rates: after which seed each of them left, and which are still in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dropsweep.columns.words import counted
from dropsweep.plots import labels, style
from dropsweep.plots.view import Kind, View
from dropsweep.records import format_rate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dropsweep.analysis import RaceState


def find_content(view: View) -> RaceState | None:
    """The race of the setting; None where the number of seeds is fixed."""
    return view.sweep.findings.races.get(view.setting)


def draw(view: View) -> Figure | None:
    """A bar per rate, as long as it was judged."""
    race, look = find_content(view), view.look
    if race is None:
        return None
    figure = style.new_figure(1.7 + 0.34 * len(race.rates), "", look)
    axes = figure.subplots()
    rates = sorted(race.rates, reverse=True)
    for at, rate in enumerate(rates):
        seeds, what, colour = _end(race, rate, look)
        with style.of_rate(axes, rate):
            axes.barh(at, seeds, height=0.62, color=colour)
            style.write(axes, what, (seeds, at), look, (5, 0), va="center")
    longest = max(race.seeds, *(seed + 1 for _, seed in (*race.left, *race.diverged)), 1)
    axes.set_xlim(0, longest * 1.45)
    axes.set_xticks([tick for tick in axes.get_xticks() if tick <= longest and tick % 1 == 0])
    axes.set_yticks(range(len(rates)), [format_rate(rate) for rate in rates])
    style.clear(axes, "x")
    axes.set_xlabel("seeds judged")
    axes.set_ylabel(labels.RATE)
    look.headline(axes, _title(race))
    judged = f"{counted(race.seeds, 'seed')} judged"
    look.footer(figure, labels.facts(view.records, view.setting, judged))
    return figure


def _end(race: RaceState, rate: float, look: style.Look) -> tuple[int, str, str]:
    """Seeds judged of a rate, the words for its end, and its colour."""
    left, diverged = dict(race.left), dict(race.diverged)
    if rate in diverged:
        return diverged[rate] + 1, f"off the list: seed {diverged[rate]} diverged", look.bar
    if rate in left:
        what = f"left after seed {left[rate]}"
        return left[rate] + 1, what + ", equal to the answer" * (rate in race.equal), look.bar
    if rate == race.answer:
        return race.seeds, "the answer", look.train
    return race.seeds, "equal to the answer" if rate in race.equal else "in the race", look.val


def _title(race: RaceState) -> str:
    if race.answer is not None:
        return f"Settled after {race.seeds} seeds: rate {format_rate(race.answer)}"
    if race.status == "diverged":
        return "Every rate has a diverged run"
    rates = counted(len(race.in_race), "rate")
    return f"Not settled after {race.seeds} seeds: {rates} in the race"


def _caption(view: View) -> str:
    race = find_content(view)
    left = " Pale bars left the race after that seed." if race and race.left else ""
    return f"A bar is as long as the rate was judged.{left}"


def _alt(view: View) -> str:
    race = find_content(view)
    if race is None:
        return ""
    ends = [
        f"rate {format_rate(rate)}: {_end(race, rate, view.look)[1]}" for rate in sorted(race.rates)
    ]
    return f"{_title(race)}. {'; '.join(ends)}."


FIGURE = Kind(
    40, "Which rate left the race when?", "seeds: auto in the config", draw, _caption, _alt
)
