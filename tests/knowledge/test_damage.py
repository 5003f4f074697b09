"""Three hundred damages to the index folder: none changes an answer, and none stays."""

import errno
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config.database import open_database
from knowledge.library import OPERATOR, Library, Upload
from tests.fakes import FakeEncoder, FrozenClock

SEEDS = range(20)
# A library of more passages than this reads its rows from mapped files.
MAPPED = 1
# Long enough that its sentences have vectors of their own.
LONG = " ".join(
    f"Reintegration step {n} prescribes multidisciplinary consultations." for n in range(40)
)
DOCUMENTS = [
    ("Bullying", "en", "Call the principal when a child is bullied at school."),
    ("Enrolment", "en", "A returned child is enrolled in school without any certificate."),
    ("Plan", "en", LONG),
    ("Regjistrimi", "sq", "Fëmija i kthyer regjistrohet në shkollë pa asnjë dëftesë."),
    ("Shëndeti", "sq", "Mjeku i familjes e pranon fëmijën pa pagesë."),
    ("Упис", "sr-Cyrl", "Дете се уписује у школу без сведочанства."),
]
QUESTIONS = [
    ("who to call when a child is bullied at school", "en"),
    ("multidisciplinary consultations of step 17", "en"),
    ("regjistrimi i fëmijës në shkollë", "sq"),
    ("a paguhet mjeku i familjes", "sq"),
    ("upis deteta u školu", "sr-Latn"),
    ("certificate for school", ""),
]


class OtherEncoder(FakeEncoder):
    """An encoder of another name whose vectors are of the same form, and mean something else."""

    name = "other-words"

    def _vector(self, text):
        return super()._vector(text)[::-1].copy()


class Filled(FakeEncoder):
    """An encoder for a cache that should lack nothing."""

    def passages(self, texts, progress=None):
        raise AssertionError(texts)


@dataclass(frozen=True)
class Sound:
    """An undamaged library: its database, its index folder as it stands and as it stood, and what
    it answers, in memory and mapped."""

    engine: Engine
    now: Path
    earlier: Path
    foreign: Path
    answers: list
    mapped_answers: list

    def library(self, folder: Path, encoder: FakeEncoder | None = None, **options) -> Library:
        encoder = encoder or FakeEncoder()
        return Library(self.engine, encoder, folder, clock=FrozenClock(), **options)


def answers_of(library: Library) -> list:
    return [library.search(text, language=code) for text, code in QUESTIONS]


@pytest.fixture(scope="module")
def sound(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sound]:
    folder = tmp_path_factory.mktemp("sound")
    shutil.copyfile(empty_database, folder / "ura.sqlite3")
    engine = open_database(f"sqlite:///{folder / 'ura.sqlite3'}")
    library = Library(engine, FakeEncoder(), folder / "now", clock=FrozenClock())
    for place, (title, language, text) in enumerate(DOCUMENTS):
        added = library.add(Upload("a.txt", text.encode(), title, language), by=OPERATOR)
        library.approve(added.document, by=OPERATOR)
        library.refresh()
        if place == 2:
            shutil.copytree(folder / "now", folder / "earlier")
    answers = answers_of(library)
    assert all(found.hits for found in answers)
    Library(engine, OtherEncoder(), folder / "foreign", clock=FrozenClock()).reindex()
    mapped = Library(engine, Filled(), folder / "now", clock=FrozenClock(), exact_up_to=MAPPED)
    assert not mapped._index.current().nearest.is_exact
    answers = answers, answers_of(mapped)
    yield Sound(engine, folder / "now", folder / "earlier", folder / "foreign", *answers)
    engine.dispose()


def flip(file: Path, _sound: Sound, dice: random.Random) -> None:
    content = bytearray(file.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    file.write_bytes(content)


def truncate(file: Path, _sound: Sound, dice: random.Random) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: dice.randrange(len(content))])


def empty(file: Path, _sound: Sound, _dice: random.Random) -> None:
    file.write_bytes(b"")


def duplicate(file: Path, _sound: Sound, dice: random.Random) -> None:
    shutil.copyfile(dice.choice(sorted(file.parent.iterdir())), file.with_stem("0" * 64))
    shutil.copyfile(file, dice.choice(sorted(file.parent.iterdir())).with_stem("1" * 64))


def swap(file: Path, _sound: Sound, dice: random.Random) -> None:
    other = dice.choice([one for one in sorted(file.parent.iterdir()) if one != file])
    before, after = file.read_bytes(), other.read_bytes()
    file.write_bytes(after)
    other.write_bytes(before)


def delete(file: Path, _sound: Sound, _dice: random.Random) -> None:
    file.unlink()


def make_directory(file: Path, _sound: Sound, dice: random.Random) -> None:
    file.unlink()
    file.mkdir()
    if dice.random() < 0.5:
        (file / "inside").write_bytes(b"x")


def take_from_other_encoder(file: Path, sound: Sound, dice: random.Random) -> None:
    kind = [one for one in sorted(sound.foreign.iterdir()) if one.suffix == file.suffix]
    for one in kind:
        shutil.copyfile(one, file.parent / one.name)
    shutil.copyfile(dice.choice(kind), file)


