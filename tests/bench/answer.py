"""Starts the real service twice and measures: time to ready, memory at rest, time of an answer.

Run it as `python -m tests.bench.answer [MODEL_FOLDER]`. An answer's time is compared with that of
encoding the same question alone, in the same run, because machines differ: the ratio is what to
watch. It goes through HTTP as the widget's does: signing, database and all.
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from knowledge.encoder import SentenceEncoder

QUESTIONS = Path("tests/questions/starter.jsonl")
FORMS = ("sq", "sr-Latn", "sr-Cyrl", "en")
ASKED = 50
READY_WITHIN_S = 600


def main() -> None:
    """Print one line per measurement."""
    model = Path(sys.argv[1] if len(sys.argv) > 1 else "var/model").resolve()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (data / "model").symlink_to(model)
        with service(data) as (address, first, _):
            pass
        with service(data) as (address, again, process):
            print(
                f"ready after {first:.1f} s with the starter library to read, {again:.1f} s again"
            )
            print(f"memory at rest {memory_mb(process.pid):.0f} MB")
            answers = ask(address, data)
            print(f"memory after {len(answers)} answers {memory_mb(process.pid):.0f} MB")
        report(answers, encode(model))


@contextmanager
def service(data: Path) -> Iterator[tuple[str, float, subprocess.Popen[bytes]]]:
    """Run the service; yield its address, the seconds until it was ready, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "assistant", "run", "--demo"]
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--data", str(data), "--port", str(port)],
        env=os.environ | {"URA_MESSAGES_PER_MINUTE": "10000"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait(f"{address}/health/ready", begun)
        yield address, time.perf_counter() - begun, process
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait(address: str, begun: float) -> None:
    """Return when `address` answers 200."""
    while time.perf_counter() - begun < READY_WITHIN_S:
        try:
            if httpx.get(address, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    sys.exit("the service did not become ready")


def ask(address: str, data: Path) -> list[float]:
    """Return the seconds of each answer, each in a conversation of its own."""
    account = next(
        one for one in json.loads((data / "demo-accounts.json").read_text(encoding="utf-8"))
        if one["role"] == "teacher"
    )  # fmt: skip
    given = {"name": account["name"], "password": account["password"]}
    took = []
    with httpx.Client(base_url=address, timeout=60) as client:
        token = client.post("/api/sign-in", json=given).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        for number, text in enumerate(questions()):
            begun = time.perf_counter()
            body = {"sender": f"bench-{number}", "message": text}
            client.post("/webhooks/rest/webhook", json=body).raise_for_status()
            took.append(time.perf_counter() - begun)
    return took


def encode(model: Path) -> list[float]:
    """Return the seconds of encoding each question alone."""
    encoder = SentenceEncoder.open(model)
    encoder.queries(["warm"])
    took = []
    for text in questions():
        begun = time.perf_counter()
        encoder.queries([text])
        took.append(time.perf_counter() - begun)
    return took


def questions() -> list[str]:
    """Return questions in every language form, by turns."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [row["texts"][form] for row in rows[:ASKED] for form in FORMS]


def report(answers: list[float], encodings: list[float]) -> None:
    """Print middle and slow answers, in milliseconds and as a multiple of the encoding."""
    for name, took in (("answer", answers), ("encoding alone", encodings)):
        slow = statistics.quantiles(took, n=20)[-1]
        print(f"{name}: p50 {statistics.median(took) * 1000:.0f} ms, p95 {slow * 1000:.0f} ms")
    ratio = statistics.median(answers) / statistics.median(encodings)
    print(f"an answer takes {ratio:.1f} times its encoding")


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    main()
