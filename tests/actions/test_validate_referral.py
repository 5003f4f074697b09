"""Each answer of the referral form."""

import pytest

from actions.identity import Identity
from tests.actions.conftest import CONVERSATION, FACTS, answers


@pytest.mark.parametrize(
    ("slot", "said", "kept"),
    [
        ("category", "C", "C"),
        ("category", "Bullizëm ose stigmë", "L"),
        ("category", "вршњачко насиље у школи", "L"),
        ("person_group", "ученик", "child_8_17"),
        ("municipality", "në Prizrenit", "PRZ"),
        ("municipality", "Јужна Митровица", "MIJ"),
        ("urgency", "nije hitno", "U3"),
        ("emergency_called", "po", "yes"),
        ("concern_facts", FACTS, FACTS),
        ("done_so_far", "ништа", "ништа"),
        ("wanted_service", "psikolog dhe klub", ["psychologist", "activity"]),
        ("wanted_service", ["housing"], ["housing"]),
        ("consent_status", "roditelj je saglasan", "given_by_carer"),
        ("consent_status", "përkujdesësi pajtohet", "given_by_carer"),
        ("consent_status", "мајка је дала пристанак", "given_by_carer"),
        ("consent_status", "nuk pajtohet", "refused"),
        ("legal_basis_without_consent", "Urdhër i gjykatës", "court_order"),
        ("referrer_contact", "shkolla@rks-gov.net", "shkolla@rks-gov.net"),
    ],
)
def test_an_answer_is_kept_in_its_stored_form(talk, slot, said, kept):
    talk.slots |= {"urgency": "U0", "consent_status": "refused"}
    assert talk.answer(slot, said) == kept
    assert talk.said == []


