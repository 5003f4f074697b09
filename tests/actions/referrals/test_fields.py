"""What a referral may contain."""

import pytest

from actions.directory import Directory
from actions.referrals.fields import (
    FIELDS,
    OPTIONS,
    FieldRefused,
    FieldsRefused,
    check,
    check_all,
    needed_fields,
)
from actions.referrals.log import NewReferral
from config.files import load_yaml
from tests.actions.conftest import FACTS, a_referral

TOLD = {
    "category": "C",
    "person_group": "child_8_17",
    "municipality": "Klinë",
    "urgency": "U3",
    "concern_facts": FACTS,
    "done_so_far": "U bisedua me gjyshen.",
    "wanted_service": ["catch-up", "activity"],
    "consent_status": "given_by_carer",
    "referrer_contact": "038 200 100",
}


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory.load()


def refusal(field, value, directory):
    with pytest.raises(FieldRefused) as refused:
        check(field, value, directory)
    return refused.value.code


def test_a_whole_referral_comes_back_in_the_form_that_is_stored(directory):
    checked = check_all(TOLD, directory)
    who = {"role": "teacher", "institution": "Shkolla Testuese", "language": "sq"}
    assert NewReferral.of(checked, **who) == a_referral()


@pytest.mark.parametrize(
    ("group", "consent"),
    [("child_8_17", "given_by_person"), ("woman", "given_by_carer"), ("woman", "child_view_asked")],
)
def test_nobody_agrees_in_place_of_another(directory, group, consent):
    told = {**TOLD, "person_group": group, "consent_status": consent}
    with pytest.raises(FieldsRefused) as refused:
        check_all(told, directory)
    assert refused.value.refused["consent_status"].code == "consent_of_another"


def test_every_wrong_field_is_named_at_once(directory):
    with pytest.raises(FieldsRefused) as refused:
        check_all({**TOLD, "category": "Z", "concern_facts": "kurz", "urgency": None}, directory)
    codes = {field: why.code for field, why in refused.value.refused.items()}
    assert codes == {
        "category": "not_an_option",
        "urgency": "required",
        "concern_facts": "too_short",
    }
    assert "kurz" not in str(refused.value)


def test_nothing_at_all_is_refused_field_by_field(directory):
    with pytest.raises(FieldsRefused) as refused:
        check_all({}, directory)
    always = set(FIELDS) - {"emergency_called", "legal_basis_without_consent"}
    assert set(refused.value.refused) == always
    assert {why.code for why in refused.value.refused.values()} == {"required"}


@pytest.mark.parametrize("consent", ["refused", "not_asked_because"])
def test_without_consent_a_legal_basis_is_needed(directory, consent):
    told = {**TOLD, "consent_status": consent}
    with pytest.raises(FieldsRefused) as refused:
        check_all(told, directory)
    assert list(refused.value.refused) == ["legal_basis_without_consent"]
    checked = check_all({**told, "legal_basis_without_consent": "vital_interest"}, directory)
    assert checked["legal_basis_without_consent"] == "vital_interest"


def test_with_consent_a_legal_basis_is_not_kept(directory):
    checked = check_all({**TOLD, "legal_basis_without_consent": "court_order"}, directory)
    assert checked["legal_basis_without_consent"] is None


def test_whether_help_was_called_is_asked_when_life_is_in_danger():
    assert "emergency_called" in needed_fields({"urgency": "U0"})
    assert "emergency_called" not in needed_fields({"urgency": "U1"})


def test_a_program_may_leave_out_whether_help_was_called(directory):
    assert check_all({**TOLD, "urgency": "U0"}, directory)["emergency_called"] is None
    told = {**TOLD, "urgency": "U0", "emergency_called": "yes"}
    assert check_all(told, directory)["emergency_called"] == "yes"


def test_a_notice_about_an_institution_needs_no_consent(directory):
    told = {**TOLD, "person_group": "institution", "consent_status": ""}
    assert check_all(told, directory)["consent_status"] is None


@pytest.mark.parametrize(("field", "option"), [(f, o) for f, all_ in OPTIONS.items() for o in all_])
def test_every_option_is_taken_in_any_writing_of_its_code(directory, field, option):
    expected = [option] if field == "wanted_service" else option
    for written in (option, option.lower(), option.upper(), f" {option.replace('_', '-')} "):
        assert check(field, written, directory) == expected


@pytest.mark.parametrize("value", ["Z", "", None, [], 7, {"a": 1}, ["A", "B"], "\x00", "🙂"])
def test_what_is_no_option_is_refused(directory, value):
    assert refusal("category", value, directory) in {"not_an_option", "required"}


