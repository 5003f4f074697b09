"""Measuring what each stage of a search brings."""

import json

import pytest
from typer.testing import CliRunner

from knowledge import __main__ as commands
from knowledge import quality, stages
from knowledge.console import trial_library
from knowledge.evaluation import Outcome
from knowledge.questions import Gold, Question
from tests.fakes import FakeEncoder

STEP = "our first step"


def outcome(form: str, ndcg: float) -> Outcome:
    question = Question("a", form, "si", gold=(Gold("a"),))
    figures = dict.fromkeys(("ndcg@10", "recall@5"), ndcg)
    return Outcome(question, figures, refused=False, chance=1.0, first="")


def test_what_a_stage_brings_is_told_by_form_and_question():
    more = [outcome("en", 1.0), outcome("sq", 0.5), outcome("en", 0.5)]
    less = [outcome("en", 0.5), outcome("sq", 0.5), outcome("en", 0.5)]
    found = stages.differences(more, less)
    assert found["en"]["ndcg@10"].mean == 0.25
    assert found["en"]["ndcg@10"].low <= 0.25 <= found["en"]["ndcg@10"].high
    assert found["sq"]["recall@5"].mean == 0
    with pytest.raises(ValueError, match="shorter"):
        stages.differences(more, less[:1])


def test_without_a_comparison_the_figures_themselves_are_told():
    assert (
        stages.differences([outcome("en", 1.0), outcome("en", 0.5)], ())["en"]["ndcg@10"].mean
        == 0.75
    )


@pytest.mark.slow
def test_every_stage_is_measured_with_its_own_questions(tmp_path, monkeypatch):
    for name, role in (("a", "imam"), ("b", "teacher")):
        front = f"---\nid: fictional-{name}\ntitle: guide\nlanguage: en\naudience: [{role}]\n---\n"
        (tmp_path / f"fictional-{name}.md").write_text(front + STEP)
    row = {"id": "1", "texts": {"en": STEP}, "gold": [{"document": "fictional-b", "quote": STEP}]}
    for name in stages.FILES:
        (tmp_path / name).write_text(json.dumps(row))
        row["role"] = "teacher"
    monkeypatch.setattr(stages, "QUESTIONS", tmp_path)
    monkeypatch.setattr(quality, "REPORTS", tmp_path)

    def without_starter(*some, **more):
        return trial_library(*some, **more | {"starter": False})

    monkeypatch.setattr(stages, "trial_library", without_starter)
    monkeypatch.setattr(stages, "open_encoder", lambda _settings, **_: FakeEncoder())
    ended = CliRunner().invoke(commands.app, ["stages", "--json", "--data", str(tmp_path)])
    found = json.loads(ended.stdout)
    together, alone = found["all in one library"], found["each report alone"]
    assert set(together) == set(alone) == {*stages.WHOLE, *stages.STAGES}
    # Two texts say the same, and only the role tells them apart.
    assert together["role"]["en"]["ndcg@10"]["mean"] > 0
    assert alone["role"]["en"]["ndcg@10"]["mean"] == 0
    assert alone["all stages"]["en"]["recall@5"]["mean"] == 1
    shown = CliRunner().invoke(commands.app, ["stages", "--data", str(tmp_path)]).stdout
    assert "| each report alone, recall@5 |" in shown
