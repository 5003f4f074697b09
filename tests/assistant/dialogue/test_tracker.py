import json

from assistant.dialogue.tracker import MOST_EVENTS, Tracker, action_event, slot_event

OPEN = {"event": "active_loop", "name": "referral_form"}


def test_a_tracker_comes_back_as_it_was(script):
    tracker = Tracker("s1", script.slots)
    tracker.apply([OPEN, slot_event("category", "C"), slot_event("requested_slot", "urgency")], 1)
    again = Tracker("s1", script.slots)
    again.restore(json.loads(json.dumps(tracker.to_json())))
    assert again.to_json() == tracker.to_json()
    assert (again.loop, again.requested) == ("referral_form", "urgency")


def test_the_cost_of_a_turn_does_not_grow(script):
    tracker = Tracker("s1", script.slots)
    for place in range(3 * MOST_EVENTS):
        tracker.apply([slot_event("category", str(place))], place)
    assert len(tracker.events) == MOST_EVENTS


def test_an_action_cannot_change_the_tracker_it_is_shown(script):
    tracker = Tracker("s1", script.slots)
    shown = tracker.as_rasa()
    shown["slots"]["category"] = "C"
    shown["events"].append(action_event("x"))
    assert tracker.slots["category"] is None
    assert tracker.events == []


def test_candidates_are_shown_last_and_not_kept(script):
    tracker = Tracker("s1", script.slots)
    shown = tracker.as_rasa([slot_event("category", "C")])
    assert shown["events"][-1] == slot_event("category", "C")
    assert shown["slots"]["category"] == "C"
    assert tracker.slots["category"] is None


def test_restart_and_reset_empty_the_slots(script):
    for event in ("restart", "reset_slots", "session_started", "session_ended"):
        tracker = Tracker("s1", script.slots)
        tracker.apply([slot_event("category", "C"), {"event": event}], 0)
        assert tracker.slots["category"] is None


def test_forgetting_drops_the_events_that_repeat_the_answers(script):
    tracker = Tracker("s1", script.slots)
    tracker.apply([slot_event("concern_facts", "secret")], 0)
    tracker.forget(["concern_facts"])
    assert "secret" not in json.dumps(tracker.to_json())


def test_an_unknown_event_changes_nothing(script):
    tracker = Tracker("s1", script.slots)
    tracker.apply([{"event": "dance"}], 0)
    assert tracker.loop == ""
