"""Starts servers on free loopback ports for the check with Rasa, and stops them."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
# Rasa brings a large library that is slow to load on a busy machine.
LONGEST_START_S = 300
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "NO_COLOR": "1",
}


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(
    command: list[str], *, log: Path, ready: str, env: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` until the block ends; `log` keeps what it prints.

    Args:
        command: The program and its arguments.
        log: The file for its output.
        ready: An address that answers 200 once the server is up.
        env: Variables beside those of this process.
    """
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **QUIET, **env}, stdout=out, stderr=out
        )
        try:
            _wait(process, ready, log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], ready: str, log: Path) -> None:
    end = time.monotonic() + LONGEST_START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            if httpx.get(ready, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise RuntimeError(f"{process.args}: not up\n{log.read_text(errors='replace')[-2000:]}")
