"""Reads off a typed message what it says of the referral beside what was asked.

Further answers ("a pupil in Klinë, urgent") and corrections ("no, it is Pejë, not Prizren"). Only
what is said without doubt counts, and whoever wrote it is told what was understood.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from actions.directory import Directory
from actions.option_words import is_label, options_in
from actions.referrals.fields import FIELDS, OPTIONS
from config.files import load_yaml
from knowledge.language import detect, fold

GROUP, MUNICIPALITY, URGENCY, SERVICE = "person_group", "municipality", "urgency", "wanted_service"
# What a message may say by the way. Whether somebody agreed, or help was called, is only ever
# taken from the answer to that very question.
FURTHER = (GROUP, MUNICIPALITY, URGENCY)
# What can be corrected in free words once it was answered.
CORRECTED = ("category", *FURTHER)
# A service is often mentioned and not asked for: it needs a message that lists so much besides.
LIST_FROM = 2
# In answer to another question these alone are corrected: "family" and "child" stand in many.
CORRECTED_ANYWHERE = (MUNICIPALITY, URGENCY)
PUPIL, OF_THAT_AGE = "child_8_17", re.compile(r"\b([89]|1[0-7])\b")
MENTIONED_OFTEN = frozenset({"family_member", "host_community", "institution"})
# A correction in place of a free text is brief; what is longer is the text.
BRIEF = 7
WORDS = re.compile(r"\w+")
PUNCTUATION = re.compile(r"[^\w\s]+")
PARTS = re.compile(r"[^\w\s'-]+")

Told = dict[str, Any]


def answers(asked: str, text: str, directory: Directory) -> bool:
    """Return whether a message names what the question about the field `asked` has to choose from.

    Args:
        asked: The field that was asked for; no choice is named where it is none with choices.
        text: What was typed.
        directory: The municipalities.
    """
    if asked == MUNICIPALITY:
        return bool(directory.candidates(text))
    return asked in OPTIONS and bool(options_in(asked, text, OPTIONS[asked]))


def corrected_by(text: str, asked: str, slots: Mapping[str, Any], directory: Directory) -> Told:
    """Return the earlier answers that `text` corrects in place of an answer to `asked`.

    Args:
        text: What was typed.
        asked: The field that was asked for, or "confirm".
        slots: The answers so far, and the language of the conversation.
        directory: The municipalities.
    """
    chosen = asked in OPTIONS or asked == MUNICIPALITY
    if chosen and _named(asked, text, directory) is not None:
        return {}
    free_text = not chosen and asked in FIELDS
    if not sounds_corrected(text, slots, from_the_start=free_text):
        return {}
    if free_text:
        # Facts begin with a "not" too: only who also names the old place corrects it.
        named = {code for one in PARTS.split(text) for code in _places(one, directory)}
        fields: Sequence[str] = [MUNICIPALITY] if slots.get(MUNICIPALITY) in named else []
    else:
        fields = CORRECTED_ANYWHERE if asked in FIELDS else CORRECTED
    return corrected(text, fields, slots, directory)


def further(text: str, asked: str, slots: Mapping[str, Any], directory: Directory) -> Told:
    """Return the empty fields that a message answers beside `asked`, with their values.

    Args:
        text: What was typed.
        asked: The field that was asked for, "" where the message opens the form.
        slots: The answers so far.
        directory: The municipalities.
    """
    if is_label(asked, text):
        return {}
    named = {field: _named(field, text, directory) for field in FURTHER}
    told: Told = {field: value for field, value in named.items() if value is not None}
    # Beginners are pupils too; and a family or a community stands in many sentences.
    pupil = told.get(GROUP) == PUPIL and not OF_THAT_AGE.search(text)
    if pupil or told.get(GROUP) in MENTIONED_OFTEN:
        del told[GROUP]
    services = options_in(SERVICE, text, OPTIONS[SERVICE])
    if services and len(told) >= LIST_FROM:
        told[SERVICE] = services
    return {
        field: value for field, value in told.items() if field != asked and slots.get(field) is None
    }


def corrected(
    text: str,
    fields: Iterable[str],
    slots: Mapping[str, Any],
    directory: Directory,
) -> Told:
    """Return the answered `fields` to which `text` gives another value, with that value.

    Args:
        text: What was typed.
        fields: The fields that may be meant.
        slots: The answers so far, and the language of the conversation.
        directory: The municipalities.
    """
    kept = " , ".join(_asserted(text, _words(text, slots)))
    changed = {}
    for field in (one for one in fields if one in CORRECTED):
        # "Not urgent" is a degree of urgency and denies none.
        heard = text if field == URGENCY else kept
        value = _named(field, heard, directory)
        if value is None and field == URGENCY:
            value = _named(field, kept, directory)
        if slots.get(field) is not None and value not in (None, slots[field]):
            changed[field] = value
    return changed


def sounds_corrected(text: str, slots: Mapping[str, Any], *, from_the_start: bool) -> bool:
    """Return whether `text` has words by which people correct themselves.

    Args:
        text: What was typed.
        slots: The slots of the conversation, for its language.
        from_the_start: Only a brief text that begins with such words.
    """
    words, folded = _words(text, slots), f" {_folded(text)} "
    if any(folded.startswith(f" {cue} ") for cue in words["begins"]):
        return not from_the_start or len(WORDS.findall(text)) <= BRIEF
    return not from_the_start and any(f" {cue} " in folded for cue in words["within"])


def _named(field: str, text: str, directory: Directory) -> str | None:
    """Return the one value of `field` that `text` names; None for none or several."""
    if field == MUNICIPALITY:
        # Each part alone: a town that is an everyday word too ("Peć") counts where it stands alone.
        codes = {code for part in PARTS.split(text) for code in _places(part, directory)}
        return codes.pop() if len(codes) == 1 else None
    found = options_in(field, text, OPTIONS[field])
    return found[0] if len(found) == 1 else None


def _places(text: str, directory: Directory) -> list[str]:
    return [place.code for place in directory.candidates(text)]


def _asserted(text: str, words: Mapping[str, list[str]]) -> list[str]:
    """Return the parts of `text`, folded, that are said to be so: "it is Pejë, not Prizren"."""
    denied = "|".join(map(re.escape, sorted(words["denies"], key=len, reverse=True)))
    asserted = "|".join(map(re.escape, words["asserts"]))
    pattern = rf"\b(?:{denied}) (?!(?:{asserted})\b)(?:(?!(?:{asserted})\b)\w+ ?){{1,4}}"
    parts = [re.sub(pattern, "", " ".join(one.split())) for one in PARTS.split(fold(text))]
    return [one for part in parts for one in re.split(rf"\b(?:{asserted})\b", part) if one.strip()]


def _words(text: str, slots: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """Return the words of correction in one language: "ne" is "not" in Serbian, "in" in Albanian.

    A brief message changes no conversation's language and may yet be in another.
    """
    every: Mapping[str, Mapping[str, list[str]]] = load_yaml("referral_words.yml")["correction"]
    return every[detect(text).language or slots.get("language") or "en"]


def _folded(text: str) -> str:
    return " ".join(PUNCTUATION.sub(" ", fold(text)).split())