@pytest.mark.parametrize(
    ("slot", "said", "hint"),
    [
        ("category", "xyz", "among the choices"),
        ("urgency", "urgent but routine", "more than one choice"),
        ("municipality", "Atlantis", "one of the 38"),
        ("concern_facts", "too short", "at least 40"),
        ("concern_facts", "x" * 2001, "at most 2000"),
        ("wanted_service", "gold", "among the choices"),
        ("consent_status", "I did not ask yet", "among the choices"),
        ("consent_status", "ne znam", "among the choices"),
        ("referrer_contact", "a@gmail.com", "official address"),
        ("referrer_contact", "call me", "telephone"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_asked_again_with_a_reason(talk, slot, said, hint):
    assert talk.answer(slot, said) is None
    assert hint in talk.texts[0]


def test_a_refusal_is_in_the_language_and_script_of_the_conversation(talk):
    shown = []
    for language, script in (("sq", "Latn"), ("sr", "Latn"), ("sr", "Cyrl"), ("en", "Latn")):
        talk.slots |= {"language": language, "script": script}
        talk.answer("concern_facts", "x")
        shown.append(talk.texts[0].split()[0])
    assert shown == ["Shkruani", "Napišite", "Напишите", "Please"]


@pytest.mark.parametrize(
    ("group", "consent"), [("child_0_5", "given_by_person"), ("woman", "given_by_carer")]
)
def test_nobody_agrees_in_place_of_another(talk, group, consent):
    talk.slots |= answers(person_group=group)
    assert talk.answer("consent_status", consent) is None
    assert "caregiver" in talk.said[0]["text"]


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_without_a_valid_identity_the_form_closes_and_keeps_the_answers(talk, token):
    talk.slots |= answers(identity_token=token)
    events = talk.run("validate_referral_form", text="/start_referral")
    assert talk.responses == ["utter_please_sign_in"]
    assert {"event": "active_loop", "name": None, "timestamp": None} in events
    assert (talk.slots["category"], talk.slots["confirm"]) == ("C", None)


@pytest.mark.parametrize("role", ["trainer", "dprrp", "admin"])
def test_a_role_without_the_right_closes_the_form_and_is_forgotten(talk, seal, role):
    talk.slots |= answers(identity_token=seal.sign(Identity("p", role, "", CONVERSATION)))
    events = talk.run("validate_referral_form", text="/start_referral")
    assert talk.responses == ["utter_may_not_refer"]
    assert [one["name"] for one in events if one["event"] != "slot"] == [None, "action_listen"]
    assert talk.slots["category"] is None


def test_a_bare_mitrovica_is_asked_about_with_two_buttons(talk):
    assert talk.answer("municipality", "Mitrovica") is None
    payloads = [one["payload"] for one in talk.said[0]["buttons"]]
    assert payloads == ['/inform{"municipality":"MIJ"}', '/inform{"municipality":"MIV"}']


def test_a_code_counts_from_a_button_and_not_when_typed(talk):
    assert talk.answer("municipality", "KAM", text="KAM") is None
    assert talk.answer("municipality", "KAM", text='/inform{"municipality":"KAM"}') == "KAM"


def test_a_button_pressed_in_place_of_text_is_no_text(talk):
    assert talk.answer("concern_facts", '/inform{"category":"C"}' + " " * 40) is None
    assert talk.said == []


def test_a_group_of_kinds_is_a_step_on_the_way(talk):
    assert talk.answer("category", "children") is None
    assert talk.slots["category_group"] == "children"
    assert talk.answer("category", "žene") is None
    assert talk.slots["category_group"] == "family"
    assert talk.answer("category", "all") is None
    assert talk.slots["category_group"] is None
    assert talk.said == []


def test_the_form_asks_only_for_what_the_case_needs(talk):
    def next_after(**slots):
        talk.slots |= {**answers(confirm=None), **slots}
        events = talk.run("validate_referral_form", text="x")
        return next(e["value"] for e in events if e.get("name") == "requested_slot")

    assert next_after() == "confirm"
    assert next_after(urgency="U0") == "emergency_called"
    assert next_after(urgency="U0", emergency_called="yes") == "confirm"
    assert next_after(consent_status="refused") == "legal_basis_without_consent"
    assert next_after(person_group="institution", consent_status=None) == "confirm"
    assert next_after(category=None) == "category"


def test_one_who_has_not_called_for_help_is_told_to_call_first(talk):
    talk.slots["urgency"] = "U0"
    assert talk.answer("emergency_called", "ende jo") == "no"
    assert talk.responses == ["utter_referral_call_first"]
    assert (talk.said[0]["police"], talk.said[0]["emergency"]) == ("192", "112")


def test_a_form_gets_its_name_once(talk):
    talk.run("validate_referral_form")
    key = talk.slots["referral_key"]
    assert len(key) == 32
    talk.run("validate_referral_form")
    assert talk.slots["referral_key"] == key


@pytest.mark.parametrize("text", ["/send_referral", "send", "dërgoje", "Пошаљи"])
def test_an_explicit_send_confirms(talk, text):
    talk.slots |= answers()
    assert talk.answer("confirm", "send", text=text) == "send"


@pytest.mark.parametrize("text", ["yes", "po", "да", "no", "do not send it", "send him to school"])
def test_a_yes_is_not_a_send(talk, text):
    talk.slots |= answers()
    assert talk.answer("confirm", "affirm", text=text) is None
    assert "Nothing was sent" in talk.texts[0]


def test_an_old_send_does_not_send_a_form_that_is_opened_again(talk):
    talk.slots |= answers()
    assert talk.answer("confirm", "send", text="/start_referral") is None
    assert talk.said == []


def test_every_answer_can_be_changed_and_only_it_is_asked_again(talk):
    for field in ("category", "municipality", "concern_facts", "referrer_contact"):
        talk.slots |= answers(confirm=None)
        events = talk.run("validate_referral_form", candidates={"change_field": field})
        assert talk.slots["change_field"] is None
        assert talk.slots[field] is None
        assert {"requested_slot": field} == {
            e["name"]: e["value"] for e in events if e["name"] == "requested_slot"
        }
        assert sum(talk.slots[name] is None for name in answers()) == 2


def test_what_depends_on_a_changed_answer_goes_with_it(talk):
    talk.slots |= answers(urgency="U0", emergency_called="yes", confirm=None)
    talk.run("validate_referral_form", candidates={"change_field": "urgency"})
    assert talk.slots["emergency_called"] is None
    talk.slots |= answers(consent_status="refused", legal_basis_without_consent="court_order")
    talk.run("validate_referral_form", candidates={"change_field": "consent_status"})
    assert talk.slots["legal_basis_without_consent"] is None


def test_an_unknown_answer_to_change_is_refused(talk):
    talk.slots |= answers(confirm=None)
    talk.run("validate_referral_form", candidates={"change_field": "password"})
    assert talk.slots["change_field"] is None
    assert "no such answer" in talk.texts[0]


def test_a_text_that_another_reading_takes_for_danger_is_kept_and_the_numbers_come_first(talk):
    assert talk.answer("concern_facts", FACTS, intent="emergency") == FACTS
    assert talk.responses == ["utter_emergency"]
