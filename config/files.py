"""Reads the YAML files of this folder."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@cache
def load_yaml(name: str) -> Any:
    """Return what `name` (a path inside config/) holds; read once, so treat it as frozen."""
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def load_folder(name: str) -> dict[str, Any]:
    """Return what every YAML file in the folder `name` holds, by file stem, in name order."""
    folder = FOLDER / name
    return {path.stem: load_yaml(f"{name}/{path.name}") for path in sorted(folder.glob("*.yml"))}
