#!/usr/bin/env python
"""The README's figure of a sweep, light and dark, as SVG; prints the HTML that shows it.

    python scripts/readme_figure.py results/cs231n -o .github

A page in a dark theme shows ``final_accuracy_dark.svg``, any other ``final_accuracy.svg``.
"""

from __future__ import annotations

import argparse
from html import escape
from pathlib import Path

from dropsweep import files, plots
from dropsweep.collection import collect
from dropsweep.results import single_folder

NAME = "final_accuracy"


def main() -> None:
    """Draw the setting that validation chose."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("results", type=Path, help="a results folder")
    parser.add_argument("-o", "--output", type=Path, default=Path(), help="folder of the figures")
    options = parser.parse_args()
    sweep = collect(single_folder(options.results))
    choice = sweep.findings.choice
    if choice is None:
        parser.error(f"{options.results}: {sweep.why_no_figure()}")
    options.output.mkdir(parents=True, exist_ok=True)
    for look in (plots.Look(), plots.Look(dark=True)):
        [drawing] = [
            each
            for each in plots.drawings(sweep.records, names=[NAME], look=look, sweep=sweep)
            if each.setting == choice.setting
        ]
        path = options.output / f"{NAME}{look.suffix}.svg"
        files.write_whole(path, drawing.content("svg") or b"")
    light, dark = (options.output / f"{NAME}{end}.svg" for end in ("", "_dark"))
    print(  # noqa: T201 the output of a script
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="{dark}">\n'
        f'<img src="{light}" alt="{escape(drawing.alt)}"></picture>'
    )


if __name__ == "__main__":
    main()
