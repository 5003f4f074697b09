import pytest

from actions.referrals.log import Reader, ReferralLog
from tests.assistant.dialogue.talk import ANSWERS, CONTACT, FACTS, TRIED, Talk, a_teacher


def asked(talk):
    kept = talk.conversations._records.find(talk.sender, talk.who.id)
    return kept.draft["tracker"]["slots"]["requested_slot"] if kept.draft else None


def answers(talk):
    kept = talk.conversations._records.find(talk.sender, talk.who.id)
    return kept.draft["tracker"]["slots"] if kept.draft else {}


def test_a_referral_is_asked_for_summed_up_and_sent_once(talk):
    talk.refer()
    assert talk.kinds == ["summary"]
    assert "/send_referral" in talk.payloads
    talk.say("/send_referral")
    number = talk.cards[-1]["number"]
    assert "number" in talk.cards[-1]
    assert number in talk.text
    talk.say("/send_referral")
    assert talk.cards[-1]["number"] == number


@pytest.mark.parametrize("role", ["trainer", "dprrp"])
def test_who_may_not_refer_is_told_before_the_first_question(conversations, role):
    talk = Talk(conversations, a_teacher(role=role))
    for said in ("/start_referral", '/start_referral{"category":"C"}', "start a referral"):
        talk.say(said)
        assert "cannot send referrals" in talk.text
        assert len(talk.replies) == 1
        assert talk.payloads == talk.kinds == []
        assert answers(talk) == {}
    talk.say("cancel")
    assert talk.text == without_form(conversations, "cancel", role)
    talk.say("/help")
    assert talk.text == without_form(conversations, "/help", role)


def without_form(conversations, text, role):
    """Return the reply to `text` in a conversation in which nothing was begun."""
    fresh = Talk(conversations, a_teacher(role=role), sender=f"fresh {text}")
    fresh.say(text)
    return fresh.text


def test_a_right_lost_on_the_way_closes_the_form_and_forgets_the_case(conversations):
    talk = Talk(conversations, a_teacher())
    talk.say("/start_referral")
    talk.say('/inform{"category":"C"}')
    talk.who = a_teacher(role="trainer")
    talk.say('/inform{"person_group":"child_8_17"}')
    assert "cannot send referrals" in talk.text
    assert (talk.kinds, answers(talk)) == ([], {})


def test_a_yes_alone_sends_nothing(talk):
    talk.refer()
    talk.say("yes")
    assert asked(talk) == "confirm"
    assert "referral" not in talk.kinds


def test_a_value_that_is_not_valid_is_asked_for_again(talk):
    talk.say("/start_referral")
    talk.say('/inform{"category":"Z"}')
    assert asked(talk) == "category"
    assert len(talk.replies) >= 3


def test_what_the_opening_message_says_is_not_asked_again(talk):
    talk.say('/start_referral{"category":"C","municipality":"KLI"}')
    assert asked(talk) == "person_group"
    assert answers(talk)["municipality"] == "KLI"


def test_one_message_may_answer_several_questions(talk):
    talk.say("/start_referral")
    talk.say('/inform{"category":"C","person_group":"woman"}')
    assert asked(talk) == "municipality"


def test_a_slot_that_the_case_does_not_need_is_not_taken_unchecked(talk):
    talk.say("/start_referral")
    talk.say('/inform{"legal_basis_without_consent":"because"}')
    assert answers(talk)["legal_basis_without_consent"] is None


def steps(talk):
    """Return how far the form says it is, None where it asks nothing."""
    told = [(one["step"], one["total"]) for one in talk.cards if one["kind"] == "question"]
    return told[-1] if told else None


def test_every_question_says_which_of_how_many_it_is_and_the_summary_none(talk):
    talk.say("/start_referral")
    told = [steps(talk)]
    for answer in ANSWERS:
        talk.say(answer)
        told.append(steps(talk))
    assert told == [*((step, 9) for step in range(1, 10)), None]


