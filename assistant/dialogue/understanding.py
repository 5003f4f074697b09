"""What a message means: a button, danger, a short command, or a question for the library."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.dialogue.danger import clauses_of, compile_phrases, sentences_of
from assistant.dialogue.likeness import Likeness, Vectors, load_vectors
from assistant.dialogue.phrases import Phrases, words_of
from assistant.dialogue.script import Script
from config.files import load_yaml
from knowledge.encoder import Encoder

PAYLOAD = re.compile(r"/(?P<intent>[^{@]+)(?:@[0-9.]+)?(?P<entities>\{.+\})?", re.DOTALL)

QUESTION = "ask_question"
INFORM = "inform"
EMERGENCY = "emergency"
START, STATUS = "start_referral", "referral_status"
VAGUE, CANCEL, PAUSE = "vague", "cancel", "pause"
# A sentence in place of a free text that may be a question, and what is said of it then.
UNSURE, MY_ANSWER, MY_QUESTION = "unsure", "my_answer", "my_question"
# The entity that only a referral's number fills: who writes one asks what became of it.
NUMBER = "number"
# What is said of the form itself.
OF_THE_FORM = frozenset({"pause", "resume", "show_answers"})
# Too much like anything else for likeness: these are known word for word only.
WORD_FOR_WORD = frozenset({EMERGENCY, INFORM})
# What may interrupt a form that waits for free text; everything else is kept as the answer.
OVER_FREE_TEXT = frozenset(
    {"cancel", "go_back", "help", "change_answer", "set_language", "my_rights_privacy"}
    | {"pause", "show_answers"}
)
# What may interrupt a question with choices when it is only like a command.
OVER_CHOICE = OVER_FREE_TEXT | {STATUS}

# A command must be this much more like its examples than the message is like a question. Chosen on
# the tune halves of tests/questions: 9 of 1,192 questions there are taken for a command. A missed
# command is answered as a question, the lesser harm.
COMMAND_MARGIN = 0.1
# And so much like them at all, which misses no command of the tune half. A word alone ("prison") is
# like anything, and a command only word for word.
LEAST_LIKE = 0.3
# The same two inside a form, where a wrong guess costs an answer: when the message names one of the
# choices, and when it names none.
IN_FORM_NAMED = (0.4, 0.3)
IN_FORM = (0.1, 0.3)

# Danger is likeness to the examples of `emergency`, raised by a phrase of danger.yml and lowered by
# a sentence about rules, training, history or play. Chosen on our own examples, cross-checked, and
# on the tune half of tests/questions, where 15 of 260 questions raise it and half of those tell of
# danger indeed. With 200 examples more of emergencies and 2,700 of all else it went down by .1: of
# 492 questions about reports 30 raise it, as before, and of 45 dangers in Albanian 42 are heard.
PHRASE_WEIGHT = 0.4
CALM_WEIGHT = 0.3
DANGER_FROM = -0.2
# Who types so few words has no time: a phrase of danger in them is never outweighed.
BRIEF = 5
# A sentence beside others needs more likeness where it has no phrase of danger. Of 228 dangers with
# a question after them .94 are heard so, .66 when only the whole is judged; with -.1 all are, and a
# fourth of the longer questions of staff would open the panel instead of a fifth.
DANGER_IN_PART = 0.0
# A beard, a prayer or a headscarf is no danger, however afraid the words around it are. Such a
# message needs a phrase of danger, or to be nearly an example of `emergency` itself.
FAITH_WEIGHT = 0.8
# With fewer letters and digits a message is like anything; it is known word for word or not at all.
FEWEST_CHARACTERS = 3


@dataclass(frozen=True)
class Understood:
    """What a message means."""

    text: str
    intent: str
    confidence: float = 1.0
    entities: tuple[dict[str, Any], ...] = ()
    is_payload: bool = False
    is_danger: bool = False
    is_question: bool = False

    def as_rasa(self) -> dict[str, Any]:
        """Return Rasa's form of it, as actions find it in the latest message."""
        intent = {"name": self.intent, "confidence": self.confidence}
        return {
            "text": self.text,
            "intent": intent,
            "entities": [dict(entity) for entity in self.entities],
            "intent_ranking": [intent],
            # Actions may treat a message that tells of danger with more care.
            "metadata": {"danger": self.is_danger},
            "is_payload": self.is_payload,
            "is_question": self.is_question,
        }


