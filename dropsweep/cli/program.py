"""The ``dropsweep`` command, and what becomes of an error on its way out."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Any, NoReturn

import click
from click.shell_completion import get_completion_class

from dropsweep import __version__, errors
from dropsweep.cli import signals, streams
from dropsweep.cli.data import data_commands
from dropsweep.cli.init import init, schema
from dropsweep.cli.merge import merge
from dropsweep.cli.plot import plot
from dropsweep.cli.report import report
from dropsweep.cli.run import run
from dropsweep.cli.show import show
from dropsweep.cli.verify import verify


class Program(click.Group):
    """A group whose commands end in one message and an exit code of the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 click's signature
        """In the order of use, not of the alphabet."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; tell what went wrong, with a traceback only under ``--debug``."""
        try:
            with signals.never_swallowed():
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise  # click's own affairs
        except errors.DropsweepError as error:
            self._fail(ctx, str(error), error.exit_code)
        except signals.Terminated:
            self._fail(ctx, errors.TERMINATED, errors.Exit.TERMINATED)
        except signals.Left:
            ctx.exit(errors.Exit.INTERRUPTED)
        except KeyboardInterrupt:
            self._fail(ctx, errors.INTERRUPTED, errors.Exit.INTERRUPTED)
        except Exception as error:
            if error is streams.stdout_trouble():
                raise  # `main` tells it, for click prints outside of here as well
            self._fail(ctx, errors.internal(error), errors.Exit.INTERNAL)

    def _fail(self, ctx: click.Context, message: str, code: errors.Exit) -> NoReturn:
        if ctx.params["debug"]:
            traceback.print_exc()
        click.echo(f"Error: {message}", err=True)
        ctx.exit(code)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, message="%(prog)s %(version)s", allow_from_autoenv=False)
def program(debug: bool) -> None:  # noqa: ARG001 read from the context
    """Find the dropout rate to use on CIFAR-10, and how sure you can be.

    \b
    Examples:
      dropsweep init sweep.yaml       write a starter config
      dropsweep run sweep.yaml        train the missing runs, draw the figures
      dropsweep show results/sweep    print the table and the answer again
    """
    from dropsweep.executors import ONE_BLAS_THREAD

    os.environ |= ONE_BLAS_THREAD  # NumPy reads it when it is imported
    signals.stop_with_care()


@click.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    Add the line for your shell to the file that it reads when it starts:

    \b
      bash, ~/.bashrc:                  eval "$(dropsweep completion bash)"
      zsh, ~/.zshrc (after compinit):   eval "$(dropsweep completion zsh)"
      fish, ~/.config/fish/config.fish: dropsweep completion fish | source

    \b
    Examples:
      dropsweep completion bash
      eval "$(dropsweep completion bash)"
    """
    script = get_completion_class(shell)
    assert script is not None, shell  # noqa: S101 click has all three
    click.echo(script(context.find_root().command, {}, "dropsweep", "_DROPSWEEP_COMPLETE").source())


def _add_variables(command: click.Command, prefix: str) -> None:
    """End the help of a command with the environment variables of its options."""
    names = [
        f"{prefix}_{option.name}".upper()
        for option in command.params
        if isinstance(option, click.Option) and option.allow_from_autoenv and not option.is_eager
    ]
    if names:
        command.epilog = f"Environment variables, for options not given: {', '.join(names)}"
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            _add_variables(inner, f"{prefix}_{name}")


for command in (init, run, show, plot, report, merge, data_commands, verify, schema, completion):
    program.add_command(command)
_add_variables(program, "dropsweep")


def main() -> NoReturn:
    """Run the command line, and leave the process with its exit code."""
    streams.prepare()
    try:
        try:
            program(prog_name="dropsweep", auto_envvar_prefix="DROPSWEEP")
        finally:
            signals.stop_at_once()
    except (OSError, SystemExit) as end:
        trouble = streams.stdout_trouble()
        if trouble is None:
            if isinstance(end, SystemExit):
                signals.leave_if_stopped(end.code)
            raise
        _end_without_stdout(trouble)
    raise AssertionError("click leaves the process")


def _end_without_stdout(trouble: OSError) -> NoReturn:
    streams.leave_stdout()
    if isinstance(trouble, BrokenPipeError):
        sys.exit(errors.Exit.READER_GONE)
    error = errors.stdout_unwritable(trouble)
    click.echo(f"Error: {error}", err=True)
    sys.exit(error.exit_code)
