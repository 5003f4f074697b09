"""Installs the pinned packages with a bar; the Makefile runs it, with rich alone installed."""

import re
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"
# How many of pip's last lines tell why it failed.
REASON_LINES = 15

# As in: Collecting numpy==2.4.6; in a half-made folder the other.
_FOUND = re.compile(r"\s*(?:Collecting|Requirement already satisfied:) ([\w.-]+)")
# As in: Downloading torch-2.13.0-cp311-cp311-linux_x86_64.whl (190.2 MB).
_FETCHED = re.compile(r"\s*Downloading (?:\S*/)?(\w+)-\S* \(([^)]+)\)")
_UNPACKED = "Installing collected packages"


def install(arguments: Sequence[str], console: Console) -> int:
    """Install what `arguments` of pip name, as pinned, with a bar; return pip's exit status."""
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--progress-bar", "off", "-c", str(CONSTRAINTS), *arguments]
    columns = TextColumn("{task.description:<40}"), BarColumn(), TimeElapsedColumn()
    bar = Progress(*columns, console=console, transient=True)
    with (
        subprocess.Popen(  # noqa: S603 - the maker's words
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as pip,
        bar,
    ):
        last = follow(pip.stdout or (), bar)
    if pip.returncode:
        console.print("\n".join(last), markup=False, highlight=False)
    return pip.returncode


def follow(lines: Iterable[str], bar: Progress) -> list[str]:
    """Show in `bar` what pip says it is doing; return its last lines."""
    task = bar.add_task("Finding packages", total=len(pinned()))
    found: set[str] = set()
    last: deque[str] = deque(maxlen=REASON_LINES)
    for line in lines:
        last.append(line.rstrip())
        if name := _FOUND.match(line):
            found.add(name[1].lower())
            bar.update(task, description=f"Finding {name[1]}", completed=len(found))
        elif fetched := _FETCHED.match(line):
            bar.update(task, description=f"Fetching {fetched[1]} ({fetched[2]})")
        elif line.startswith(_UNPACKED):
            # pip says nothing while it unpacks; a bar without an end keeps moving.
            bar.remove_task(task)
            task = bar.add_task(f"Unpacking {line.count(',') + 1} packages", total=None)
    return list(last)


def pinned() -> list[str]:
    """Return the names of the pinned packages."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    return [line.partition("==")[0] for line in lines if "==" in line]


if __name__ == "__main__":
    sys.exit(install(sys.argv[1:], Console(stderr=True)))