def test_the_place_of_a_question_is_an_item_of_rasas_list(talk):
    talk.say("/start_referral")
    question = {"kind": "question", "field": "category", "step": 1, "total": 9}
    assert talk.replies[-1] == {"recipient_id": "s1", "custom": {"data": question}}


def test_a_further_question_is_counted_once_it_applies(talk):
    talk.refer(ANSWERS[:3])
    assert steps(talk) == (4, 9)
    talk.say('/inform{"urgency":"U0"}')
    assert (asked(talk), steps(talk)) == ("emergency_called", (5, 10))


def test_two_small_steps_and_a_refused_answer_are_the_same_question(talk):
    talk.say("/start_referral")
    talk.say('/inform{"category":"children"}')
    assert steps(talk) == (1, 9)
    talk.say(ANSWERS[0])
    talk.say(ANSWERS[1])
    talk.say("Atlantis")
    assert steps(talk) == (3, 9)


def test_what_was_known_from_the_start_is_not_counted_again(talk):
    talk.say('/start_referral{"municipality":"KLI"}')
    assert steps(talk) == (2, 9)
    for answer in ANSWERS[:2]:
        talk.say(answer)
    assert (asked(talk), steps(talk)) == ("urgency", (4, 9))


def test_going_back_counts_back(talk):
    talk.refer(ANSWERS[:4])
    talk.say("/go_back")
    assert (asked(talk), steps(talk)) == ("urgency", (4, 9))


@pytest.mark.parametrize(
    ("field", "answers_again"),
    [
        ("municipality", {"municipality": "Prizren"}),
        ("urgency", {"urgency": '/inform{"urgency":"U2"}'}),
        ("person_group", {"person_group": ANSWERS[1], "consent_status": ANSWERS[7]}),
    ],
)
def test_a_change_at_the_end_counts_only_what_is_left(talk, field, answers_again):
    talk.refer()
    talk.say(f'/change_answer{{"field":"{field}"}}')
    for left, (slot, answer) in zip(
        range(len(answers_again), 0, -1), answers_again.items(), strict=True
    ):
        assert (asked(talk), steps(talk)) == (slot, (10 - left, 9))
        talk.say(answer)
    assert talk.kinds == ["summary"]


def test_refused_consent_needs_a_legal_basis(talk):
    talk.refer(ANSWERS[:7])
    talk.say('/inform{"consent_status":"refused"}')
    assert asked(talk) == "legal_basis_without_consent"


def test_going_back_after_a_change_at_the_end_reaches_every_answer(talk):
    talk.refer()
    talk.say('/change_answer{"field":"urgency"}')
    talk.say('/inform{"urgency":"U2"}')
    assert asked(talk) == "confirm"
    reached = []
    for _ in ANSWERS:
        talk.say("/go_back")
        reached.append(asked(talk))
    assert (len(set(reached)), reached[0], reached[-1]) == (9, "referrer_contact", "category")


# Every question with buttons, after so many answers.
WITH_BUTTONS = {"category": 0, "person_group": 1, "urgency": 3, "wanted_service": 6, "consent": 7}


def press_or_type(conversations, label, before, language):
    """Return the slots after the button `label` was typed as text."""
    who = a_teacher(language=language.split("-")[0], script=(language + "-Latn").split("-")[1])
    talk = Talk(conversations, who, sender=f"{language} {before} {label}"[:64])
    talk.refer(ANSWERS[:before])
    titles = [one["title"] for item in talk.replies for one in item.get("buttons", ())]
    if label:
        talk.say(label)
    return talk, titles


@pytest.mark.slow
@pytest.mark.parametrize("language", ["sq", "sr-Latn", "sr-Cyrl", "en"])
@pytest.mark.parametrize("question", WITH_BUTTONS)
def test_the_label_of_a_button_may_be_typed(conversations, question, language):
    before = WITH_BUTTONS[question]
    _, titles = press_or_type(conversations, "", before, language)
    assert len(titles) > 2
    for title in titles:
        talk, _ = press_or_type(conversations, title.upper(), before, language)
        known = {**answers(talk)}
        chosen = known.get("category_group") if question == "category" else asked(talk)
        assert chosen not in (None, question), title
        assert "answer" not in talk.kinds, title


