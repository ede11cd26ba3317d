"""A page in headless Chromium, without a driver: a frame around it measures, the DOM tells."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")

_FRAME = """\
<!doctype html><meta charset="utf-8"><pre id="facts"></pre>
<iframe id="page" width="{width}" height="900" style="border: 0" src="{address}"></iframe>
<script>
onload = async () => {{
  const frame = document.getElementById("page").contentWindow, page = frame.document;
  const facts = await (async () => {{ {script} }})();
  document.getElementById("facts").textContent = JSON.stringify(facts);
}};
</script>
"""


@dataclass(frozen=True)
class Seen:
    """A page as the browser opened it."""

    facts: Any
    """The script's return value."""
    console: list[str]
    """Lines of the browser's console."""


def program() -> str | None:
    """The browser's path, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def look(page: Path, script: str, folder: Path, width: int = 1200) -> Seen:
    """Open a page in a frame so many pixels wide, and run a script around it.

    The script sees the page's ``frame`` (its window) and ``page`` (its document), and returns
    facts. The page's own bytes and its policy are those that a user has. No name is resolved.
    """
    around = folder / "around.html"
    around.write_text(_FRAME.format(width=width, address=page.as_uri(), script=script))
    browser = program()
    assert browser
    result = subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--allow-file-access-from-files",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--virtual-time-budget=10000",
            "--enable-logging=stderr",
            f"--user-data-dir={folder / 'profile'}",
            "--window-size=1300,1000",
            "--dump-dom",
            around.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told = re.search(r'<pre id="facts">(.+?)</pre>', result.stdout, re.DOTALL)
    assert told, result.stdout[:1000] + result.stderr
    text = told[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    console = [line for line in result.stderr.splitlines() if "CONSOLE" in line]
    return Seen(json.loads(text), console)


DARK = """
for (const sheet of page.styleSheets)
  for (const rule of sheet.cssRules)
    if (rule.media && rule.media.mediaText.includes("dark")) rule.media.mediaText = "all";
"""
"""Makes a page dark, whatever the system's theme."""

CONTRAST = """
for (const each of page.querySelectorAll("details")) each.open = true;
const parse = (text) => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
const light = (rgb) => rgb.slice(0, 3)
  .map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
const ground = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(frame.getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
const low = [];
let count = 0;
while (walker.nextNode()) {
  const text = walker.currentNode.textContent.trim(), element = walker.currentNode.parentElement;
  if (!text || !element.getClientRects().length || element.closest("script, .picture")) continue;
  const drawn = element.closest("svg"), style = frame.getComputedStyle(element);
  let colour = parse(drawn ? style.fill : style.color);
  const invert = drawn && frame.getComputedStyle(drawn).filter.match(/invert\\(([\\d.]+)\\)/);
  if (invert) colour = colour.map((v) => v * (1 - 2 * invert[1]) + 255 * invert[1]);
  const [a, b] = [light(colour), light(ground(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  count += 1;
  if (ratio < 4.5) low.push([text.slice(0, 60), ratio]);
}
return {count, low};
"""
"""Every text that is told from its ground by a contrast under 4.5:1."""
