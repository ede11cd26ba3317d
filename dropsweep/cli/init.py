"""``dropsweep init`` and ``dropsweep schema``: help with writing a config."""

from __future__ import annotations

import math
from importlib.resources import files
from pathlib import Path

import click

from dropsweep import errors
from dropsweep.cli import options

_MOST_TRAIN, _MOST_VAL = 20_000, 10_000
"""Rows of a config for own arrays at most; more are slower, and can be asked for."""

_ITERATIONS = 1000
"""Of a run of such a config, unless its epochs are very few or very many."""


@click.command
@click.argument("path", required=False, type=options.HomePath(path_type=Path))
@click.option(
    "--arrays",
    type=options.HomePath(path_type=Path),
    show_envvar=True,
    help="An .npz file of your own, with x and y: the config is for these data.",
)
@options.data_dir
def init(path: Path | None, arrays: Path | None, data_dir: Path | None) -> None:
    """Print or write a starter config.

    The config explains every key, and uses synthetic images, so nothing is downloaded; with
    --arrays it is a short one that fits your own data. PATH must not exist yet; without it, the
    config is printed.

    \b
    Examples:
      dropsweep init sweep.yaml
      dropsweep init --arrays my.npz sweep.yaml
      dropsweep run sweep.yaml
    """
    if arrays is None:
        starter = files("dropsweep.cli").joinpath("starter.yaml").read_bytes()
    else:
        starter = _for_arrays(arrays, data_dir).encode()
    if path is None:
        click.echo(starter.decode(), nl=False)
        return
    if path.is_dir():
        raise errors.file_is_folder(path)
    from dropsweep.files import publish_once

    try:
        written = publish_once(path, starter)
    except OSError as cause:
        raise errors.file_unwritable(path, cause) from cause
    if not written:
        raise errors.file_exists(path)
    click.echo(path)


def _for_arrays(path: Path, data_dir: Path | None) -> str:
    """A config whose sizes fit the file's rows; the file is checked and prepared for it."""
    import json

    from dropsweep import datasets

    prepared = datasets.prepare(
        "arrays",
        path=path,
        data_dir=datasets.default_data_dir(data_dir),
        offline=True,
        on_note=lambda _: None,
        on_progress=lambda *_: None,
    )
    facts = datasets.facts("arrays", prepared, path)
    content, rows = facts.content, facts.rows
    note, test, left = "", facts.test_images or 0, facts.train_images
    if facts.test_images is None:
        test = left // 5
        if test < rows.varied_end or left - test < rows.complete:
            test, note = 0, "   # the rows are sorted by class: shuffle them, and hold some out"
        left -= test
    val = max(min(left // 3, _MOST_VAL), 1)
    train = max(min(left - val, _MOST_TRAIN), 1)
    batch = 100 if train >= 2000 else 20
    epochs = min(max(_ITERATIONS * batch // train, 5), 50)
    template = files("dropsweep.cli").joinpath("arrays.yaml").read_text(encoding="utf-8")
    return template.format(
        title=content.title,
        rows=f"{facts.train_images:,} rows, {content.inputs:,} inputs, {content.classes} classes.",
        path=json.dumps(str(path)),
        train=train,
        val=val,
        test=test,
        note=note,
        scale=float(f"{math.sqrt(2 / content.inputs):.1g}"),
        epochs=epochs,
        batch=batch,
        every=max(epochs // 5, 1),
    )


@click.command
def schema() -> None:
    """Print the JSON Schema of a config, for editors.

    Save the schema beside a config, and make this the first line of the config. An editor with a
    YAML language server then completes keys, explains them and underlines mistakes:

    \b
      # yaml-language-server: $schema=dropsweep.schema.json

    \b
    Examples:
      dropsweep schema > dropsweep.schema.json
    """
    import json

    from dropsweep.config import json_schema

    click.echo(json.dumps(json_schema(), indent=2))
