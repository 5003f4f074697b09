"""Measures the search: against bare encoding, from 1,000 to a million passages, by many askers.

Run it as `python -m tests.bench.search [MODEL_FOLDER] [--sizes N ...] [--folder FOLDER]`; decision
0005 keeps what it printed. Every figure is a ratio in one run, because machines differ; a search
and an encoding are told in processor time, because machines are shared. Larger libraries are copies
of the starter library (`tests.enlarged`), each in a process of its own, to tell its memory.
"""

import argparse
import json
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from config.clock import now
from config.database import Base, open_database
from knowledge.asking import prepare
from knowledge.console import TABLES
from knowledge.documents import Document, State, StoredPassage, Version, read_counter
from knowledge.encoder import SentenceEncoder
from knowledge.gate import Gate
from knowledge.glossary import Glossary
from knowledge.index import Index
from knowledge.library import OPERATOR, Library, Upload
from knowledge.search import Searcher
from knowledge.shelf import living_texts
from tests.enlarged import Enlarged

QUESTIONS = Path("tests/questions/starter.jsonl")
FORMS = ("sq", "sr-Latn", "sr-Cyrl", "en")
ASKED = 25
SIZES = (1_000, 10_000, 100_000)
ADDED_TO = 100_000
ASKERS = (1, 8, 32)
RECALLED = 20
NEW = "The zelenograd office lends wheelchairs on Tuesdays. Bring the blue zelenograd form."


