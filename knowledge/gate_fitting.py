"""Fits the gate to question files and writes its weights; never needed by a running service."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from config.database import Base, open_database
from knowledge.encoder import Encoder
from knowledge.evaluation import WatchedGate
from knowledge.gate import SCORES, WEIGHTS, WORD_SCORES, Evidence, Side, scores_of
from knowledge.library import Library, Upload
from knowledge.questions import Question, read_questions

# The files of questions: answered by the starter documents, by nothing, and by documents that are
# added for the fitting and bring their own questions. The first is written blind, by people who had
# not read the documents; the questions in `TRAINING` were written from them and only train.
ANSWERED, UNANSWERED, ADDED = "starter.jsonl", "out_of_scope.jsonl", "added.jsonl"
TRAINING, TRAINING_UNANSWERED = "training.jsonl", "out_of_scope_training.jsonl"
# Blind questions about the long reports.
TOLD = "reports.jsonl"
FITTING = "fitting"

# Regularisation, and the weight of the question's vector beside the scores. Chosen on the tune
# half: stronger weights on the vector learn its topics by heart, and refuse what a trainer adds.
STRENGTH = 0.03
VECTOR_SCALE = 8.0
FOLDS = 5
# Of the answerable questions of the tune half, so many may be refused; with .05 as many of the test
# half are kept (.97), and .80 instead of .85 of the others refused.
REFUSED_SHARE = 0.06
# Of the unanswerable ones, so many may be called answered, and no more.
ANSWERED_SHARE = 0.05


@dataclass(frozen=True)
class Example:
    """What a search found for a question, and whether the library could answer it.

    `at_home` says that the library has all it has in the question's language, so that words that
    are missing tell something.
    """

    question: str
    evidence: Evidence
    answerable: bool
    at_home: bool


def fit_gate(
    encoder: Encoder,
    questions: Path,
    reports: Sequence[Path],
    work: Path,
    path: Path = WEIGHTS,
) -> int:
    """Fit the gate on the tune half of the question files; return how many examples it saw.

    Args:
        encoder: The model whose vectors the gate will see.
        questions: The folder of question files.
        reports: Long documents that some of the questions are about.
        work: An empty folder for libraries that are thrown away.
        path: Where the weights go.
    """
    examples = gather(encoder, questions, reports, work)
    write_gate(examples, encoder.name, path)
    return len(examples)


def write_gate(examples: Sequence[Example], model: str, path: Path) -> None:
    """Fit the gate to `examples` and write its weights, with the name of their model, to `path`."""
    vectors = np.array([example.evidence.query_vector for example in examples], dtype=np.float64)
    center = vectors.mean(axis=0)
    full, direction = _fit(examples, SCORES, (vectors - center) * VECTOR_SCALE)
    at_home = [example for example in examples if example.at_home]
    words, _ = _fit(at_home, WORD_SCORES, np.empty((len(at_home), 0)))
    direction = direction * VECTOR_SCALE
    stored = {
        "model": model,
        "full": asdict(full) | {"bias": round(full.bias - float(direction @ center), 5)},
        "words": asdict(words),
        "direction": [round(float(value), 4) for value in direction],
    }
    path.write_text(json.dumps(stored) + "\n", encoding="utf-8")


def gather(
    encoder: Encoder, questions: Path, reports: Sequence[Path], work: Path, half: str = "tune"
) -> list[Example]:
    """Return what libraries of several kinds find for questions that they can, or cannot, answer.

    Asked are the starter documents, the same with long reports beside them, and each report alone:
    how near the nearest passage is depends on what else there is. Each added document teaches
    twice: its question is unanswerable before and answerable after, so that the gate learns to look
    at what was found and not only at what is asked about.
    """
    named = {path.stem: path for path in reports}

    def read(name: str) -> list[Question]:
        return read_questions(questions / name, half)

    def told_of(report: str) -> list[Question]:
        return [one for one in read(TOLD) if any(gold.document == report for gold in one.gold)]

    nowhere = [*read(UNANSWERED), *read(TRAINING_UNANSWERED)]
    examples: list[Example] = []
    with _asked(encoder, work, "starter", at_home=True) as asked:
        asked.library.load_starter()
        answered = [*read(ANSWERED), *read(TRAINING)]
        examples += asked.examples(answered, answerable=True)
        examples += asked.examples([*nowhere, *read(ADDED)], answerable=False)
        asked.add(uploads(questions / ADDED, half))
        examples += asked.examples(read(ADDED), answerable=True)
    with _asked(encoder, work, "all") as asked:
        asked.library.load_starter()
        asked.add([Upload(path.name, path.read_bytes()) for path in reports])
        told = [one for report in named for one in told_of(report)]
        examples += asked.examples([*read(ANSWERED), *told], answerable=True)
        examples += asked.examples(nowhere, answerable=False)
    for report, path in named.items():
        with _asked(encoder, work, report) as asked:
            asked.add([Upload(path.name, path.read_bytes())])
            examples += asked.examples(told_of(report), answerable=True)
            examples += asked.examples(nowhere, answerable=False)
    return examples


@dataclass(frozen=True)
class _Asked:
    """A library that is asked, and the gate that watches what it finds."""

    library: Library
    watch: WatchedGate
    at_home: bool

    def add(self, some: Iterable[Upload]) -> None:
        for upload in some:
            self.library.approve(self.library.add(upload, by=FITTING).document, by=FITTING)

    def examples(self, questions: Iterable[Question], *, answerable: bool) -> list[Example]:
        examples: list[Example] = []
        for question in questions:
            self.watch.last = None
            self.library.search(question.text, language=question.form)
            if self.watch.last is not None:
                examples.append(Example(question.id, self.watch.last, answerable, self.at_home))
        return examples


@contextmanager
def _asked(encoder: Encoder, work: Path, name: str, *, at_home: bool = False) -> Iterator[_Asked]:
    engine = open_database(f"sqlite:///{work / name}.sqlite3")
    Base.metadata.create_all(engine)
    watch = WatchedGate()
    library = Library(engine, encoder, work / "index", second_person=False, gate=watch)
    yield _Asked(library, watch, at_home)
    engine.dispose()


def uploads(path: Path, half: str) -> list[Upload]:
    """Return the documents that a file of questions brings along, one for each language."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Upload(
            name=f"{row['id']}.{language}.txt",
            content=document["text"].encode(),
            title=document["title"],
            language=language,
        )
        for row in rows
        if row["half"] == half
        for language, document in row["documents"].items()
    ]


