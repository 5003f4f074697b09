"""The terms that trainers add: what is refused, what a question finds, and who changed what."""

from datetime import timedelta

import pytest

from knowledge.glossary import Glossary
from knowledge.term_cells import LONGEST_CELL, TermRefused
from knowledge.terms import OwnTerms, RowsRefused, TermNotFound
from tests.knowledge.conftest import ARTA, BLERIM, an_upload, approved

# Invented words, so that no shipped term is in the way.
BAGREM = {"en": "bagrem club", "sq": "klubi bagrem / bagremi", "sr": "клуб Багрем"}


@pytest.fixture
def terms(library) -> OwnTerms:
    return library.terms


def refused(terms, **changes) -> dict[str, str]:
    with pytest.raises(TermRefused) as refusal:
        terms.add(BAGREM | changes, by=ARTA)
    assert terms.kept() == []
    return refusal.value.codes


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"sq": "  "}, {"sq": "empty"}),
        ({"sq": " / / "}, {"sq": "empty"}),
        ({"sq": "", "sr": ""}, {"sq": "empty", "sr": "empty"}),
        ({"en": "a club for all who came home"}, {"en": "form_too_long"}),
        ({"en": "club / a club for all who came home"}, {"en": "form_too_long"}),
        ({"en": "club " + "/ club" * LONGEST_CELL}, {"en": "too_long"}),
        ({"en": "bagrem\x07"}, {"en": "unprintable"}),
        ({"en": "bagrem\u202eclub"}, {"en": "unprintable"}),
        ({"en": "bagrem\ufffd"}, {"en": "unprintable"}),
        ({"en": "the"}, {"en": "not_found"}),
        ({"en": "?! / –"}, {"en": "not_found"}),
        ({"sr": "и"}, {"sr": "not_found"}),
    ],
)
def test_a_cell_that_is_no_name_is_refused_with_its_reason(terms, cells, codes):
    assert refused(terms, **cells) == codes


def test_a_cell_that_is_missing_is_empty(terms):
    with pytest.raises(TermRefused) as refusal:
        terms.add({"en": "bagrem"}, by=ARTA)
    assert refusal.value.codes == {"sq": "empty", "sr": "empty"}


def test_five_words_are_looked_at_and_so_may_be_typed(terms):
    terms.add(BAGREM | {"en": "the bagrem club for mothers"}, by=ARTA)
    assert [one.words for one in terms.named_in("at the bagrem club for mothers", "en")] == [
        "bagrem club for mothers"
    ]


def test_forms_are_cleaned_and_serbian_is_kept_in_latin(terms):
    terms.add(BAGREM | {"sq": "klubi\u00a0 bagrem /bagremi /  klubi bagrem/ "}, by=ARTA)
    [kept] = terms.kept()
    assert [kept.cell(language) for language in ("en", "sq", "sr")] == [
        "bagrem club",
        "klubi bagrem /bagremi / klubi bagrem/",
        "klub Bagrem",
    ]


def test_the_same_first_names_are_a_duplicate_however_written(terms):
    terms.add(BAGREM, by=ARTA)
    same = {"en": "Bagrem  Club / other", "sq": "klubi bagrem", "sr": "klub bagrem / drugo"}
    with pytest.raises(TermRefused) as refusal:
        terms.add(same, by=BLERIM)
    assert refusal.value.codes == {"term": "duplicate"}
    terms.add(same | {"en": "acacia"}, by=BLERIM)
    assert len(terms.kept()) == 2


def test_what_only_repeats_a_shipped_term_is_already_known(terms):
    known = Glossary.shipped().terms[1]
    repeated = {"en": known.en[-1].upper(), "sq": known.sq[-1], "sr": known.sr[0]}
    with pytest.raises(TermRefused) as refusal:
        terms.add(repeated, by=ARTA)
    assert refusal.value.codes == {"term": "already_known"}
    terms.add(repeated | {"sr": f"{known.sr[0]} / bagrem"}, by=ARTA)


def test_a_question_finds_the_term_at_once_also_in_another_process(open_library):
    server, trainer = open_library(), open_library(encoder=None)
    assert server.terms.named_in("te bagremi", "sq") == ()
    trainer.terms.add(BAGREM, by=ARTA)
    [named] = server.terms.named_in("te bagremi", "sq")
    assert (named.words, named.own) == ("bagremi", True)
    assert named.becomes == {"en": ("bagrem club",), "sr": ("klub Bagrem",)}
    [kept] = trainer.terms.kept()
    trainer.terms.change(kept.id, BAGREM | {"en": "acacia house"}, by=BLERIM)
    [named] = server.terms.named_in("клуб Багрем", "sr-Cyrl")
    assert named.becomes["en"] == ("acacia house",)
    trainer.terms.remove(kept.id, by=BLERIM)
    assert server.terms.named_in("te bagremi", "sq") == ()
    trainer.terms.restore(kept.id, by=ARTA)
    assert server.terms.named_in("te bagremi", "sq") != ()


