"""Names in figures, whatever letters they have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib import font_manager
from matplotlib.figure import Figure

from dropsweep.plots import rendering

if TYPE_CHECKING:
    import pytest


def laid_out(name: str) -> tuple[str, list[str]]:
    """A name as it stands in a figure, and the fonts that it is written in."""
    figure = Figure()
    text = figure.text(0.1, 0.5, name)
    rendering.lay_out(figure)
    figure.draw_without_rendering()
    return text.get_text(), text.get_fontfamily()


def test_letters_that_no_font_has_are_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No empty boxes and no warning; what the usual font has stays, line ends too."""
    monkeypatch.setattr(rendering, "FALLBACKS", ("A font that nobody has",))
    assert laid_out("\u00e9t\u00e9 \u2605\n\u65e5 \U0001f9ea")[0] == (
        "\u00e9t\u00e9 \u2605\n\\u65e5 \\U0001f9ea"
    )


def test_a_font_that_is_installed_is_used_for_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the usual one; a figure that does not need it is not touched."""
    monkeypatch.setattr(rendering, "FALLBACKS", ("A font that nobody has", "STIXGeneral"))
    letter = "\u20e5"  # STIX comes with matplotlib, and has what DejaVu lacks
    assert laid_out(f"net {letter}") == (f"net {letter}", ["DejaVu Sans", "STIXGeneral"])
    assert laid_out("net \u2605")[1] == ["sans-serif"]


def test_fonts_to_fall_back_on_are_of_letters_not_of_boxes() -> None:
    """None of them is matplotlib's last resort, which has a box for every letter."""
    boxes = [each.name for each in font_manager.fontManager.ttflist if "Last" in each.name]
    assert not {*boxes} & {*rendering.FALLBACKS}
