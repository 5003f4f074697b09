"""Reads the YAML files of this folder."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
# The same loader in C, ten times as fast, where PyYAML was built with it.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load_yaml(name: str) -> Any:
    """Return what `name` (a path inside config/) holds; read once, so treat it as frozen."""
    return read_yaml(FOLDER / name)


def read_yaml(path: Path) -> Any:
    """Return what the YAML file at `path` holds, read anew."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - safe loaders


def load_folder(name: str) -> dict[str, Any]:
    """Return what every YAML file in the folder `name` holds, by file stem, in name order."""
    folder = FOLDER / name
    return {path.stem: load_yaml(f"{name}/{path.name}") for path in sorted(folder.glob("*.yml"))}