def test_an_answer_to_change_may_be_named_by_its_button(talk):
    talk.refer()
    talk.say("change an answer")
    talk.say("facts")
    assert asked(talk) == "concern_facts"


def test_going_back_asks_the_question_before_again(talk):
    talk.refer(ANSWERS[:2])
    talk.say("go back")
    assert asked(talk) == "person_group"
    assert answers(talk)["category"] == "C"
    talk.say("/go_back")
    assert asked(talk) == "category"
    talk.say("back")
    assert "first question" in talk.text
    assert asked(talk) == "category"


def test_an_answer_can_be_changed_before_sending(talk):
    talk.refer()
    talk.say('/change_answer{"field":"urgency"}')
    assert asked(talk) == "urgency"
    talk.say('/inform{"urgency":"U2"}')
    assert talk.kinds == ["summary"]


def test_a_wish_to_change_without_a_field_offers_the_fields(talk):
    talk.refer(ANSWERS[:3])
    talk.say("change my answer")
    assert '/change_answer{"field":"municipality"}' in talk.payloads
    assert asked(talk) == "urgency"


def test_a_field_can_be_named_in_words(talk):
    talk.refer(ANSWERS[:3])
    talk.say("change the municipality")
    assert asked(talk) == "municipality"


@pytest.mark.parametrize("word", ["goodbye", "yes", "start a referral", "thank you"])
def test_free_text_is_kept_whatever_command_it_is_like(talk, word):
    talk.refer([*ANSWERS[:5], word])
    assert answers(talk)["done_so_far"] == word


def test_a_clear_question_inside_free_text_is_answered_and_the_form_waits(talk):
    talk.refer(ANSWERS[:4])
    talk.say("What does DPRRP do?")
    assert talk.kinds == ["answer", "question"]
    assert asked(talk) == "concern_facts"
    assert answers(talk)["concern_facts"] is None


def test_a_story_that_ends_in_a_question_mark_is_not_lost(talk):
    talk.refer(ANSWERS[:4])
    story = f"{FACTS} He asked: may I play too?"
    talk.say(story)
    assert answers(talk)["concern_facts"] == story


def test_a_question_among_choices_is_answered_and_the_form_resumes(talk):
    talk.refer(ANSWERS[:3])
    talk.say("how do I help this child in class")
    assert talk.kinds == ["answer", "question"]
    assert asked(talk) == "urgency"


@pytest.mark.parametrize("word", ["help", "what do you store", "hello"])
def test_an_interruption_is_answered_and_the_question_asked_again(talk, word):
    talk.refer(ANSWERS[:2])
    talk.say(word)
    assert len(talk.replies) >= 3
    assert asked(talk) == "municipality"


def test_cancel_forgets_the_answers(talk):
    talk.refer(ANSWERS[:7])
    talk.say("cancel")
    assert "Nothing was sent" in talk.text
    assert answers(talk) == {}
    talk.say("/start_referral")
    assert asked(talk) == "category"


def test_a_second_start_goes_on_with_the_first(talk):
    talk.refer(ANSWERS[:2])
    talk.say("/start_referral")
    assert "already open" in talk.text
    assert asked(talk) == "municipality"


def test_a_button_of_a_closed_form_is_explained(talk):
    talk.say('/inform{"category":"C"}')
    assert "No referral is open" in talk.text


def test_the_answers_arrive_in_the_log_as_they_were_given(talk, engine, clock):
    talk.refer()
    talk.say("/send_referral")
    reader = Reader(person="p1", role="teacher")
    logged = ReferralLog(engine, clock=clock).read(talk.cards[-1]["number"], reader).content
    assert (logged.concern_facts, logged.done_so_far) == (FACTS, TRIED)
    assert (logged.municipality, logged.referrer_contact) == ("KLI", CONTACT)
