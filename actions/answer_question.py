"""Answers a question in the words of approved documents, or says that none answers it."""

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import toolbox
from actions.clarify import CLARIFY, names_topic_only, offer_topics
from actions.toolbox import Tools
from actions.words import Voice
from knowledge.language import join
from knowledge.library import Found, Hit

# Three passages and not one: the right document comes first for 44 questions of 100 and is among
# three for 68 (test half of the question file, `python -m knowledge evaluate --half test`).
PASSAGES = 3
CITATION = "citation"


class ActionAnswerQuestion(Action):
    """Quotes and cites; writes no sentence of its own."""

    def __init__(self, tools: Tools = toolbox.from_environment) -> None:
        self._tools = tools

    def name(self) -> str:
        """Name of the action in the domain."""
        return "action_answer_question"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Say the best passage with its source, then hand over all citations as data."""
        question = str(tracker.latest_message.get("text") or "")
        if not any(map(str.isalpha, question)):
            # Marks and figures alone ask nothing: nothing is searched, and no trainer is told.
            dispatcher.utter_message(response="utter_default")
            return []
        voice, library = Voice.of(tracker.slots), self._tools().library
        role = str(tracker.slots.get("role") or "")
        found = library.search(
            question, language=voice.language, script=voice.script, role=role, limit=PASSAGES
        )
        danger = _tells_of_danger(tracker)
        # What answers a topic in part is a guess at what is asked about it.
        topic = found.status != "answered" and not danger and names_topic_only(question)
        hits = found.hits if found.answerable and not topic else ()
        status = found.status if hits else "abstained"
        if hits:
            dispatcher.utter_message(
                response=_response(found, voice),
                quote=_shown(hits[0].quote, hits[0], voice),
                source=_source(hits[0], voice),
            )
        elif found.refused:
            # Not noted for trainers: no document will ever answer it, and it may name somebody.
            dispatcher.utter_message(response=f"utter_refused_{found.refused}")
        elif topic:
            offer_topics(dispatcher, found.hits, voice)
            status = CLARIFY
        else:
            if not danger:
                library.note_unanswered(question, language=voice.code, role=role)
            dispatcher.utter_message(response="utter_no_answer")
        answer = {
            "kind": "answer",
            "status": status,
            "language": voice.code,
            "citations": [_citation(hit) for hit in hits],
        }
        dispatcher.utter_message(json_message={"data": answer})
        return []


def _tells_of_danger(tracker: Tracker) -> bool:
    """Return whether the message is an alarm: somebody's worst hour is no question for trainers."""
    return bool((tracker.latest_message.get("metadata") or {}).get("danger"))


def _response(found: Found, voice: Voice) -> str:
    if found.status == "partly":
        return "utter_answer_partly"
    return "utter_answer" if _is_read(found.hits[0], voice) else "utter_answer_other_language"


def _is_read(hit: Hit, voice: Voice) -> bool:
    """Return whether the passage is in the language of the conversation, whatever its script."""
    return hit.language == voice.language


def _shown(text: str, hit: Hit, voice: Voice) -> str:
    """Return `text` for the bubble: Serbian in the reader's script, the rest untouched."""
    return voice.shown(text) if _is_read(hit, voice) else text


def _source(hit: Hit, voice: Voice) -> str:
    """Return one line: title, section, page, version, and what a reader must know of the text.

    That is: a starter text waits for DPRRP, or its validity is over.
    """
    title, section = (_shown(part or "", hit, voice) for part in (hit.title, hit.section))
    named = voice.say("section", topic=CITATION, title=title, section=section)
    parts = [named if section else title]
    if hit.page is not None:
        parts.append(voice.say("page", topic=CITATION, page=hit.page))
    parts.append(voice.say("version", topic=CITATION, version=hit.version))
    if hit.review == "starter":
        parts.append(voice.say("starter", topic=CITATION))
    if hit.out_of_date and hit.valid_until:
        parts.append(voice.say("out_of_date", topic=CITATION, day=voice.day(hit.valid_until)))
    return ", ".join(parts)


def _citation(hit: Hit) -> dict[str, Any]:
    """Return the citation as data; the quote is verbatim, in the script of the document."""
    return {
        "document": hit.document,
        "title": hit.title,
        "section": hit.section,
        "page": hit.page,
        "place": hit.place,
        "version": hit.version,
        "language": join(hit.language, hit.script),
        "quote": hit.quote,
        "sentences": list(hit.sentences),
        "review": hit.review,
        "valid_until": hit.valid_until.isoformat() if hit.valid_until else None,
        "out_of_date": hit.out_of_date,
    }
