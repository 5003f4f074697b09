import pytest

from knowledge.asking import prepare
from knowledge.gate import Gate
from tests.knowledge.conftest import an_upload, approved

FAMILY = """---
id: {family}
title: {title}
language: {language}
---
## {section}
{text}
"""
SQ = "Njoftoni drejtorin kur një fëmijë ngacmohet në shkollë."
CYRILLIC = "Обавестите директора када дете трпи насиље у школи."
LATIN = "Obavestite direktora kada dete trpi nasilje u školi."
EN = "Tell the principal when a child is bullied at school."


def a_text(language: str, text: str, family: str = "bullying", section: str = "Steps"):
    content = FAMILY.format(
        family=family, title=family.title(), language=language, section=section, text=text
    )
    return an_upload(content, name="a.md", title=None, language=None)


class Recording(Gate):
    """A gate that gives one verdict and keeps the evidence."""

    def __init__(self, verdict: str) -> None:
        self.verdict, self.seen = verdict, []

    def judge(self, evidence):
        self.seen.append(evidence)
        return self.verdict


def documents(found) -> list[str]:
    return [hit.document for hit in found.hits]


@pytest.fixture
def family(library):
    for language, text in [("sq", SQ), ("sr", CYRILLIC), ("en", EN)]:
        approved(library, a_text(language, text))
    return library


@pytest.mark.parametrize(
    ("language", "document"),
    [
        ("sq", "bullying.sq"),
        ("sr-Latn", "bullying.sr"),
        ("sr-Cyrl", "bullying.sr"),
        ("en", "bullying.en"),
    ],
)
def test_a_family_answers_in_the_askers_language_only(family, language, document):
    for question in (SQ, CYRILLIC, LATIN, EN):
        assert documents(family.search(question, language=language)) == [document]


def test_a_text_that_lacks_the_askers_language_answers_in_another(family):
    approved(family, a_text("en", "Prison officers call the unit at once.", family="prison"))
    found = family.search("Prison officers call whom", language="sq", limit=5)
    assert sorted(documents(found)) == ["bullying.sq", "prison.en"]


def test_what_a_document_says_in_its_other_languages_speaks_for_it(library):
    for family, english in [("attendance", "Count every absence."), ("bullying", EN)]:
        approved(library, a_text("sq", "Udhëzim për shkollën.", family))
        approved(library, a_text("en", english, family))
    found = library.search("child bullied at school", language="sq")
    assert documents(found) == ["bullying.sq", "attendance.sq"]


def test_a_withdrawn_text_gives_way_to_its_translation(family):
    family.withdraw("bullying.sq", by="person-arta", reason="")
    assert documents(family.search(EN, language="sq")) == ["bullying.en"]


def test_cyrillic_and_latin_questions_find_the_same_text(family):
    for question in (CYRILLIC, LATIN, "obavestite direktora kada dete trpi nasilje u skoli"):
        [hit] = family.search(question, language="sr-Latn").hits
        assert (hit.language, hit.script, hit.quote) == ("sr", "Cyrl", CYRILLIC)


def test_where_both_scripts_exist_the_askers_is_shown(library):
    for code, text in [("sr-Latn", LATIN), ("sr-Cyrl", CYRILLIC)]:
        approved(library, a_text(code, text))
    assert documents(library.search(LATIN, language="sr-Latn")) == ["bullying.sr-Latn"]
    assert documents(library.search(LATIN, language="sr-Cyrl")) == ["bullying.sr-Cyrl"]
    assert documents(library.search(LATIN, language="sr", script="Latn")) == ["bullying.sr-Latn"]


def test_the_language_is_told_from_the_question_when_not_given(family):
    found = family.search("Kush duhet të njoftohet kur fëmija ngacmohet në shkollë?")
    assert (found.language, documents(found)) == ("sq", ["bullying.sq"])


def test_without_a_telling_each_family_still_answers_once(family):
    found = family.search("112")
    assert found.language == ""
    assert len(found.hits) == 1


def test_only_who_says_our_is_answered_by_the_role(library):
    step = "Call the principal on the first day."
    for family, role in (("a", "imam"), ("b", "teacher"), ("c", "probation")):
        facts = {"name": f"{family}.txt", "title": family, "audience": (role,)}
        approved(library, an_upload(step, **facts))

    def first(question: str, role: str) -> str:
        return library.search(question, language="en", role=role).hits[0].document

    assert [first("what is our first step", role) for role in ("teacher", "probation")] == [
        "b",
        "c",
    ]
    assert first("what is the first step", "teacher") == first("what is the first step", "")


def test_the_role_tells_nothing_about_whether_it_is_answered(open_library):
    gate = Recording("answered")
    library = open_library(gate=gate)
    approved(library, an_upload(audience=("teacher",)))
    approved(library, an_upload("The court decides.", name="court.txt", title="Court"))
    for role in ("", "teacher"):
        library.search("what do we tell the court", language="en", role=role)
    assert gate.seen[0].fused == gate.seen[1].fused
    assert gate.seen[0].tenth == gate.seen[1].tenth


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "what do we do"),
        ("sq", "çka është detyra e jonë"),
        ("sq", "ku me shku na"),
        ("sq", "nxanesi jem s'po vjen"),
        ("sr", "koja je naša obaveza"),
        ("sr", "kome mogu da javim za mog učenika"),
        ("sr-Cyrl", "шта наша школа ради"),
    ],
)
def test_our_is_heard_in_every_language_and_script(language, question):
    assert prepare(question, language, role="teacher").role == "teacher"


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "what must a school do"),
        ("en", "at what time do courts close, her mom called"),
        ("sq", "ne cilen shkolle"),
        ("sq", "kthimi i të rinjve nga Siria në shkollë"),
        ("sq", "a ka marrë mitë zyrtari"),
        ("sr", "kaži mi ko je nadležan"),
        ("sr", "dete ne dolazi na nastavu, nasilje u školi"),
        ("sr", "kako im pomoći, koji tim i koje teme"),
    ],
)
def test_what_only_looks_like_our_is_not_heard(language, question):
    assert not prepare(question, language, role="teacher").role