class Understanding:
    """Reads messages; may be shared between threads."""

    def __init__(
        self,
        script: Script,
        encoder: Encoder,
        cache_folder: Path,
        answers: Callable[[str, str], bool] = lambda _asked, _text: False,
    ) -> None:
        """Learn the examples of `script`.

        Args:
            script: The script.
            encoder: Makes their vectors.
            cache_folder: Where the vectors are kept.
            answers: Says of a slot that is asked for, and a text, whether the text names a choice.
        """
        self._answers = answers
        self._intents = script.intents
        self._encoder = encoder
        self._phrases = Phrases(script.examples, load_yaml("data/cues.yml"), script.patterns)
        self._danger_phrases = compile_phrases(load_yaml("data/danger.yml"))
        texts = [words_of(example.text) for example in script.examples]
        vectors = load_vectors(texts, encoder, cache_folder)
        labels = [example.intent for example in script.examples]
        told = [place for place, label in enumerate(labels) if label not in (VAGUE, *OF_THE_FORM)]
        danger = [EMERGENCY if labels[place] == EMERGENCY else QUESTION for place in told]
        self._danger = Likeness(vectors[told], danger)
        kept = [place for place, label in enumerate(labels) if label not in WORD_FOR_WORD]
        self._commands = Likeness(
            vectors[kept], [labels[place] for place in kept], [texts[place] for place in kept]
        )

    def read(
        self, text: str, *, in_form: bool = False, free_text: bool = False, asked: str = ""
    ) -> Understood:
        """Return what `text` means.

        Args:
            text: A message, already normalised.
            in_form: A form is open: what is no command and no question is an answer.
            free_text: The form waits for a text of the person's own words.
            asked: The slot that the form asks for.
        """
        payload = self._payload(text)
        if payload is not None:
            return payload
        exact = self._phrases.intent_of(text, forgive=not free_text)
        if (
            exact
            and exact not in (EMERGENCY, QUESTION)
            and (not free_text or exact in OVER_FREE_TEXT)
        ):
            return self._understood(text, exact, 1.0)
        if not in_form and _is_tiny(text):
            return self._understood(text, QUESTION, 1.0, danger=exact == EMERGENCY)
        vector = self._encoder.queries([words_of(text)])[0]
        danger = exact == EMERGENCY or self._is_danger(text, vector) or self._danger_in_part(text)
        if in_form:
            intent, confidence = (
                self._in_place_of_text(text, vector)
                if free_text
                else self._in_place_of_choice(text, vector, asked)
            )
        elif danger or len(words_of(text).split()) == 1:
            # What is only like a command ("ka armë" like a greeting) is danger and nothing else.
            intent, confidence = QUESTION, 1.0
        elif self._phrases.wants_to_refer(text):
            intent, confidence = START, 1.0
        else:
            intent, confidence = self._command(text, vector, COMMAND_MARGIN, LEAST_LIKE)
        understood = self._understood(text, intent, confidence, danger=danger)
        if intent == QUESTION and not in_form and _names(understood, NUMBER):
            return replace(understood, intent=STATUS, is_question=False)
        return understood

    def _understood(
        self, text: str, intent: str, confidence: float, *, danger: bool = False
    ) -> Understood:
        entities = tuple(self._phrases.entities(text, intent))
        return Understood(
            text,
            intent,
            confidence,
            entities,
            is_danger=danger,
            is_question=intent == QUESTION and self._phrases.is_question(text),
        )

    def _in_place_of_text(self, text: str, vector: Vectors) -> tuple[str, float]:
        asks = text.rstrip().endswith("?") and self._phrases.is_question(text)
        begins = self._phrases.begins_as_question(text)
        if asks and begins:
            return QUESTION, 1.0
        # A mark alone, or a question without one: whoever wrote it knows.
        unsure = asks or (begins and self._phrases.is_question(text) and self._asks(text, vector))
        return (UNSURE, 1.0) if unsure else (INFORM, 1.0)

    def _in_place_of_choice(self, text: str, vector: Vectors, asked: str) -> tuple[str, float]:
        # One or two words are the name of a choice or a place, not half a command.
        if self._phrases.is_short(text):
            return INFORM, 1.0
        is_question = self._phrases.is_question(text)
        careful = is_question or self._answers(asked, text)
        intent, confidence = self._command(text, vector, *(IN_FORM_NAMED if careful else IN_FORM))
        if intent == CANCEL:
            # What only sounds like a cancel keeps the answers, and says how to delete them.
            return (QUESTION, 1.0) if is_question else (PAUSE, confidence)
        if intent in OVER_CHOICE:
            return intent, confidence
        return (QUESTION, 1.0) if is_question else (INFORM, 1.0)

    def _command(
        self, text: str, vector: Vectors, margin: float, least: float
    ) -> tuple[str, float]:
        scores = self._commands.scores(vector, words_of(text))
        question = scores.pop(QUESTION, 0.0)
        best = max(scores, key=scores.__getitem__)
        if scores[best] - question >= margin and scores[best] >= least:
            return best, _share(scores[best])
        return QUESTION, _share(question)

    def _asks(self, text: str, vector: Vectors) -> bool:
        scores = self._commands.scores(vector, words_of(text))
        return max(scores, key=scores.__getitem__) == QUESTION

    def _is_danger(self, text: str, vector: Vectors, without_phrase: float = DANGER_FROM) -> bool:
        phrase = self._danger_phrases.hears(text)
        if phrase and len(words_of(text).split()) <= BRIEF:
            return True
        scores = self._danger.scores(vector)
        likeness = scores[EMERGENCY] - scores[QUESTION]
        calm = self._danger_phrases.is_calm(text)
        faith = not phrase and self._danger_phrases.shows_faith(text)
        lowered = CALM_WEIGHT * calm + FAITH_WEIGHT * faith
        least = DANGER_FROM if phrase else without_phrase
        return likeness + PHRASE_WEIGHT * phrase - lowered > least

    def _danger_in_part(self, text: str) -> bool:
        """Return whether one sentence alone, or a clause with a phrase of danger, is an alarm.

        "There is a bomb in the school. How do I report this?" is, as a whole, like a question.
        """
        parts = [part for part in sentences_of(text) if not self._phrases.is_short(part)]
        told = [*clauses_of(text), self._phrases.before_question(text)]
        clauses = [part for part in told if self._danger_phrases.hears(part)]
        apart = [part for part in dict.fromkeys([*parts, *clauses]) if part != text.strip()]
        if not apart:
            return False
        vectors = self._encoder.queries([words_of(part) for part in apart])
        return any(
            self._is_danger(part, vector, DANGER_IN_PART)
            for part, vector in zip(apart, vectors, strict=True)
        )

    def _payload(self, text: str) -> Understood | None:
        """Read `/intent{"entity": "value"}`; what is not exactly that is ordinary text."""
        match = PAYLOAD.fullmatch(text)
        if match is None or match["intent"].strip() not in self._intents:
            return None
        try:
            named = json.loads(match["entities"] or "{}")
        except (ValueError, RecursionError):
            return None
        entities = tuple(
            {"entity": entity, "value": value}
            for entity, listed in named.items()
            for value in (listed if isinstance(listed, list) else [listed])
            if isinstance(value, str | int | float | bool)
        )
        return Understood(text, match["intent"].strip(), 1.0, entities, is_payload=True)


def _names(understood: Understood, entity: str) -> bool:
    return any(one["entity"] == entity for one in understood.entities)


def _is_tiny(text: str) -> bool:
    return sum(character.isalnum() for character in text) < FEWEST_CHARACTERS


def _share(score: float) -> float:
    return round(min(max(score, 0.0), 1.0), 4)
