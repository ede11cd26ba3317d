"""``dropsweep verify``: check the mathematics on this machine."""

from __future__ import annotations

import click

from dropsweep import errors
from dropsweep.cli import options


@click.command
@options.table_format
@click.option("--verbose", is_flag=True, help="Print every check, not only the last line.")
def verify(table_format: str, verbose: bool) -> None:
    """Check the mathematics on this machine.

    There are three sorts of checks: the masks of every kind of dropout against probability theory,
    gradients against central differences, and our numbers against published ones. They take a few
    seconds. Prints one line; the exit code is 1 if a check fails.

    \b
    Examples:
      dropsweep verify
      dropsweep verify --verbose
      dropsweep verify --format markdown
    """
    from dropsweep import verification

    found = verification.verify()
    if table_format != "table":
        click.echo(verification.render(found, table_format))
    else:
        if verbose:
            click.echo(verification.render(found) + "\n")
        click.echo(verification.summary(found))
    if found.failed:
        raise errors.verification_failed(found.failed)