def test_one_passage_of_each_section_is_shown(library):
    long = " ".join(f"Sentence number {n} speaks of school and plan." for n in range(60))
    approved(library, a_text("en", f"{long}\n## Other\n{EN}", family="long"))
    sections = [hit.section for hit in library.search("school plan", language="en", limit=9).hits]
    assert sorted(sections) == ["Other", "Steps"]
    every = library.search("school plan", language="en", limit=9, every_passage=True).hits
    assert len({hit.passage for hit in every}) == len(every) > 2
    assert every[0].section == sections[0]


def test_a_quotation_is_a_part_of_its_passage_of_at_most_700_characters(library):
    long = " ".join(f"Sentence number {n} is about something else entirely." for n in range(16))
    approved(library, a_text("en", f"{long} {EN}", family="long"))
    [hit] = library.search(EN, language="en").hits
    assert hit.quote in hit.passage
    assert EN in hit.quote
    assert len(hit.quote) <= 700 < len(hit.passage)


def test_hits_come_best_first_and_always_the_same(family):
    approved(family, a_text("en", "Teachers write a plan.", family="plan"))
    found = family.search("Who tells the principal", language="en", limit=9)
    assert [hit.score for hit in found.hits] == sorted(
        (hit.score for hit in found.hits), reverse=True
    )
    assert found == family.search("Who tells the principal", language="en", limit=9)


@pytest.mark.parametrize("question", ["", "   ", "\x00\u200b\ud800", "\u202e"])
def test_an_empty_question_has_no_answer(family, question):
    found = family.search(question, language="sq")
    assert (found.status, found.answerable, found.hits) == ("abstained", False, ())


@pytest.mark.parametrize("question", ["a" * 5000, "😀" * 30, "مرحبا", "' OR 1=1 --", "%s {x} \\"])
def test_odd_questions_do_no_harm(family, question):
    assert family.search(question, language="en").status == "answered"


def test_a_library_without_documents_abstains(library):
    assert library.search(SQ, language="sq").status == "abstained"


def test_a_question_is_cut_at_its_limit():
    assert len(prepare("word " * 1000, "en").text) == 2000


@pytest.mark.parametrize(
    ("verdict", "answerable"), [("answered", True), ("partly", True), ("abstained", False)]
)
def test_the_gate_decides_and_hits_are_given_all_the_same(open_library, verdict, answerable):
    library = open_library(gate=Recording(verdict))
    approved(library, a_text("en", EN))
    found = library.search("who tells the principal", language="en")
    assert (found.status, found.answerable) == (verdict, answerable)
    assert found.hits


def test_the_gate_sees_what_the_search_knows(open_library):
    gate = Recording("answered")
    library = open_library(gate=gate)
    approved(library, a_text("en", EN))
    for limit in (1, 9):
        library.search("principal of a moon", language="en", limit=limit)
    first, second = gate.seen
    assert (first.covered, first.second) == (0.5, 0.0)
    assert 0 < first.best <= 1
    assert first.best == pytest.approx(first.mean)
    assert (first.best, first.covered) == (second.best, second.covered)


@pytest.mark.model
@pytest.mark.parametrize(
    ("language", "question", "family"),
    [
        ("en", "A prisoner refuses to attend the imam's lecture. What now?", "prison-refusal"),
        (
            "sq",
            "I burgosuri nuk do të vijë në ligjëratën e imamit, çfarë të bëj?",
            "prison-refusal",
        ),
        (
            "sr-Latn",
            "Zatvorenik odbija da dodje na predavanje imama, sta da radim?",
            "prison-refusal",
        ),
        (
            "sr-Cyrl",
            "Затвореник одбија да дође на предавање имама, шта да радим?",
            "prison-refusal",
        ),
        ("sq", "nje nxenes e ngacmojne shoket e klases, cka me bo", "bullying"),
        ("sr-Latn", "decu u razredu zadirkuju jer su se vratili, kako da reagujem", "bullying"),
        (
            "en",
            "How do I check that a family does not get the same help twice?",
            "duplicate-support",
        ),
    ],
)
def test_the_real_model_finds_the_right_document_among_three(
    starter_library, language, question, family
):
    found = starter_library.search(question, language=language)
    assert family in [hit.family for hit in found.hits]
    assert {hit.language for hit in found.hits} == {language[:2]}
    assert all(hit.quote in hit.passage and len(hit.quote) <= 700 for hit in found.hits)


@pytest.mark.model
def test_scripts_and_missing_diacritics_change_nothing(starter_library):
    forms = (
        ("sr-Cyrl", "Шта је вршњачко насиље?"),
        ("sr-Latn", "Šta je vršnjačko nasilje?"),
        ("sr-Latn", "Sta je vrsnjacko nasilje?"),
    )
    found = [starter_library.search(text, language=code).hits for code, text in forms]
    assert found[0] == found[1] == found[2]
