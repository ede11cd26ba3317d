"""``dropsweep completion``: what makes a shell complete commands, options and files."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    Add the line of your shell to the file it reads when it starts, and open a new one:

    \b
      bash, ~/.bashrc:                  eval "$(dropsweep completion bash)"
      zsh, ~/.zshrc (after compinit):   eval "$(dropsweep completion zsh)"
      fish, ~/.config/fish/config.fish: dropsweep completion fish | source

    \b
    Examples:
      dropsweep completion bash
      eval "$(dropsweep completion bash)"
    """
    program = context.find_root()
    script = get_completion_class(shell)
    assert script is not None, shell  # noqa: S101 click has all three
    click.echo(script(program.command, {}, "dropsweep", "_DROPSWEEP_COMPLETE").source())