def make_unreadable(file: Path, _sound: Sound, _dice: random.Random) -> None:
    # Not by its permissions, which an administrator's tests would not feel: a link to itself.
    file.unlink()
    file.symlink_to(file)


def go_back(file: Path, sound: Sound, dice: random.Random) -> None:
    if dice.random() < 0.5:
        shutil.rmtree(file.parent)
        shutil.copytree(sound.earlier, file.parent)
    else:
        shutil.copyfile(dice.choice(sorted(sound.earlier.iterdir())), file)


DAMAGES = [
    flip,
    truncate,
    empty,
    duplicate,
    swap,
    delete,
    make_directory,
    take_from_other_encoder,
    make_unreadable,
    go_back,
]


def damage(folder: Path, how: Callable, sound: Sound, seed: int) -> None:
    dice = random.Random(f"{how.__name__} {seed}")  # noqa: S311 - for repeating, not for secrets
    for _ in range(dice.choice([1, 1, 2])):
        usable = [one for one in sorted(folder.iterdir()) if one.is_file()]
        how(dice.choice(usable), sound, dice)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("how", DAMAGES, ids=lambda how: how.__name__)
def test_a_damaged_index_folder_changes_no_answer(sound, tmp_path, how, seed):
    folder = tmp_path / "index"
    shutil.copytree(sound.now, folder)
    library = sound.library(folder)
    open_before = seed % 2
    if open_before:
        library.refresh()
    damage(folder, how, sound, seed)
    if open_before:
        assert answers_of(library) == sound.answers
        # Another process changes something, and the index is taken anew.
        away = sound.library(folder, Filled())
        away.withdraw("bullying", by=OPERATOR)
        away.restore("bullying", by=OPERATOR)
    assert answers_of(library) == sound.answers
    # What was lost is there again: a later start encodes nothing.
    assert answers_of(sound.library(folder, Filled())) == sound.answers


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS[:10])
@pytest.mark.parametrize("how", DAMAGES, ids=lambda how: how.__name__)
def test_a_folder_damaged_before_it_is_mapped_changes_no_answer(sound, tmp_path, how, seed):
    folder = tmp_path / "index"
    shutil.copytree(sound.now, folder)
    damage(folder, how, sound, seed)
    library = sound.library(folder, exact_up_to=MAPPED)
    assert answers_of(library) == sound.mapped_answers
    assert answers_of(sound.library(folder, Filled(), exact_up_to=MAPPED)) == sound.mapped_answers


@pytest.mark.parametrize("how", [swap, delete, make_directory, make_unreadable, shutil.rmtree])
def test_mapped_files_that_are_moved_away_change_no_answer(sound, tmp_path, how):
    folder = tmp_path / "index"
    shutil.copytree(sound.now, folder)
    library = sound.library(folder, exact_up_to=MAPPED)
    library.refresh()
    if how is shutil.rmtree:
        shutil.rmtree(folder)
    elif how is swap:
        first, second, *_ = sorted(folder.iterdir())
        first.rename(folder / "aside")
        second.rename(first)
    else:
        for file in sorted(folder.iterdir()):
            how(file, sound, random.Random(1))  # noqa: S311 - for repeating, not for secrets
    assert answers_of(library) == sound.mapped_answers
    away = sound.library(tmp_path / "other")
    away.withdraw("bullying", by=OPERATOR)
    away.restore("bullying", by=OPERATOR)
    assert answers_of(library) == sound.mapped_answers


def test_damage_while_the_index_is_being_made_changes_no_answer(sound, tmp_path):
    folder = tmp_path / "index"

    class Undermined(FakeEncoder):
        def passages(self, texts, progress=None):
            shutil.rmtree(folder, ignore_errors=True)
            return super().passages(texts, progress)

    assert answers_of(sound.library(folder, Undermined())) == sound.answers


def fill_the_disk(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_file):
        raise OSError(errno.ENOSPC, "No space left on device")

    # Where a full disk is noticed at the latest: some bytes are written by then.
    monkeypatch.setattr(os, "fsync", refuse)


def lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args, **_options):
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    # An administrator's tests would not feel the permissions themselves.
    for name in ("mkdir", "open", "unlink", "replace", "rename", "rmdir"):
        monkeypatch.setattr(os, name, refuse)


def put_a_file_in_its_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"")


@pytest.mark.parametrize("hinder", [fill_the_disk, lock, put_a_file_in_its_place])
@pytest.mark.parametrize("options", [{}, {"exact_up_to": MAPPED}], ids=["in memory", "mapped"])
def test_an_index_folder_that_cannot_be_written_changes_no_answer(
    sound, tmp_path, monkeypatch, caplog, hinder, options
):
    folder = tmp_path / "index"
    shutil.copytree(sound.earlier, folder)
    with monkeypatch.context() as patch:
        hinder(folder, patch)
        library = sound.library(folder, **options)
        assert answers_of(library) == (sound.mapped_answers if options else sound.answers)
        assert library.reindex() > len(DOCUMENTS)
        assert "cannot be kept" in caplog.text
    # A try that failed leaves nothing behind that would fill the disk.
    before = {file.name for file in sound.earlier.iterdir()}
    if folder.is_dir():
        assert {file.name for file in folder.iterdir()} == before
