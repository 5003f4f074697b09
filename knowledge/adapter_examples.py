"""What the correction of the model is fitted to: sentences in three languages, and questions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.asking import spelled
from knowledge.language import normalise
from knowledge.starter_library import FOLDER, draft_of_file

LANGUAGES = ("en", "sq", "sr")
# Question files name their forms; one script is enough, as Cyrillic is folded before encoding.
FORMS = {"en": "en", "sq": "sq", "sr": "sr-Latn"}
# Files in the folder of question files. None of them is ever used to measure.
PARALLEL, INVENTED = "parallel.jsonl", "invented.jsonl"
TRAINING = ("training.jsonl", "training_more.jsonl")

# Of language, document and number of the section: where its passages stand in their pool.
Places = dict[tuple[str, str, int], list[int]]


@dataclass(frozen=True)
class Ask:
    """A question, the pool of passages that it is asked of, and the place of the right one."""

    text: str
    pool: str
    place: int


@dataclass
class Examples:
    """All examples.

    Attributes:
        pairs: An English sentence and the same in Albanian or Serbian.
        asks: Questions with what answers them.
        pools: Texts of passages, by name of the pool.
    """

    pairs: list[tuple[str, str]] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    pools: dict[str, list[str]] = field(default_factory=dict)


def read_examples(folder: Path) -> Examples:
    """Return the examples in a folder of question files, in a fixed order."""
    found = Examples()
    for row in _rows(folder / PARALLEL):
        _add_pairs(found, row)
    for row in _rows(folder / INVENTED):
        pool = found.pools.setdefault(row["report"], [])
        for question in row["questions"]:
            _add_pairs(found, question)
            found.asks += [
                Ask(_clean(question[language], language), row["report"], len(pool))
                for language in LANGUAGES
            ]
        pool.append(f"Report {row['report']} › {row['section']}\n{row['text']}")
    places = _starter_places(found.pools)
    for name in TRAINING:
        for row in _rows(folder / name):
            _add_training(found, row, places)
    return found


def _add_training(found: Examples, row: Mapping[str, Any], places: Places) -> None:
    """Add a question about a starter document, asked of the text in its language and in English."""
    if set(FORMS.values()) - set(row["texts"]):
        return
    texts = {language: row["texts"][form] for language, form in FORMS.items()}
    _add_pairs(found, texts)
    gold = row["gold"][0]
    for language, text in texts.items():
        for other in dict.fromkeys((language, "en")):
            right = places.get((other, gold["document"], gold.get("section")), [])
            # A section of several passages does not tell which of them answers.
            if len(right) == 1:
                found.asks.append(Ask(_clean(text, language), f"starter-{other}", right[0]))


def _starter_places(pools: dict[str, list[str]]) -> Places:
    """Fill a pool for each language of the starter documents; return where each section stands."""
    places: Places = {}
    for path in sorted(FOLDER.rglob("*.md")):
        draft = draft_of_file(path)
        pool = pools.setdefault(f"starter-{draft.language}", [])
        sections = list(dict.fromkeys(passage.section for passage in draft.passages))
        for passage, texts in zip(draft.passages, draft.texts(), strict=True):
            section = sections.index(passage.section) + 1
            places.setdefault((draft.language, draft.facts.id, section), []).append(len(pool))
            pool.append(texts[0])
    return places


def _add_pairs(found: Examples, texts: Mapping[str, str]) -> None:
    english = _clean(texts["en"], "en")
    found.pairs += [(english, _clean(texts[language], language)) for language in ("sq", "sr")]


def _clean(text: str, language: str) -> str:
    """Return a text as the library hands a question to the model."""
    return spelled(normalise(text), language)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
