from assistant.dialogue.responses import render, render_reply


def test_serbian_is_shown_in_the_readers_script(script):
    latin = render(script, "utter_goodbye", {"language": "sr", "script": "Latn"})
    cyrillic = render(script, "utter_goodbye", {"language": "sr", "script": "Cyrl"})
    assert latin["text"].startswith("Doviđenja")
    assert cyrillic["text"].startswith("Довиђења")


def test_what_is_filled_in_keeps_its_script(script):
    slots = {"language": "sr", "script": "Latn"}
    item = render(script, "utter_action_failed", slots, {"error_id": "абв"})
    assert "абв" in item["text"]


def test_button_titles_change_script_and_payloads_never(script):
    item = render(script, "utter_cancelled", {"language": "sr", "script": "Latn"})
    assert item["buttons"][0] == {"title": "Započnite upućivanje", "payload": "/start_referral"}


def test_who_has_no_wording_of_their_own_is_answered_in_english(script):
    assert render(script, "utter_goodbye", {"language": None})["text"].startswith("Goodbye")


def test_doubled_braces_of_a_payload_become_single(script):
    item = render(script, "utter_which_answer", {"language": "en"})
    assert item["buttons"][0]["payload"] == '/change_answer{"field":"category"}'


def test_an_unfilled_slot_leaves_no_placeholder(script):
    assert "{" not in render(script, "utter_action_failed", {"language": "en"})["text"]


def test_an_actions_own_text_and_buttons_join_the_response(script):
    button = {"title": "x", "payload": "/help"}
    reply = {"response": "utter_cancelled", "buttons": [button], "text": None}
    item = render_reply(script, reply, {"language": "en"})
    assert item["text"].startswith("The referral was stopped")
    assert item["buttons"][-1] == button
