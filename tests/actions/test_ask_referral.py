"""The questions with fixed answers, and the summary."""

import pytest

from actions import all_actions, toolbox
from actions.ask_referral import AskField
from actions.referrals.fields import FIELDS
from config.files import load_yaml
from tests.actions.conftest import FACTS, answers

WRITTEN = ("municipality", "concern_facts", "done_so_far", "referrer_contact")


def payloads(talk):
    return [button["payload"] for one in talk.said for button in one["buttons"]]


def test_kinds_of_case_are_offered_in_two_small_steps(talk):
    talk.run("action_ask_referral_form_category")
    assert talk.responses == ["utter_ask_referral_form_category"]
    assert payloads(talk)[0] == '/inform{"category":"children"}'
    assert len(payloads(talk)) == 6
    talk.slots["category_group"] = "children"
    talk.run("action_ask_referral_form_category")
    assert talk.responses == ["utter_referral_which_kind"]
    assert payloads(talk) == [f'/inform{{"category":"{one}"}}' for one in (*"ABCL", "all")]


@pytest.mark.parametrize(
    ("field", "count"),
    [
        ("person_group", 9),
        ("urgency", 4),
        ("emergency_called", 3),
        ("wanted_service", 16),
        ("legal_basis_without_consent", 4),
    ],
)
def test_every_choice_is_a_button(talk, field, count):
    talk.run(f"action_ask_referral_form_{field}")
    assert talk.responses == [f"utter_ask_referral_form_{field}"]
    assert len(payloads(talk)) == count
    assert all(one.startswith(f'/inform{{"{field}":"') for one in payloads(talk))


@pytest.mark.parametrize("field", WRITTEN)
def test_what_is_written_has_a_question_and_no_button(talk, field):
    talk.run(f"action_ask_referral_form_{field}")
    assert talk.responses == [f"utter_ask_referral_form_{field}"]
    assert payloads(talk) == []


def test_every_field_is_asked_for_in_words_that_are_there():
    asking = [one for one in all_actions(toolbox.from_environment) if isinstance(one, AskField)]
    assert {one.field for one in asking} == set(FIELDS)
    wordings = load_yaml("domain/referral.yml")["responses"]
    said = {one.question(slots) for one in asking for slots in ({}, {"category_group": "children"})}
    assert said - set(wordings) == set()


@pytest.mark.parametrize(
    ("known", "field", "step", "total"),
    [
        ({}, "category", 1, 9),
        ({"category": "C"}, "person_group", 2, 9),
        ({"category": "C", "person_group": "institution"}, "municipality", 3, 8),
        ({"urgency": "U0"}, "emergency_called", 2, 10),
        ({"consent_status": "refused"}, "legal_basis_without_consent", 2, 10),
        (answers(municipality=None), "municipality", 9, 9),
    ],
)
def test_a_question_comes_with_its_place_among_those_that_apply(talk, known, field, step, total):
    talk.slots |= known
    talk.run(f"action_ask_referral_form_{field}")
    assert talk.data == [{"kind": "question", "field": field, "step": step, "total": total}]


def test_urgency_is_explained_in_plain_words(talk):
    talk.run("action_ask_referral_form_urgency")
    helps = [button["help"] for button in talk.said[0]["buttons"]]
    assert "Call the police or an ambulance first" in helps[0]
    assert len(helps) == 4


def test_danger_to_life_shows_the_numbers_first(talk):
    talk.run("action_ask_referral_form_emergency_called")
    assert (talk.said[0]["police"], talk.said[0]["emergency"]) == ("192", "112")


def test_consent_is_asked_of_a_carer_for_a_child_and_of_the_person_otherwise(talk):
    talk.slots["person_group"] = "child_8_17"
    talk.run("action_ask_referral_form_consent_status")
    assert "given_by_person" not in str(payloads(talk))
    talk.slots["person_group"] = "woman"
    talk.run("action_ask_referral_form_consent_status")
    assert "given_by_carer" not in str(payloads(talk))


def test_buttons_speak_the_language_and_script_of_the_conversation(talk):
    titles = []
    for language, script in (("sq", "Latn"), ("sr", "Latn"), ("sr", "Cyrl"), ("en", "Latn")):
        talk.slots |= {"language": language, "script": script}
        talk.run("action_ask_referral_form_urgency")
        titles.append(talk.said[0]["buttons"][3]["title"])
    assert titles == [
        "Mbështetje e zakonshme",
        "Redovna podrška",
        "Редовна подршка",
        "Routine support",
    ]


def test_the_summary_shows_every_answer_and_a_way_to_change_each(talk):
    talk.slots |= answers(confirm=None)
    talk.run("action_ask_referral_form_confirm")
    assert talk.responses == ["utter_referral_summary", "utter_ask_referral_form_confirm"]
    [card] = talk.data
    assert card["kind"] == "summary"
    rows = {row["field"]: (row["label"], row["value"]) for row in card["fields"]}
    assert len(rows) == 9
    assert rows["municipality"] == ("Municipality", "Klinë/Klina")
    assert rows["category"] == ("Kind of case", "Pupil aged 8–17, catch-up classes")
    assert rows["wanted_service"][1] == "Catch-up classes, Activity in a mixed group"
    assert rows["concern_facts"][1] == FACTS
    changes = [f'/change_answer{{"field":"{field}"}}' for field in rows]
    assert payloads(talk) == ["/send_referral", *changes, "/cancel"]


def test_what_a_person_typed_is_not_transliterated_in_the_summary(talk):
    talk.slots |= answers(confirm=None, language="sr", script="Latn", done_so_far="Разговор")
    talk.run("action_ask_referral_form_confirm")
    rows = {row["field"]: row["value"] for row in talk.data[0]["fields"]}
    assert rows["done_so_far"] == "Разговор"
    assert rows["municipality"] == "Klina"
