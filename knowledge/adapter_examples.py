"""What the correction of the model is fitted to: sentences in three languages, and questions."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from knowledge.asking import render, spelled
from knowledge.glossary import Glossary
from knowledge.language import normalise
from knowledge.starter_library import FOLDER, draft_of_file

LANGUAGES = ("en", "sq", "sr")
# Question files name their forms; one script is enough, as Cyrillic is folded before encoding.
FORMS = {"en": "en", "sq": "sq", "sr": "sr-Latn"}
# Files in the folder of question files. None of them is ever used to measure.
PARALLEL = "parallel.jsonl"
INVENTED = ("invented.jsonl", "invented_more.jsonl")
TRAINING = ("training.jsonl", "training_more.jsonl")

Pair = tuple[str, str]
# Of language, document and number of the section: where its passages stand in their pool.
Places = dict[tuple[str, str, int], list[int]]


@dataclass(frozen=True)
class Ask:
    """A question, the pool of passages that it is asked of, and the place of the right one.

    `english` is the same question in English, empty where it is English itself. A question rendered
    word for word into English has both: its language is en.
    """

    text: str
    language: str
    english: str
    pool: str
    place: int


@dataclass
class Examples:
    """All examples.

    Attributes:
        pairs: An English sentence and the same in Albanian or Serbian; no questions that are asked.
        asks: Questions with what answers them.
        pools: Texts of passages, by name of the pool.
    """

    pairs: list[Pair] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    pools: dict[str, list[str]] = field(default_factory=dict)


def read_examples(folder: Path) -> Examples:
    """Return the examples in a folder of question files, in a fixed order."""
    found = Examples()
    for row in _rows(folder / PARALLEL):
        _add_pairs(found, row)
    for row in (row for name in INVENTED for row in _rows(folder / name)):
        pool = found.pools.setdefault(row["report"], [])
        for question in row["questions"]:
            found.asks += [
                _ask(question, language, row["report"], len(pool)) for language in LANGUAGES
            ]
        pool.append(f"Report {row['report']} › {row['section']}\n{row['text']}")
    places = _starter_places(found.pools)
    for name in TRAINING:
        for row in _rows(folder / name):
            _add_training(found, row, places)
    found.asks += _rendered(found.asks)
    return found


def starter(language: str) -> str:
    """Return the name of the pool of starter documents in a language; all others are English."""
    return f"starter-{language}"


STARTERS = frozenset(map(starter, LANGUAGES))


def _ask(texts: Mapping[str, str], language: str, pool: str, place: int) -> Ask:
    english = "" if language == "en" else _clean(texts["en"], "en")
    return Ask(_clean(texts[language], language), language, english, pool, place)


def _rendered(asks: Sequence[Ask]) -> list[Ask]:
    """Return what is asked of English texts rendered into English, either language by turns."""
    glossary = Glossary.shipped()
    others = STARTERS - {starter("en")}
    # Of each question first the Albanian and then the Serbian.
    foreign = [ask for ask in asks if ask.english and ask.pool not in others]
    return [
        replace(ask, text=render(glossary.pieces(ask.text, ask.language), "en"), language="en")
        for place, ask in enumerate(foreign)
        if place % 4 in {0, 3}
    ]


def _add_training(found: Examples, row: Mapping[str, Any], places: Places) -> None:
    """Add a question about a starter document, asked of the text in its language and in English."""
    if set(FORMS.values()) - set(row["texts"]):
        return
    texts = {language: row["texts"][form] for language, form in FORMS.items()}
    gold = row["gold"][0]
    for language in texts:
        for other in dict.fromkeys((language, "en")):
            right = places.get((other, gold["document"], gold.get("section")), [])
            # A section of several passages does not tell which of them answers.
            if len(right) == 1:
                found.asks.append(_ask(texts, language, starter(other), right[0]))


def _starter_places(pools: dict[str, list[str]]) -> Places:
    """Fill a pool for each language of the starter documents; return where each section stands."""
    places: Places = {}
    for path in sorted(FOLDER.rglob("*.md")):
        draft = draft_of_file(path)
        pool = pools.setdefault(starter(draft.language), [])
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
