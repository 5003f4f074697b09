"""Compares the model in float32 and bfloat16: speed, memory and agreement, in one run.

Run it as `python -m tests.bench.encoder [MODEL_FOLDER]`; decision 0002 keeps what it printed. Each
precision runs in a process of its own, by turns, so that memory is its own and a busy machine slows
both. Times are compared as ratios.
"""

import json
import multiprocessing
import resource
import sys
import time
from pathlib import Path

import numpy as np

from knowledge.encoder import PRECISIONS, SentenceEncoder

QUESTIONS = Path("tests/questions/starter.jsonl")
STARTER = Path("knowledge/starter")
ROUNDS = 3
TOP = 3


def main() -> None:
    """Print one line per precision, then how far it agrees with float32."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "var/model")
    runs: dict[str, list[dict[str, np.ndarray]]] = {precision: [] for precision in PRECISIONS}
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for _ in range(ROUNDS):
            for precision in PRECISIONS:
                runs[precision].append(pool.apply(measure, (folder, precision)))
    best = {
        precision: {key: min(float(run[key]) for run in found) for key in ("query", "passage")}
        for precision, found in runs.items()
    }
    for precision, found in runs.items():
        _print_line(precision, found[0], best[precision], best["float32"])
    _print_agreement(runs["float32"][0], runs["bfloat16"][0])


def measure(folder: Path, precision: str) -> dict[str, np.ndarray]:
    """Return times, memory and vectors of one precision in a fresh process."""
    started = time.perf_counter()
    encoder = SentenceEncoder.open(folder, precision=precision)
    opened = time.perf_counter() - started
    questions, passages = _texts()
    encoder.queries(questions[:8])
    at_rest, private = _memory_mb("VmRSS"), _memory_mb("RssAnon")
    started = time.perf_counter()
    asked = np.vstack([encoder.queries([question]) for question in questions])
    query = (time.perf_counter() - started) / len(questions)
    started = time.perf_counter()
    kept = encoder.passages(passages)
    passage = (time.perf_counter() - started) / len(passages)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    numbers = {"open": opened, "query": query, "passage": passage}
    numbers |= {"rest": at_rest, "private": private, "peak": peak}
    vectors = {"asked": asked, "kept": kept}
    return {name: np.array(number) for name, number in numbers.items()} | vectors


def _texts() -> tuple[list[str], list[str]]:
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    questions = [text for row in rows if row["half"] == "tune" for text in row["texts"].values()]
    bodies = [path.read_text(encoding="utf-8") for path in sorted(STARTER.rglob("*.md"))]
    sections = [section for body in bodies for section in body.split("\n## ")[1:]]
    return questions, sections


def _memory_mb(kind: str) -> float:
    """Return this process's memory: VmRSS is all of it, RssAnon what no file backs."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(kind)) / 1024


def _print_line(
    precision: str, run: dict[str, np.ndarray], best: dict[str, float], of: dict[str, float]
) -> None:
    print(
        f"{precision:9} open {run['open']:.1f} s"
        f"  question {best['query'] * 1000:.1f} ms (x{best['query'] / of['query']:.2f})"
        f"  passage {best['passage'] * 1000:.1f} ms (x{best['passage'] / of['passage']:.2f})"
        f"  memory warm {run['rest']:.0f} MB (private {run['private']:.0f}),"
        f" at most {run['peak']:.0f} MB"
    )


def _print_agreement(full: dict[str, np.ndarray], half: dict[str, np.ndarray]) -> None:
    for name in ("asked", "kept"):
        cosines = (full[name] * half[name]).sum(axis=1)
        print(f"cosine to float32, {name}: mean {cosines.mean():.5f}, least {cosines.min():.5f}")
    ranked = [np.argsort(-(run["asked"] @ run["kept"].T), axis=1) for run in (full, half)]
    first = (ranked[0][:, 0] == ranked[1][:, 0]).mean()
    shared = [
        len(set(one[:TOP]) & set(other[:TOP])) / TOP for one, other in zip(*ranked, strict=True)
    ]
    print(f"same first passage {first:.3f}, shared among the first {TOP} {np.mean(shared):.3f}")


if __name__ == "__main__":
    main()
