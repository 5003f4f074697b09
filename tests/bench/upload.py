"""Measures how much later a question is answered while a long document is being indexed.

Run it as `python -m tests.bench.upload [MODEL_FOLDER]`. Questions are asked by turns with and
without an upload beside them, in one run, so that a busy machine slows both; every document is new.
"""

import argparse
import itertools
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from knowledge.encoder import SentenceEncoder
from knowledge.library import Library, Upload
from tests.bench.search import FORMS, QUESTIONS, open_library

ROUNDS = 4
ASKED = 50
SECTIONS = 60
SECTION = """
## Part {number} of {document}

The school enrols the child at once, also when papers are missing, and asks the municipal
directorate number {number} to sort them out within the month. A contact person of the school keeps
in touch with the carer, writes down what was agreed, and looks at it again after {number} weeks
together with the school's psychologist and the family.
"""
MS = 1000


def main() -> None:
    """Print the waiting times with and without an upload, and how they compare."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("model", nargs="?", type=Path, default=Path("var/model"))
    encoder = SentenceEncoder.open(options.parse_args().model, aside=True)
    with tempfile.TemporaryDirectory(prefix="ura-bench-") as folder:
        library = open_library(encoder, Path(folder), "upload")
        library.load_starter()
        library.search("warm", language="sq")
        alone: list[float] = []
        beside: list[float] = []
        asked = itertools.cycle(questions())
        for _ in range(ROUNDS):
            alone += waits(library, asked)
            with uploading(library) as added:
                beside += waits(library, asked)
            print(f"{added[0]} documents of {SECTIONS} passages indexed meanwhile")
    for name, found in (("alone", alone), ("beside an upload", beside)):
        p50, p95 = np.percentile(found, [50, 95]) * MS
        print(f"question {name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    later = np.percentile(beside, 95) - np.percentile(alone, 95)
    ratio = np.percentile(beside, 95) / np.percentile(alone, 95)
    print(f"an upload delays the p95 by {later * MS:.0f} ms, x{ratio:.2f}")


def questions() -> list[tuple[str, str]]:
    """Return questions of the tune half with their language forms, mixed."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [(row["texts"][form], form) for row in rows if row["half"] == "tune" for form in FORMS]


def waits(library: Library, asked: Iterator[tuple[str, str]]) -> list[float]:
    """Return how long each of the next questions took, in seconds."""
    found = []
    for text, form in itertools.islice(asked, ASKED):
        started = time.perf_counter()
        library.search(text, language=form)
        found.append(time.perf_counter() - started)
        # Askers think between questions; without a pause no upload would ever go on.
        time.sleep(0.05)
    return found


@contextmanager
def uploading(library: Library) -> Iterator[list[int]]:
    """Add long documents one after another, none of them approved, while the block runs."""
    over = threading.Event()
    added = [0]

    def work() -> None:
        while not over.is_set():
            name = f"bench-{time.monotonic_ns()}"
            parts = [SECTION.format(number=number, document=name) for number in range(SECTIONS)]
            text = f"# {name}\n\n" + "\n".join(parts)
            library.add(Upload(f"{name}.md", text.encode(), name, "en"), by="bench")
            added[0] += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield added
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    main()
