"""Floors that measurements must keep: read from a file, and what falls below is named."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from knowledge.measures import Report, Scores

# Everything together, beside the language forms and kinds; and how far a form may be behind.
WHOLE, BEHIND = "all", "behind"
GATE = ("kept", "refused", "auroc")

Floors = Mapping[str, Mapping[str, float]]


class BadFloors(ValueError):
    """The file holds no floors, or one for something that was not measured."""


def read_floors(path: Path) -> Floors:
    """Return the floors in `path`: by form, kind or "all" the least of each figure.

    Under "behind" stands the most that a form may be behind English in nDCG at 10.

    Raises:
        BadFloors: The file is no such list.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return {
            str(group): {str(name): float(floor) for name, floor in figures.items()}
            for group, figures in content.items()
        }
    except (yaml.YAMLError, AttributeError, TypeError, ValueError) as wrong:
        message = f"{path.name} holds no floors: {str(wrong).splitlines()[0]}"
        raise BadFloors(message) from None


def missed(report: Report, floors: Floors) -> list[str]:
    """Return in a line each which floors `report` is below; empty when it keeps them all.

    Raises:
        BadFloors: A floor is for something that was not measured.
    """
    groups = {**report.forms, **report.kinds, WHOLE: report.whole}
    lines: list[str] = []
    for group, figures in floors.items():
        for name, floor in figures.items():
            if group == BEHIND:
                seen = report.behind[name].mean if name in report.behind else None
            else:
                seen = _seen(groups[group], name) if group in groups else None
            if seen is None:
                message = f"nothing was measured for the floor {group} {name}"
                raise BadFloors(message)
            if (seen > floor) if group == BEHIND else (seen < floor):
                lines.append(f"{group} {name} is {seen:.3f}, and the floor {floor:.3f}")
    return lines


def _seen(scores: Scores, name: str) -> float | None:
    if name in GATE:
        value: float | None = getattr(scores, name)
        return value
    return scores.figures[name].mean if name in scores.figures else None
