"""The emergency panel and the change of language."""

import pytest


def test_the_numbers_come_first_and_as_data_for_the_panel(talk):
    talk.slots |= {"language": "sr", "script": "Cyrl", "identity_token": None}
    talk.run("action_emergency", text="ima oružje")
    assert talk.responses == ["utter_emergency"]
    assert (talk.said[0]["police"], talk.said[0]["emergency"]) == ("192", "112")
    [panel] = talk.data
    assert (panel["kind"], panel["status"], panel["language"]) == ("answer", "emergency", "sr-Cyrl")
    assert panel["citations"] == []
    assert "helplines" not in panel
    first = panel["numbers"][0]
    assert (first["name"], first["number"]) == ("Полиција", "192")
    assert first["source"]


@pytest.mark.parametrize(
    ("asked", "text", "before", "after"),
    [
        ("sq", "shqip", "en", ("sq", "Latn")),
        ("en", "/set_language", "sq", ("en", "Latn")),
        ("sr-Cyrl", "/set_language", "sq", ("sr", "Cyrl")),
        ("sr-Latn", "/set_language", "sr", ("sr", "Latn")),
        ("sr", "srpski", "sq", ("sr", "Latn")),
        ("sr", "српски", "sq", ("sr", "Cyrl")),
    ],
)
def test_a_language_is_set_and_then_confirmed_in_itself(talk, asked, text, before, after):
    talk.slots["language"] = before
    events = talk.run(
        "action_set_language", text=text, entities=[{"entity": "language", "value": asked}]
    )
    assert (talk.slots["language"], talk.slots["script"]) == after
    assert events[-1]["event"] == "followup"
    assert events[-1]["name"] == "utter_language_set"
    assert talk.said == []


@pytest.mark.parametrize("entities", [[], [{"entity": "language", "value": "fr"}]])
def test_an_unknown_language_changes_nothing(talk, entities):
    talk.run("action_set_language", entities=entities)
    assert talk.responses == ["utter_language_unknown"]
    assert talk.slots["language"] == "en"
