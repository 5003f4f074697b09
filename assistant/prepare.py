"""What must be there before the service starts: model, tables, starter documents, demo accounts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Engine

from assistant.demo import prepare_demo
from assistant.people.people import People
from assistant.schema import migrate
from config.settings import Settings
from knowledge.library import Library
from knowledge.model import prepare as prepare_model

# A bar is shown on standard error, so that what a command prints stays clean for other programs.
CONSOLE = Console(stderr=True)


class Bar:
    """One line of progress that is called with (done, total)."""

    def __init__(self, progress: Progress, title: str) -> None:
        """Add a line named `title` to `progress`."""
        self._progress = progress
        self._task = progress.add_task(title, total=None)

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` parts are ready."""
        self._progress.update(self._task, completed=done, total=max(total, 1))

    def finish(self) -> None:
        """Fill the bar."""
        total = self._progress.tasks[self._task].total or 1
        self._progress.update(self._task, completed=total, total=total)


@contextmanager
def step(title: str) -> Iterator[Bar]:
    """Show a bar named `title` while the block runs."""
    columns = TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=CONSOLE) as progress:
        bar = Bar(progress, title)
        yield bar
        bar.finish()


def make_data_folder(folder: Path) -> None:
    """Make the data folder, closed to other users of the machine."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def prepare_ground(settings: Settings, engine: Engine) -> None:
    """Prepare the model folder and bring the database to its newest shape."""
    with step("Model folder") as bar:
        prepare_model(
            settings.model_folder,
            settings.model,
            progress=lambda _step, done, total: bar(done, total),
            pip_args=settings.pip_args,
        )
    with step("Database"):
        migrate(engine)


def prepare_library(library: Library) -> int:
    """Load the starter documents that are new or changed; return how many that were."""
    with step("Starter library") as bar:
        return library.load_starter(progress=bar)


def prepare_accounts(settings: Settings, engine: Engine) -> list[dict[str, str]]:
    """Return the demo accounts, made where missing."""
    with step("Demo accounts"):
        return prepare_demo(People(engine), settings.demo_file)
