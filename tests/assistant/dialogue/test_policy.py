from assistant.dialogue.policy import next_action
from assistant.dialogue.tracker import LISTEN, Tracker, action_event


def a_tracker(script, intent, *events):
    tracker = Tracker("s1", script.slots)
    for event in events:
        tracker.apply([event], 0)
    parse_data = {"intent": {"name": intent}, "entities": [], "text": "x"}
    tracker.apply([{"event": "user", "parse_data": parse_data}], 0)
    return tracker


OPEN = {"event": "active_loop", "name": "referral_form"}
REJECTED = {"event": "action_execution_rejected", "name": "referral_form"}


def test_a_rule_is_followed_to_its_end(script):
    tracker = a_tracker(script, "greet")
    assert next_action(script, tracker) == "utter_greet"
    tracker.apply([action_event("utter_greet")], 0)
    assert next_action(script, tracker) == LISTEN


def test_an_open_form_goes_before_the_rules(script):
    assert next_action(script, a_tracker(script, "greet", OPEN)) == "referral_form"


def test_after_an_interruption_the_form_comes_back(script):
    tracker = a_tracker(script, "help", OPEN)
    tracker.apply([REJECTED], 0)
    assert next_action(script, tracker) == "utter_form_help"
    tracker.apply([action_event("utter_form_help")], 0)
    assert next_action(script, tracker) == "referral_form"
    tracker.apply([action_event("referral_form")], 0)
    assert next_action(script, tracker) == LISTEN


def test_a_complete_form_is_logged(script):
    tracker = a_tracker(script, "send_referral", OPEN)
    closing = {"event": "active_loop", "name": None}
    tracker.apply([action_event("referral_form"), closing], 0)
    assert next_action(script, tracker) == "action_log_referral"


def test_a_message_that_no_rule_knows_is_never_met_with_silence(script):
    assert next_action(script, a_tracker(script, "unheard_of")) == "utter_default"
    tracker = a_tracker(script, "unheard_of", OPEN)
    tracker.apply([REJECTED], 0)
    assert next_action(script, tracker) == "utter_form_default"


def test_what_an_action_asks_for_comes_next(script):
    tracker = a_tracker(script, "greet")
    tracker.apply([{"event": "followup", "name": "utter_help"}], 0)
    assert next_action(script, tracker) == "utter_help"
    tracker.apply([action_event("utter_help")], 0)
    assert tracker.followup == ""


def test_a_paused_conversation_waits(script):
    assert next_action(script, a_tracker(script, "greet", {"event": "pause"})) == LISTEN
