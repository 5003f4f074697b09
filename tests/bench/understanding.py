"""What is understood of utterances that strangers wrote: intents and entities, by language form.

    python -m tests.bench.understanding [--half tune|test] [--misses]

The file tests/questions/utterances_more.jsonl was written by others than the authors of the
examples, and committed before anything was fitted to it. Even ids are the half to tune on.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from actions.directory import Directory
from actions.told_besides import answers
from assistant.dialogue.script import load_script
from assistant.dialogue.understanding import EMERGENCY, QUESTION, UNSURE, Understanding
from config.settings import Settings
from knowledge.encoder import SentenceEncoder
from knowledge.language import normalise

FILE = Path(__file__).parents[1] / "questions" / "utterances_more.jsonl"
FORMS = ("en", "sq", "sr-Latn", "sr-Cyrl")
# Which question is open where an utterance stands inside the form.
ASKED = {"form_choice": "municipality", "form_text": "concern_facts", "confirm": "confirm"}
# A yes or no in a form is read off the text, whatever it is called.
SAME = {("affirm", "inform"), ("deny", "inform"), (QUESTION, UNSURE)}


def rows(half: str) -> Iterator[dict[str, Any]]:
    """Yield the utterances of one half."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if (int(row["id"][1:]) % 2 == 0) == (half == "tune"):
            yield row


def intent_of(understanding: Understanding, text: str, context: str) -> tuple[str, set[Any]]:
    """Return the intent that a text is given in its place in the form, and what it names."""
    asked = ASKED.get(context, "")
    read = understanding.read(
        normalise(text), in_form=bool(asked), free_text=context == "form_text", asked=asked
    )
    intent = EMERGENCY if read.is_danger and read.intent == QUESTION else read.intent
    return intent, {(one["entity"], one["value"]) for one in read.entities}


def is_right(understanding: Understanding, row: dict[str, Any], form: str) -> bool:
    """Return whether the intent of an utterance is understood in one language form."""
    intent, _ = intent_of(understanding, row["texts"][form], row["context"])
    wanted = row["intent"]
    return intent == wanted or ((wanted, intent) in SAME and row["context"] != "none")


def measure(understanding: Understanding, directory: Directory, half: str, *, misses: bool) -> None:
    """Print the share of intents understood, and precision and recall of entities, by form."""
    for form in FORMS:
        right: defaultdict[str, Counter[bool]] = defaultdict(Counter)
        found = Counter[str]()
        for row in rows(half):
            text, wanted = row["texts"][form], row["intent"]
            intent, named = intent_of(understanding, text, row["context"])
            good = is_right(understanding, row, form)
            right[wanted][good] += 1
            if misses and not good:
                print(f"  {form} {row['context']}: {wanted} heard as {intent}: {text}")
            place = directory.municipality(text) if wanted in ("inform", "change_answer") else None
            named |= {("municipality", place.code)} if place else set()
            known = {_coded(directory, one) for one in row["entities"]}
            kinds = {"municipality", "language", "number"}
            named = {one for one in named if one[0] in kinds}
            found.update(hit=len(known & named), named=len(named), known=len(known))
        told = sum(one.total() for one in right.values())
        share = sum(one[True] for one in right.values()) / told
        exactness = found["hit"] / max(found["named"], 1)
        recall = found["hit"] / max(found["known"], 1)
        print(f"{form}: intents {share:.3f} of {told}; ", end="")
        print(f"entities F1 {2 * found['hit'] / (found['named'] + found['known']):.3f} ", end="")
        print(f"(precision {exactness:.3f}, recall {recall:.3f}, {found['known']})")
        print("   " + ", ".join(f"{k} {v[True]}/{v.total()}" for k, v in right.items()))


def _coded(directory: Directory, entity: dict[str, str]) -> tuple[str, str]:
    place = directory.municipality(entity["value"]) if entity["entity"] == "municipality" else None
    return entity["entity"], place.code if place else entity["value"]


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--half", choices=["tune", "test"], default="test")
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    settings, directory = Settings(), Directory.load()
    encoder = SentenceEncoder.open(settings.model_folder)
    choice = partial(answers, directory=directory)
    understanding = Understanding(load_script(), encoder, settings.index_folder, choice)
    measure(understanding, directory, asked.half, misses=asked.misses)


if __name__ == "__main__":
    main()
