"""Texts into unit vectors, with the real model."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from knowledge.aside import BEHIND
from knowledge.encoder import SentenceEncoder
from knowledge.model import ModelUnavailable

ODD = ["", " ", "\ufdfa", "\ud800x", "a\x00b", "😀👍", "ë" * 3000, "e\u0308", "\u202eabc"]


@pytest.mark.model
def test_vectors_are_unit_float32_rows_in_the_order_asked(encoder):
    texts = ["a short one", "një fjali shumë më e gjatë se të tjerat në këtë listë", "дете"]
    vectors = encoder.queries(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, encoder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert encoder.queries([text])[0] @ vector == pytest.approx(1, abs=1e-4)


@pytest.mark.model
def test_a_question_is_nearest_to_its_answer_in_any_language(encoder):
    passages = encoder.passages(
        [
            "Fëmija regjistrohet në shkollë edhe pa dokumente.",
            "The bus leaves at seven in the morning.",
            "Посете су уторком и суботом.",
        ]
    )
    for question in ("can a child enrol without papers", "dete bez papira upis u školu"):
        assert (passages @ encoder.queries([question])[0]).argmax() == 0


@pytest.mark.model
def test_questions_and_passages_are_prompted_differently(encoder):
    same = "Fëmija regjistrohet pa dokumente."
    assert encoder.queries([same])[0] @ encoder.passages([same])[0] < 0.999


@pytest.mark.model
def test_odd_texts_give_sound_vectors(encoder):
    vectors = encoder.passages(ODD)
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    # Composed and decomposed letters, and what cannot be seen, make no difference.
    assert encoder.queries(["fe\u0308mi\u200b"]) @ encoder.queries(["fëmi"]).T == pytest.approx(1)


@pytest.mark.model
def test_no_texts_give_no_rows(encoder):
    assert encoder.queries([]).shape == (0, encoder.dimension)


@pytest.mark.model
def test_progress_counts_up_to_all_texts(encoder):
    told = []
    encoder.passages(["fjalë"] * 40, lambda done, total: told.append((done, total)))
    assert told == [(done, 40) for done in (8, 16, 24, 32, 40)]


@pytest.mark.model
def test_threads_may_share_one_encoder(encoder):
    texts = [f"pyetja numër {number}" for number in range(8)]
    expected = encoder.queries(texts)
    found: dict[int, np.ndarray] = {}

    def work(number: int) -> None:
        found[number] = encoder.queries([texts[number]])[0]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, vector in found.items():
        assert vector @ expected[number] == pytest.approx(1, abs=1e-4)


@pytest.mark.model
def test_bfloat16_agrees_with_float32_and_carries_another_name(encoder, model_folder):
    half = SentenceEncoder.open(model_folder, precision="bfloat16")
    texts = ["kako da upišem dete", "si ta njoftoj DPRRP-në"]
    assert (half.queries(texts) * encoder.queries(texts)).sum(axis=1) == pytest.approx(1, abs=1e-3)
    assert half.queries(texts).dtype == np.float32
    assert half.name != encoder.name


def test_an_unprepared_folder_is_refused(tmp_path):
    with pytest.raises(ModelUnavailable, match="no prepared model"):
        SentenceEncoder.open(tmp_path)


def test_an_unknown_precision_is_refused(tmp_path):
    with pytest.raises(ModelUnavailable, match="precision"):
        SentenceEncoder.open(tmp_path, precision="int8")


@pytest.mark.model
@pytest.mark.skipif(sys.platform != "linux", reason="threads have their own priority on Linux only")
def test_documents_are_read_behind_questions(encoder):
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    own = priority()
    assert encoder._documents._thread.submit(priority).result() == min(own + BEHIND, 19)
    assert priority() == own


@pytest.mark.model
def test_many_may_ask_while_documents_are_read(encoder):
    texts = [f"passage number {number} of a long report" for number in range(60)]
    alone = encoder.passages(texts)
    with ThreadPoolExecutor(4) as pool:
        upload = pool.submit(encoder.passages, texts)
        asked = list(pool.map(encoder.queries, [["who helps a child"]] * 20))
        assert np.allclose(upload.result(), alone, atol=1e-5)
    assert all(np.allclose(one, asked[0], atol=1e-5) for one in asked)


@pytest.mark.model
def test_a_question_does_not_wait_for_a_whole_upload(encoder):
    done: list[int] = []
    started = threading.Event()

    def progress(so_far: int, _total: int) -> None:
        done.append(so_far)
        started.set()

    texts = [f"passage number {number} of a long report" for number in range(200)]
    upload = threading.Thread(target=encoder.passages, args=(texts, progress))
    upload.start()
    started.wait(timeout=60)
    before = len(done)
    encoder.queries(["who helps a child"])
    # At most the batch at work and the one that was about to begin.
    assert len(done) - before <= 2
    upload.join(timeout=120)
    assert done[-1] == len(texts)


@pytest.mark.model
def test_who_asks_beside_others_is_read_as_if_alone(encoder):
    asked = "who enrols the child"
    [(vector, tokens)] = encoder.questions([asked])
    beside = encoder.questions(["a much longer question about something else " * 8, asked])[1]
    assert np.allclose(vector, beside[0], atol=1e-4)
    assert np.allclose(tokens, beside[1], atol=1e-3)