def main() -> None:
    """Print one line per figure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("model", nargs="?", type=Path, default=Path("var/model"))
    options.add_argument("--sizes", nargs="+", type=int, default=SIZES, help="up to 1000000")
    options.add_argument("--folder", type=Path, help="keeps what was indexed for the next run")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="ura-bench-") as name:
        folder = given.folder or Path(name)
        folder.mkdir(exist_ok=True)
        with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
            pool.apply(measure_starter, (given.model, folder))
            first = 0.0
            for size in given.sizes:
                slow = pool.apply(measure_size, (given.model, folder, size))
                first = first or slow
                print(f"{size:,} passages: p95 x{slow / first:.2f} of that at {given.sizes[0]:,}")


def measure_starter(model: Path, folder: Path) -> None:
    """Index the starter library, unless that was done, and ask it."""
    encoder = SentenceEncoder.open(model)
    encoder.queries(["warm"])
    library = open_library(encoder, folder, "starter")
    if not library.list():
        measure_indexing(encoder, library, library_engine(folder, "starter"))
    library.search("warm", language="sq")
    for form in FORMS:
        searched, encoded = [], []
        for text in questions(form):
            encoded.append(processor_seconds(lambda: encoder.queries([text])))  # noqa: B023
            ask = lambda: library.search(text, language=form)  # noqa: B023, E731
            searched.append(processor_seconds(ask))
        ratio = np.median(searched) / np.median(encoded)
        print(
            f"{form}: a search takes {ratio:.2f} times bare encoding"
            f" ({np.median(searched) * 1000:.0f} ms, {np.median(encoded) * 1000:.0f} ms)"
        )
    measure_askers(library)


def measure_indexing(encoder: SentenceEncoder, library: Library, engine: Engine) -> None:
    """Index the starter library, against bare encoding of all that is encoded for it."""
    took = processor_seconds(library.load_starter)
    with Session(engine) as session:
        texts = [text for group in living_texts(session) for text in group]
    bare = processor_seconds(lambda: encoder.passages(list(dict.fromkeys(texts))))
    print(f"indexing the starter library: {bare / took:.2f} of the throughput of bare encoding")


def measure_askers(library: Library) -> None:
    """Print how many questions are answered in a second, by how many ask at once."""
    asked = [(text, form) for form in FORMS for text in questions(form)]
    alone = 0.0
    for askers in ASKERS:
        with ThreadPoolExecutor(askers) as pool:
            ask = lambda one: library.search(one[0], language=one[1])  # noqa: E731
            rate = len(asked) / seconds(lambda: list(pool.map(ask, asked)))  # noqa: B023
        alone = alone or rate
        print(f"{askers} askers: {rate:.1f} questions a second, x{rate / alone:.2f} of one alone")


def measure_size(model: Path, folder: Path, size: int) -> float:
    """Print what a library of `size` passages costs; return the p95 of a search in encodings."""
    encoder = SentenceEncoder.open(model)
    library = open_library(encoder, folder, "starter")
    library.load_starter()
    small = library._index.current()
    library.search("warm", language="sq")
    before = memory_mb("RssAnon")
    parts = Enlarged(small, size, folder)
    made = time.perf_counter()
    index = parts.index()
    made = time.perf_counter() - made
    print(f"{size:,} passages: made anew in {made:.1f} s, without encoding and lemmas")
    searcher = Searcher(encoder, Gate.load(), Glossary.shipped())
    searched, encoded, recalled = [], [], []
    for form in FORMS:
        searcher.search(index, prepare("warm", form), 3)
        for text in questions(form):
            asked = prepare(text, form)
            encoded.append(processor_seconds(lambda: encoder.queries([text])))  # noqa: B023
            ask = lambda: searcher.search(index, asked, 3)  # noqa: B023, E731
            searched.append(processor_seconds(ask))
            if not index.nearest.is_exact:
                vector = encoder.questions([text])[0][0]
                recalled.append(recall(index, asked.language, asked.script, vector))
    more = memory_mb("RssAnon") - before
    print(f"{size:,} passages: {more * 1000 / size:.1f} MB of memory per 1,000 passages")
    p50, p95 = np.quantile(searched, (0.5, 0.95)) / np.median(encoded)
    print(f"{size:,} passages: a search p50 x{p50:.2f}, p95 x{p95:.2f} of bare encoding")
    if recalled:
        print(f"{size:,} passages: recall@{RECALLED} {np.mean(recalled):.3f} of exact search")
    if size == ADDED_TO:
        measure_adding(encoder, folder, index, made)
    return float(p95)


def measure_adding(encoder: SentenceEncoder, folder: Path, index: Index, made: float) -> None:
    """Print how long it takes until a new document answers."""
    for old in folder.glob("large*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    library = open_library(encoder, folder, "large")
    engine = library_engine(folder, "large")
    store(engine, index)
    with Session(engine) as session:
        library._index._taken = (read_counter(session), now().date()), index
    upload = Upload("new.txt", NEW.encode(), title="Zelenograd", language="en")
    added = []
    took = seconds(lambda: added.append(library.add(upload, by=OPERATOR)))
    library.approve(added[0].document, by=OPERATOR)
    found = []
    search = lambda: found.append(library.search(NEW, language="en"))  # noqa: E731
    first, ask = seconds(search), seconds(search)
    is_first = found[0].hits[0].document == added[0].document
    print(
        f"a document more: {took:.2f} s to add, {first:.2f} s for the first question after it"
        f" (x{first / ask:.1f} of a question, x{first / made:.3f} of an index made anew),"
        f" {'found first' if is_first else 'NOT FOUND'}"
    )
    library.withdraw(added[0].document, by=OPERATOR)
    gone = library.search(NEW, language="en").hits[0].document != added[0].document
    print(f"a document less: {'gone' if gone else 'STILL THERE'} at the next question")


def recall(index: Index, language: str, script: str, vector: np.ndarray) -> float:
    """Return the share of the nearest by exact search that the index finds."""
    view = index.view(language, script)
    cosines = np.concatenate(
        [
            index.vectors(view.rows[start : start + 50_000]) @ vector
            for start in range(0, len(view.rows), 50_000)
        ]
    )
    exact = view.rows[np.argpartition(-cosines, RECALLED)[:RECALLED]]
    return len(np.intersect1d(exact, view.nearest.nearest(vector, RECALLED))) / RECALLED


def store(engine: Engine, index: Index) -> None:
    """Put what an index holds into the database, as if people had added and approved it."""
    documents, versions, passages = {}, {}, []
    for one in index.passages:
        documents[one.document] = {"id": one.document, "family": one.family}
        version = versions.setdefault(one.document, {"id": len(versions) + 1})
        known = ("title", "kind", "language", "script", "review", "valid_from")
        version |= {name: getattr(one, name) for name in known}
        version |= {"document_id": one.document, "number": one.version, "state": State.APPROVED}
        version |= {"audience": list(one.audience), "sources": [], "language_review": ""}
        version |= {"file_name": "", "content_sha256": one.document[-64:], "added_by": OPERATOR}
        version |= {"added_at": now(), "valid_until": None}
        passage = {"id": one.id, "version_id": version["id"], "place": one.place - 1}
        passage |= {"section": one.section, "page": one.page, "text": one.text}
        passages.append(passage)
    with Session(engine) as session, session.begin():
        session.execute(insert(Document), list(documents.values()))
        session.execute(insert(Version), list(versions.values()))
        session.execute(insert(StoredPassage), passages)


def open_library(encoder: SentenceEncoder, folder: Path, name: str) -> Library:
    """Return a library whose database and vectors are in `folder`."""
    engine = library_engine(folder, name)
    Base.metadata.create_all(engine, [Base.metadata.tables[t.__tablename__] for t in TABLES])
    return Library(engine, encoder, folder / name, gate=Gate.load(), second_person=False)


def library_engine(folder: Path, name: str) -> Engine:
    """Return the database of a library."""
    return open_database(f"sqlite:///{folder / name}.sqlite3")


def questions(form: str) -> list[str]:
    """Return questions in one language form."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [row["texts"][form] for row in rows[:ASKED]]


def seconds(work: Callable[[], object]) -> float:
    """Return how long something took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def processor_seconds(work: Callable[[], object]) -> float:
    """Return how long all threads together worked on something."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def memory_mb(kind: str) -> float:
    """Return this process's memory in MB; RssAnon is what no file backs."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1024


if __name__ == "__main__":
    main()
