"""The correction of the model: for questions alone, and only with the model it was fitted to."""

import json
from collections import Counter

import numpy as np
import pytest

from knowledge.adapter import DOWN, MODEL, SHIPPED, UP, fits
from knowledge.adapter_examples import Ask, Examples, read_examples
from knowledge.asking import spelled
from knowledge.encoder import SentenceEncoder
from knowledge.language import normalise
from knowledge.model import BUNDLED
from knowledge.quality import OWN_FILES, QUESTIONS


@pytest.mark.slow
def test_the_shipped_correction_fits_the_bundled_model_and_no_other():
    assert fits(SHIPPED, BUNDLED)
    assert not fits(SHIPPED, "another/model")


def test_a_missing_or_broken_file_is_no_correction(tmp_path):
    (tmp_path / "broken").write_bytes(b"no weights")
    assert not fits(tmp_path / "broken", BUNDLED)
    assert not fits(tmp_path / "missing", BUNDLED)


@pytest.mark.model
def test_questions_are_read_anew_and_all_else_as_before(model_folder, encoder):
    plain = SentenceEncoder.open(model_folder, adapter=None)
    texts = ["si ta regjistroj fëmijën në shkollë"]
    assert encoder.questions(texts)[0][0] @ plain.questions(texts)[0][0] < 0.99
    assert np.allclose(encoder.queries(texts), plain.queries(texts), atol=1e-6)
    assert np.allclose(encoder.passages(texts), plain.passages(texts), atol=1e-6)
    assert encoder.name == plain.name


@pytest.mark.model
def test_a_correction_of_nothing_changes_nothing(model_folder, tmp_path):
    import torch
    from safetensors.torch import save_file

    layer = "encoder.layer.0.attention.self.query"
    factors = {layer + DOWN: torch.zeros(2, 384), layer + UP: torch.zeros(384, 2)}
    save_file(factors, str(tmp_path / "nothing"), metadata={MODEL: BUNDLED})
    same = SentenceEncoder.open(model_folder, adapter=tmp_path / "nothing")
    plain = SentenceEncoder.open(model_folder, adapter=None)
    asked = ["kako upisati dete"]
    assert np.allclose(same.questions(asked)[0][0], plain.questions(asked)[0][0], atol=1e-6)


# peft still asks transformers by an old name.
@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing:FutureWarning")
@pytest.mark.model
def test_a_correction_is_fitted_and_can_be_used(model_folder, tmp_path, monkeypatch):
    from knowledge import adapter_fitting

    # So few steps would hardly move at the usual rate.
    monkeypatch.setattr(adapter_fitting, "WARM_UP", 1)
    monkeypatch.setattr(adapter_fitting, "RATE", 1e-2)
    plain = SentenceEncoder.open(model_folder, adapter=None)
    passages = ["The school enrols the child.", "The court decides.", "The doctor is free."]
    pairs = [("who enrols the child", "kush e regjistron fëmijën"), ("who decides", "kush vendos")]
    asks = [
        Ask("kush vendos", "sq", "who decides", "report", 1),
        Ask("kush e regjistron fëmijën", "sq", "who enrols the child", "report", 0),
        Ask("who enrols the child", "en", "", "report", 0),
        Ask("ku është mjeku", "sq", "where is the doctor", "starter-sq", 0),
    ]
    told = []
    path = tmp_path / "own"
    pools = {"report": passages, "starter-sq": ["Mjeku është falas.", "Gjykata vendos."]}
    examples = Examples(pairs, asks, pools)
    adapter_fitting.fit(
        plain, BUNDLED, examples, path, lambda done, total: told.append((done, total))
    )
    assert told[-1][0] == told[-1][1] == len(told)
    assert fits(path, BUNDLED)
    read = SentenceEncoder.open(model_folder, adapter=path).questions(["kush vendos"])[0][0]
    assert read @ plain.questions(["kush vendos"])[0][0] < 0.9999


@pytest.mark.slow
def test_what_it_is_fitted_to_is_never_measured_on():
    examples = read_examples(QUESTIONS)
    measured = {
        spelled(normalise(text), form[:2])
        for name in (*OWN_FILES, "our.jsonl")
        for row in map(json.loads, (QUESTIONS / name).read_text(encoding="utf-8").splitlines())
        for form, text in row["texts"].items()
    }
    assert len(examples.pairs) > 3000
    assert len(examples.asks) > 20_000
    assert all(0 <= ask.place < len(examples.pools[ask.pool]) for ask in examples.asks)
    assert measured.isdisjoint(ask.text for ask in examples.asks)


@pytest.mark.slow
def test_as_many_questions_are_rendered_from_albanian_as_from_serbian():
    asks = read_examples(QUESTIONS).asks
    rendered = [ask for ask in asks if ask.language == "en" and ask.english]
    foreign = [ask for ask in asks if ask.english and ask.language != "en"]
    pools = Counter(ask.pool for ask in rendered)
    for pool in pools:
        own = [ask for ask in foreign if ask.pool == pool]
        assert abs(pools[pool] - len(own) / 2) <= 1
    assert len(rendered) > 4000
