"""Floors under the measurements: what falls below is named, and a floor for nothing is refused."""

import pytest

from knowledge.floors import BadFloors, missed, read_floors
from knowledge.measures import Estimate, Report, Scores


def scores(recall: float, refused: float | None = None) -> Scores:
    return Scores(10, {"recall@5": Estimate(recall, 0, 1)}, kept=1.0, refused=refused, auroc=None)


REPORT = Report(
    whole=scores(0.8, 0.9),
    forms={"en": scores(0.9), "sq": scores(0.7)},
    kinds={"sport": scores(0.0, 0.5)},
    behind={"sq": Estimate(0.1, 0.0, 0.2)},
)


def test_what_is_kept_is_not_named():
    floors = {"en": {"recall@5": 0.9}, "all": {"refused": 0.9, "kept": 1}, "behind": {"sq": 0.1}}
    assert missed(REPORT, floors) == []


@pytest.mark.parametrize(
    ("floors", "line"),
    [
        ({"sq": {"recall@5": 0.71}}, "sq recall@5 is 0.700, and the floor 0.710"),
        ({"sport": {"refused": 0.6}}, "sport refused is 0.500, and the floor 0.600"),
        ({"all": {"refused": 0.91}}, "all refused is 0.900, and the floor 0.910"),
        ({"behind": {"sq": 0.09}}, "behind sq is 0.100, and the floor 0.090"),
    ],
)
def test_what_falls_below_is_named(floors, line):
    assert missed(REPORT, floors) == [line]


@pytest.mark.parametrize(
    "floors",
    [{"sr-Latn": {"mrr": 0.1}}, {"en": {"auroc": 0.1}}, {"behind": {"sr": 1}}, {"en": {"x": 0}}],
)
def test_a_floor_for_what_was_not_measured_is_no_floor(floors):
    with pytest.raises(BadFloors, match="nothing was measured"):
        missed(REPORT, floors)


@pytest.mark.parametrize("content", ["", "en: high", "- en", "en: {mrr: much}", "en: [", "a: {b"])
def test_a_file_that_holds_no_floors_is_refused(tmp_path, content):
    path = tmp_path / "floors.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadFloors, match=r"floors\.yml"):
        read_floors(path)


def test_floors_are_read(tmp_path):
    path = tmp_path / "floors.yml"
    path.write_text("en: {recall@5: .8}\nbehind: {sq: .1}\n", encoding="utf-8")
    assert read_floors(path) == {"en": {"recall@5": 0.8}, "behind": {"sq": 0.1}}
