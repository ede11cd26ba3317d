"""Tables and figures as a Jupyter notebook shows them."""

from __future__ import annotations

import html
import io
from typing import TYPE_CHECKING

from dropsweep.progress import ipython_shell

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from dropsweep.columns import Table


def show_as_picture(figure: Figure) -> None:
    """Let IPython show figures as pictures: by itself it does so only after ``import pyplot``."""
    formatters = getattr(getattr(ipython_shell(), "display_formatter", None), "formatters", {})
    if png := formatters.get("image/png"):
        try:
            png.lookup_by_type(type(figure))
        except KeyError:
            png.for_type(type(figure), _png)


def html_table(table: Table) -> str:
    """A table as people see it, as an HTML element."""
    table = table.read_by("terminal")
    head, *body = (
        "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in texts)
        for tag, texts in (("th", table.titles), *(("td", texts) for texts in table.texts))
    )
    rows = "".join(f"<tr>{row}</tr>" for row in body)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