def test_services_are_a_list_without_repetition(directory):
    assert check(
        "wanted_service", ["housing", "HOUSING", "income/social assistance"], directory
    ) == [
        "housing",
        "income",
    ]
    assert refusal("wanted_service", ["housing", "gold"], directory) == "not_an_option"


@pytest.mark.parametrize(
    ("value", "code"),
    [("KLI", "KLI"), ("në Klinë", "KLI"), ("Призрену", "PRZ"), ("south mitrovica", "MIJ")],
)
def test_a_municipality_is_taken_by_code_or_name(directory, value, code):
    assert check("municipality", value, directory) == code


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("Mitrovica", "ambiguous_municipality"),
        ("Atlantis", "unknown_municipality"),
        ("kli", "unknown_municipality"),
        (42, "unknown_municipality"),
    ],
)
def test_a_municipality_that_is_unclear_is_refused(directory, value, code):
    assert refusal("municipality", value, directory) == code


def test_facts_have_a_shortest_and_a_longest_length(directory):
    assert refusal("concern_facts", "x" * 39, directory) == "too_short"
    assert check("concern_facts", "x" * 40, directory) == "x" * 40
    assert check("concern_facts", "x" * 2000, directory) == "x" * 2000
    assert refusal("concern_facts", "x" * 2001, directory) == "too_long"
    assert refusal("concern_facts", " \n ", directory) == "required"


def test_a_refusal_says_the_limit_and_never_the_text(directory):
    with pytest.raises(FieldRefused) as refused:
        check("concern_facts", "Agim vjedh", directory)
    assert refused.value.limits == {"minimum": 40}
    assert "Agim" not in repr(refused.value) + str(refused.value)


def test_text_is_cleaned_and_keeps_its_lines(directory):
    dirty = "U pa\x00 dje\u200b  në\tshkollë.\r\n\r\n\ud800Nga\u202e kujdestari, dy herë në javë."
    clean = check("concern_facts", dirty, directory)
    assert clean == "U pa dje në shkollë.\nNga kujdestari, dy herë në javë."
    assert check("done_so_far", ["talked", "csw"], directory) == "talked\ncsw"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("038 200 100", "+383 38 200 100"),
        ("tel. 038/200-100", "+383 38 200 100"),
        ("+383 44 123 456", "+383 44 123 456"),
        ("+381 28 425 123", "+381 28 425123"),
        ("arta@rks-gov.net", "arta@rks-gov.net"),
        ("mund të më shkruani te Arta.T@mail.shkolla-kline.edu", "Arta.T@mail.shkolla-kline.edu"),
    ],
)
def test_an_official_contact_is_taken(directory, value, stored):
    assert check("referrer_contact", value, directory) == stored


@pytest.mark.parametrize(
    "value",
    ["a@gmail.com", "A@GMAIL.COM", "a@yahoo.co.uk", "a@hotmail.com", "a@outlook.com", "a@live.com"],
)
def test_a_personal_address_is_refused(directory, value):
    assert refusal("referrer_contact", value, directory) == "personal_email"


@pytest.mark.parametrize("value", ["call me", "123", "192", "arta@", "@rks-gov.net", "🙂", "a@b"])
def test_what_is_no_contact_is_refused(directory, value):
    assert refusal("referrer_contact", value, directory) == "not_a_contact"


def test_a_contact_longer_than_any_address_is_refused(directory):
    assert refusal("referrer_contact", "a" * 40_000, directory) == "too_long"
    longest = "a" * (254 - len("@rks-gov.net")) + "@rks-gov.net"
    assert check("referrer_contact", longest, directory) == longest


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("concern_facts", "not_an_option"),
        ("done_so_far", "not_an_option"),
        ("municipality", "unknown_municipality"),
        ("referrer_contact", "not_a_contact"),
        ("category", "not_an_option"),
        ("wanted_service", "not_an_option"),
    ],
)
def test_what_is_no_text_is_not_taken_as_it_would_be_printed(directory, field, code):
    printed = {"Klinë": "Nxënësi rri vetëm në pushim; arta@rks-gov.net"}
    for value in (printed, [printed], 12.5, True):
        assert refusal(field, value, directory) == code


def test_the_domain_names_the_choices_that_are_taken(directory):
    slots = load_yaml("domain/referral.yml")["slots"]
    named = {name: set(about["values"]) for name, about in slots.items() if "values" in about}
    [sample] = named.pop("referrer_contact")
    assert named == {field: set(options) for field, options in OPTIONS.items()}
    assert check("referrer_contact", sample, directory) == sample
