"""The bar over pip: it says what pip does, and why pip failed."""

import io
import subprocess
import sys

import pytest
from rich.console import Console
from rich.progress import Progress

from config.install import follow, install, pinned

SAID = """\
Obtaining file:///srv/ura
  Preparing editable metadata (pyproject.toml): finished with status 'done'
Requirement already satisfied: rich in ./lib (from ura==0.1) (15.0)
Collecting torch==2.13.0 (from -c constraints.txt (line 9))
  Downloading torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl (190.2 MB)
Collecting torch (from accelerate)
Collecting numpy==2.4.6
  Using cached numpy-2.4.6-cp311-cp311-manylinux_2_27_x86_64.whl.metadata (6.6 kB)
Installing collected packages: numpy, torch, ura
Successfully installed numpy-2.4.6 torch-2.13.0 ura-0.1
""".splitlines(keepends=True)


class Watched(Progress):
    """A bar that remembers what it showed."""

    def __init__(self) -> None:
        super().__init__(console=Console(file=io.StringIO()))
        self.shown = []

    def update(self, task_id, **fields):
        super().update(task_id, **fields)
        task = self.tasks[task_id]
        self.shown.append((task.description, task.completed))


def test_each_step_of_pip_is_named():
    bar = Watched()
    last = follow(SAID, bar)
    assert bar.shown == [
        ("Finding rich", 1),
        ("Finding torch", 2),
        ("Fetching torch (190.2 MB)", 2),
        ("Finding torch", 2),
        ("Finding numpy", 3),
    ]
    assert [(task.description, task.total) for task in bar.tasks] == [
        ("Unpacking 3 packages", None)
    ]
    assert last[-1].startswith("Successfully installed")


def test_the_bar_ends_where_the_pins_do():
    names = pinned()
    assert "torch" in names
    assert len(names) == len(set(names)) > 100


@pytest.mark.parametrize(
    ("arguments", "reason"), [(["--no-such-option"], "no such option"), ([], "")]
)
def test_pips_refusal_is_shown_and_its_status_returned(arguments, reason):
    shown = io.StringIO()
    assert install(arguments, Console(file=shown)) != 0
    assert reason in shown.getvalue()


def test_it_needs_rich_and_nothing_else():
    code = (
        "import sys, config.install; sys.exit('pydantic' in sys.modules or 'yaml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
