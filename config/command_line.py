"""How every command behaves: a wrong use is told in one line, and its files are for it alone."""

import os
import sys
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

# Nobody else on the machine reads what a command writes.
PRIVATE = 0o077
# Columns of a table that goes into a file or another program, where nothing needs to be cut.
WIDTH_FOR_FILES = 200


class Commands(TyperGroup):
    """The commands of a package; pass it to `typer.Typer` as `cls`."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and end the process: 0 done, 1 refused or stopped, 2 wrong use."""
        os.umask(PRIVATE)
        ends_the_process = extra.pop("standalone_mode", True)
        extra["standalone_mode"] = False
        if not ends_the_process:
            return super().main(*args, **extra)
        try:
            status = super().main(*args, **extra)
        except typer.TyperException as wrong:
            # Without any word the message is the help itself, which was shown already.
            message = " ".join(wrong.format_message().split())
            if message:
                typer.echo(f"{message} See --help.", err=True)
            sys.exit(wrong.exit_code)
        except typer.Abort:
            typer.echo("Stopped; nothing was changed.", err=True)
            sys.exit(1)
        sys.exit(status if isinstance(status, int) else 0)


def show(table: Table) -> None:
    """Print a table: as wide as the window, or wide enough for any cell where there is none."""
    Console(width=None if sys.stdout.isatty() else WIDTH_FOR_FILES).print(table)