def test_a_document_in_another_language_is_found_through_an_own_term(open_library):
    server, trainer = open_library(), open_library()
    text = "The acacia house opens on Mondays for mothers who came home."
    approved(trainer, an_upload(text, title="Acacia"))
    before = server.search("bagremi", language="sq").hits[0].score
    trainer.terms.add(BAGREM | {"en": "acacia house"}, by=ARTA)
    assert server.search("bagremi", language="sq").hits[0].score > before


def test_an_own_term_comes_before_shipped_ones_of_the_same_name(terms):
    school = terms.named_in("shkolla", "sq")[0]
    assert not school.own
    terms.add({"en": "bagrem", "sq": "shkolla", "sr": "bagrem"}, by=ARTA)
    [named] = terms.named_in("shkolla", "sq")
    assert named.own
    assert named.becomes["en"][0] == "bagrem"
    assert set(school.becomes["en"]) & set(named.becomes["en"])


def test_terms_that_name_one_another_in_a_circle_are_found_once_each(terms):
    terms.add({"en": "bagrem", "sq": "akacie", "sr": "lipov klub"}, by=ARTA)
    terms.add({"en": "akacie", "sq": "bagrem", "sr": "bagrem"}, by=ARTA)
    [named] = terms.named_in("bagrem", "en")
    assert named.becomes == {"sq": ("akacie",), "sr": ("lipov klub",)}
    [back] = terms.named_in("akacie", "en")
    assert back.becomes == {"sq": ("bagrem",), "sr": ("bagrem",)}


def test_who_added_and_who_changed_a_term_is_kept_with_the_time(terms, clock):
    begun = clock()
    terms.add(BAGREM, by=ARTA)
    [kept] = terms.kept()
    assert (kept.added_by, kept.added_at) == (ARTA, begun)
    assert (kept.changed_by, kept.changed_at) == ("", None)
    clock.move(timedelta(hours=2))
    terms.change(kept.id, BAGREM, by=BLERIM)
    changed = terms.find(kept.id)
    assert (changed.added_by, changed.added_at) == (ARTA, begun)
    assert (changed.changed_by, changed.changed_at) == (BLERIM, clock())


def test_a_refused_change_changes_nothing(terms):
    terms.add(BAGREM, by=ARTA)
    terms.add(BAGREM | {"en": "acacia"}, by=ARTA)
    first, second = terms.kept()
    for cells in (BAGREM, BAGREM | {"sq": ""}):
        with pytest.raises(TermRefused):
            terms.change(second.id, cells, by=BLERIM)
    assert terms.kept() == [first, second]


def test_a_removed_term_does_not_come_back_beside_its_double(terms):
    terms.add(BAGREM, by=ARTA)
    [kept] = terms.kept()
    terms.remove(kept.id, by=ARTA)
    terms.add(BAGREM, by=ARTA)
    with pytest.raises(TermRefused) as refusal:
        terms.restore(kept.id, by=ARTA)
    assert refusal.value.codes == {"term": "duplicate"}
    assert len(terms.kept()) == 1


def test_a_term_that_is_not_there_is_not_found(terms):
    terms.add(BAGREM, by=ARTA)
    [kept] = terms.kept()
    terms.restore(kept.id, by=ARTA)
    terms.remove(kept.id, by=ARTA)
    for step in (
        lambda: terms.find(kept.id),
        lambda: terms.change(kept.id, BAGREM, by=ARTA),
        lambda: terms.remove(kept.id, by=ARTA),
        lambda: terms.restore(99, by=ARTA),
    ):
        with pytest.raises(TermNotFound):
            step()


def test_of_several_rows_all_are_added_or_none(terms):
    rows = [BAGREM, BAGREM, BAGREM | {"en": ""}, BAGREM | {"en": "acacia"}]
    with pytest.raises(RowsRefused) as refusal:
        terms.add_all(rows, by=ARTA)
    codes = {place: refused.codes for place, refused in refusal.value.rows.items()}
    assert codes == {1: {"term": "duplicate"}, 2: {"en": "empty"}}
    assert terms.kept() == []
    assert terms.add_all([rows[0], rows[3]], by=ARTA) == 2


def test_a_question_in_no_certain_language_names_nothing(terms):
    assert terms.named_in("??", "") == ()
