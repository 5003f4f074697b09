"""A message that seems to identify somebody: marked in the browser, edited or sent anyway."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessible import examine

pytestmark = pytest.mark.browser

ASKED = "Si ta regjistroj nxënësin Arben Krasniqi me numër 1234567890?"
KEPT = "Si ta regjistroj nxënësin [emri] me numër [numri personal]?"


def held(page):
    return page.locator("ura-assistant .held-box")


def write(visit, text):
    visit.box.fill(text)
    visit.box.press("Enter")
    held(visit.page).wait_for()


def test_it_is_marked_and_nothing_of_it_is_kept(visit):
    page = visit.sign_in("arta")
    write(visit, ASKED)
    expect(held(page).locator("h2")).to_have_text("Kjo duket se identifikon dikë")
    expect(held(page).locator("h2")).to_be_focused()
    marks = held(page).locator("mark").all_inner_texts()
    assert [mark.split("\n")[0][:5] for mark in marks] == ["Arben", "12345"]
    expect(visit.box).to_have_value(ASKED)
    expect(visit.replies).to_have_count(0)


def test_it_is_edited_with_the_keyboard_alone(visit):
    page = visit.sign_in("arta")
    write(visit, ASKED)
    # The message scrolls, so it is a stop on the way.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(held(page).get_by_role("button", name="Ndryshojeni")).to_be_focused()
    page.keyboard.press("Enter")
    expect(visit.box).to_be_focused()
    expect(visit.box).to_have_value(ASKED)
    expect(held(page)).to_have_count(0)
    visit.say("Si ta regjistroj nxënësin pa dokumente?")
    expect(visit.replies).to_have_count(1)


def test_sent_anyway_it_is_answered_and_shown_as_it_is_kept(visit):
    page = visit.sign_in("arta")
    write(visit, ASKED)
    held(page).get_by_role("button", name="Dërgojeni gjithsesi").click()
    visit.wait_for_reply(0)
    said = page.locator("ura-assistant .said-text")
    expect(said).to_have_text(KEPT)
    expect(visit.box).to_have_value("")
    page.reload()
    expect(said).to_have_text(KEPT)
    expect(page.locator("ura-assistant")).not_to_contain_text("Krasniqi")


def test_danger_comes_first_whoever_is_named(visit):
    page = visit.sign_in("arta")
    visit.box.fill("Arben Krasniqi ka armë në shkollë")
    visit.box.press("Enter")
    page.locator("ura-assistant dialog.emergency").wait_for()
    expect(held(page)).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_accessible_and_fits(visits, size, scheme):
    visit = visits(size=size, scheme=scheme, examined=True)
    visit.sign_in("arta")
    write(visit, ASKED + " " + "xk051212012345678906" * 2)
    assert examine(visit) == []
