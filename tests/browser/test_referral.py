"""A referral from the first question to the officer's list, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit

pytestmark = pytest.mark.browser

NUMBER = re.compile(r"20\d\d-\d{5}-\d")
FACTS = "Nxënësi 11 vjeç lexon si në klasën e parë dhe rri vetëm në pushime prej dy muajsh."
# The button or the text for each question, by a word of the question.
ANSWERS = (
    ("button", "Fëmijë dhe shkollë"),
    ("button", "Nxënës 8–17 vjeç, mësim plotësues"),
    ("button", "Fëmijë 8–17 vjeç"),
    ("text", "në Klinë"),
    ("button", "Mbështetje e zakonshme"),
    ("text", FACTS),
    ("text", "Folëm me gjyshen dhe e njoftuam drejtorin e shkollës."),
    ("button", "Mësim plotësues"),
    ("button", "Përkujdesësi ka dhënë pëlqimin"),
    ("text", "038 200 100"),
)


def begin(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Filloni një referim").first.click()
    visit.last.wait_for()


def progress(visit: Visit):
    return visit.page.locator("ura-assistant .bar .progress")


def fill_in(visit: Visit) -> None:
    """Answer every question up to the summary."""
    begin(visit)
    for kind, answer in ANSWERS[:-1]:
        if kind == "button":
            visit.press(answer)
        else:
            visit.say(answer)
    hint = visit.page.locator("ura-assistant #message-hint")
    expect(hint).to_contain_text("Vetëm kontakti zyrtar")
    visit.say(ANSWERS[-1][1])
    visit.page.locator("ura-assistant .summary").wait_for()


def send(visit: Visit) -> str:
    """Send what the summary shows with an impatient double click; return the number."""
    page = visit.page
    page.locator("ura-assistant .summary").last.locator(".decide .button--primary").dblclick()
    sent = page.locator("ura-assistant .referral")
    expect(sent).to_have_count(1)
    expect(page.locator("ura-assistant .bar")).to_be_hidden()
    return NUMBER.search(sent.inner_text())[0]


def test_a_referral_is_filled_in_changed_sent_once_and_seen_by_the_officer(visits):
    visit = visits(size=PHONE)
    page = visit.sign_in("arta")
    fill_in(visit)
    expect(progress(visit)).to_have_count(0)
    summary = page.locator("ura-assistant .summary").last
    expect(summary).to_contain_text("Klinë")
    expect(summary).to_contain_text(FACTS)

    before = visit.replies.count()
    summary.get_by_role("button", name="Ndryshoni: Komuna").click()
    visit.wait_for_reply(before)
    expect(progress(visit)).to_have_text("Pyetja 9 nga rreth 9")
    visit.say("Prizren")
    summary = page.locator("ura-assistant .summary").last
    expect(summary).to_contain_text("Prizren")
    assert visit.overflow() == 0

    number = send(visit)
    # What was told is gone from the screen too, as the reply says.
    expect(page.locator("ura-assistant .summary")).to_have_count(0)
    expect(page.locator("ura-assistant .log")).not_to_contain_text(FACTS)
    expect(visit.replies).to_have_count(1)
    visit.say("Ku ka arritur referimi im?")
    expect(visit.replies).to_have_count(2)

    visit.open("/referrals")
    expect(page.locator("main")).to_contain_text(number)
    visit.open(f"/referrals/{number}")
    expect(page.locator("main")).to_contain_text("Prizren")

    officer = visits()
    officer.sign_in("drita", "/referrals")
    expect(officer.page.locator("main")).to_contain_text(number)


def test_the_way_back_and_the_way_out_are_always_there(visit):
    page = visit.sign_in("besa")
    begin(visit)
    visit.press("Fëmijë dhe shkollë")
    visit.press("Nxënës 8–17 vjeç, mësim plotësues")
    bar = page.locator("ura-assistant .bar")
    expect(progress(visit)).to_have_text("Pyetja 2 nga rreth 9")
    before = visit.replies.count()
    bar.get_by_role("button", name="Një pyetje prapa").click()
    visit.wait_for_reply(before)
    expect(progress(visit)).to_have_text("Pyetja 1 nga rreth 9")
    expect(visit.last.locator(".choices button").first).to_be_enabled()
    assert not page.locator("ura-assistant .replies").first.locator("button:enabled").count()

    bar.get_by_role("button", name="Ndalni referimin").click()
    page.get_by_role("button", name="Vazhdoni këtu").click()
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="Ndalni referimin").click()
    page.get_by_role("button", name="Ndalni dhe fshini përgjigjet").click()
    expect(bar).to_be_hidden()
    expect(visit.replies).to_have_count(1)


def test_an_open_referral_outlives_a_reload_and_is_not_left_by_accident(visit):
    page = visit.sign_in("besa")
    begin(visit)
    visit.press("Fëmijë dhe shkollë")
    page.reload()
    expect(page.locator("ura-assistant .bar")).to_be_visible()
    visit.press("Nxënës 8–17 vjeç, mësim plotësues")
    page.get_by_role("button", name="Bisedë e re").click()
    dialog = page.locator("ura-assistant dialog.confirm")
    expect(dialog).to_contain_text("referim të padërguar")
    page.keyboard.press("Escape")
    expect(page.locator("ura-assistant .bar")).to_be_visible()
    page.get_by_role("button", name="Bisedë e re").click()
    dialog.get_by_role("button", name="Fshijini dhe nisni bisedë të re").click()
    expect(page.locator("ura-assistant .welcome")).to_be_visible()


def test_a_sign_in_that_ends_in_mid_form_loses_no_answer(visit):
    page = visit.sign_in("besa")
    begin(visit)
    for kind, answer in ANSWERS[:5]:
        visit.press(answer) if kind == "button" else visit.say(answer)
    visit.context.clear_cookies()
    visit.box.fill(FACTS)
    visit.box.press("Enter")
    page.locator("ura-assistant .sign-in a").click()
    visit.fill_sign_in("besa")
    expect(page.locator("ura-assistant .said").last).to_contain_text(FACTS)
    for kind, answer in ANSWERS[6:]:
        visit.press(answer) if kind == "button" else visit.say(answer)
    expect(page.locator("ura-assistant .summary")).to_contain_text(FACTS)
