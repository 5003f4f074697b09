"""What may not be in the repository at all."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Built from pieces, so that this file does not hold what it forbids.
REGISTRIES = ("pypi." + "org", "pythonhosted." + "org", "npmjs." + "org", "deb." + "debian.org")
TEXTS = {".py", ".md", ".yml", ".toml", ".txt", ".html", ".css", ".js", ".json", ".jsonl", ""}


def _texts():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in TEXTS and path.is_file():
            yield name, path.read_text(encoding="utf-8", errors="replace")


def test_no_registry_is_named():
    assert [name for name, text in _texts() if any(host in text for host in REGISTRIES)] == []


def test_pages_load_nothing_from_elsewhere():
    static = [
        (name, text) for name, text in _texts() if "assistant/web" in name and "test" not in name
    ]
    outside = re.compile(r"""(?:src|href|url\(|import|fetch\()\s*=?\s*["'(]*https?://""")
    assert len(static) > 10
    assert [name for name, text in static if outside.search(text)] == []


def test_everything_that_is_pinned_is_pinned_exactly():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[^=+\s]+", line) for line in lines if line)


def test_nothing_large_is_committed():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    # The correction of the model is weights, the one thing that may weigh a few megabytes.
    most = {".safetensors": 4_000_000}
    files = [ROOT / name for name in listed.stdout.splitlines()]
    large = [
        path.name
        for path in files
        if path.exists() and path.stat().st_size > most.get(path.suffix, 2_000_000)
    ]
    assert large == []
