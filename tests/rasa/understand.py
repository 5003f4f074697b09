"""Reads utterances as Rasa's light pipeline does, so that Ura's own reading can be compared.

Runs under Rasa's Python, not ours:
python tests/rasa/understand.py MODEL.tar.gz UTTERANCES.jsonl PREDICTIONS.jsonl
"""

import asyncio
import json
import logging
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent

# The rules answer what Rasa cannot place as a question, and who asks for a contact asks one.
SAME = {"nlu_fallback": "ask_question", "find_contact": "ask_question"}


async def predict(model: str, utterances: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the model takes every utterance for, one entry a language form."""
    agent = Agent.load(model)
    predictions = []
    for utterance in utterances:
        for form, text in utterance["texts"].items():
            parsed = await agent.parse_message(text)
            predictions.append(
                {
                    "id": utterance["id"],
                    "form": form,
                    "text": text,
                    "intent": utterance["intent"],
                    "predicted": parsed["intent"]["name"],
                    "confidence": parsed["intent"]["confidence"],
                    "ranking": [
                        [one["name"], one["confidence"]] for one in parsed["intent_ranking"]
                    ],
                    "entities": [[one["entity"], one["value"]] for one in parsed["entities"]],
                }
            )
    return predictions


def table(predictions: list[dict[str, Any]]) -> str:
    """Return the share of right intents for each form."""
    right, all_of = defaultdict(int), defaultdict(int)
    for one in predictions:
        meant, taken_for = (SAME.get(one[key], one[key]) for key in ("intent", "predicted"))
        for form in (one["form"], "all"):
            all_of[form] += 1
            right[form] += taken_for == meant
    rows = [f"{form:8} {right[form] / all_of[form]:.3f}  of {all_of[form]}" for form in all_of]
    return "\n".join(["form     intent accuracy", *rows])


def main(model: str, questions: str, out: str) -> None:
    """Write the predictions to `out` and print the table."""
    # Rasa would print every message that it parses.
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(wrapper_class=quiet)
    lines = Path(questions).read_text(encoding="utf-8").splitlines()
    predictions = asyncio.run(predict(model, [json.loads(line) for line in lines if line.strip()]))
    with open(out, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in predictions)
    print(table(predictions))


if __name__ == "__main__":
    main(*sys.argv[1:])