def _fit(
    examples: Sequence[Example], names: tuple[str, ...], vectors: NDArray[Any]
) -> tuple[Side, NDArray[Any]]:
    """Return the classifier over the named scores, and the weights of the columns of `vectors`."""
    scores = np.array([scores_of(example.evidence, names) for example in examples])
    means, scales = scores.mean(axis=0), scores.std(axis=0) + 1e-9
    table = np.hstack([(scores - means) / scales, vectors])
    answerable = np.array([example.answerable for example in examples])
    groups = [example.question for example in examples]
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=5000)
    chances = cross_val_predict(
        model, table, answerable, groups=groups, cv=GroupKFold(FOLDS), method="predict_proba"
    )[:, 1]
    partly = float(np.quantile(chances[answerable], REFUSED_SHARE))
    answered = float(np.quantile(chances[~answerable], 1 - ANSWERED_SHARE))
    model.fit(table, answerable)
    weights = model.coef_[0]
    side = Side(
        means=_rounded(means),
        scales=_rounded(scales),
        weights=_rounded(weights[: len(names)]),
        bias=round(float(model.intercept_[0]), 5),
        partly=round(partly, 3),
        answered=round(max(answered, partly), 3),
    )
    return side, weights[len(names) :]


def _rounded(values: NDArray[Any]) -> tuple[float, ...]:
    return tuple(round(float(value), 5) for value in values)
