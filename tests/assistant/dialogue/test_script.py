import shutil

import pytest
import yaml

from assistant.dialogue.script import load_script
from assistant.dialogue.script_checks import ScriptHasGaps
from config.files import FOLDER


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FOLDER / "domain", tmp_path / "domain")
    shutil.copytree(FOLDER / "data", tmp_path / "data")
    return tmp_path


def change(folder, name, change_it):
    path = folder / name
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change_it(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def gaps_of(folder):
    with pytest.raises(ScriptHasGaps) as refused:
        load_script(folder)
    return " | ".join(refused.value.gaps)


def test_the_shipped_script_is_whole():
    script = load_script()
    assert "referral_form" in script.forms
    assert {example.language for example in script.examples} == {"sq", "sr", "en"}


def test_only_typed_slots_of_the_form_count_as_free_text():
    script = load_script()
    free = {name for name, slot in script.slots.items() if slot.is_free_text}
    assert free == {"concern_facts", "done_so_far", "referrer_contact"}


def test_an_example_is_read_without_its_marks():
    script = load_script()
    example = next(one for one in script.examples if one.text == "switch to Albanian")
    assert example.entities == (("language", "Albanian", "sq"),)


@pytest.mark.parametrize(
    ("name", "spoil", "named"),
    [
        (
            "data/rules.yml",
            lambda rules: rules["rules"][0]["steps"].append({"action": "action_dance"}),
            "nobody knows action action_dance",
        ),
        (
            "data/rules.yml",
            lambda rules: rules["rules"][0]["steps"].insert(0, {"intent": "dance"}),
            "nobody knows intent dance",
        ),
        (
            "domain/session.yml",
            lambda domain: domain["responses"]["utter_greet"].pop(0),
            "response utter_greet: no wording for sq",
        ),
        (
            "domain/session.yml",
            lambda domain: domain["responses"]["utter_greet"].pop(),
            "no wording for everybody else (en)",
        ),
        (
            "domain/session.yml",
            lambda domain: domain["responses"]["utter_greet"][0].update(text="Tung {name}"),
            "response utter_greet: its wordings fill in different slots",
        ),
        (
            "domain/session.yml",
            lambda domain: domain["responses"]["utter_greet"][0].update(buttons=[]),
            "response utter_greet: its wordings have different buttons",
        ),
        (
            "domain/session.yml",
            lambda domain: [
                one.update(buttons=[{"title": "x", "payload": "/dance"}])
                for one in domain["responses"]["utter_greet"]
            ],
            "a button sends /dance, which nobody understands",
        ),
        (
            "domain/session.yml",
            lambda domain: domain["slots"].update(category={"type": "text", "mappings": []}),
            "slots: category stands in two files",
        ),
        (
            "domain/referral.yml",
            lambda domain: domain["responses"].pop("utter_ask_referral_form_change_field"),
            "form referral_form: nothing asks for slot change_field",
        ),
        (
            "data/nlu/en.yml",
            lambda nlu: nlu["nlu"].append({"intent": "dance", "examples": "- dance"}),
            "examples: nobody knows intent dance",
        ),
    ],
)
def test_a_script_with_a_gap_is_refused_by_name(folder, name, spoil, named):
    change(folder, name, spoil)
    assert named in gaps_of(folder)
