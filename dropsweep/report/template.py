"""A page as HTML, with styles, script and figures in the same file."""

from __future__ import annotations

import base64
import functools
import hashlib
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2

    from dropsweep.report.page import Page

_NAMES = ("page.html.j2", "runs.html.j2", "macros.html.j2", "page.css", "page.js")


def render(page: Page, mark: str) -> str:
    """The whole file; ``mark`` stands at its head."""
    style, script = templates()["page.css"], templates()["page.js"]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(page=page, mark=mark, policy=_policy(style, script), style=style, script=script)
    )


@functools.cache
def templates() -> dict[str, str]:
    """The templates, the style and the script, by file name."""
    folder = resources.files("dropsweep.report") / "templates"
    return {name: (folder / name).read_text(encoding="utf-8") for name in _NAMES}


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.DictLoader(templates()),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _policy(style: str, script: str) -> str:
    """The content security policy: the page's own style and script, and nothing else.

    Figures have style attributes; browsers that do not separate these from style elements allow
    both.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            f"style-src-elem {_hash(style)}",
            "style-src-attr 'unsafe-inline'",
            f"script-src {_hash(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
