"""The chat as people use it, in a real browser against the real service."""

import re

import pytest
from playwright.sync_api import Page, expect

from knowledge.serbian import to_latin
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser

CYRILLIC = re.compile(r"[Ѐ-ӿ]")
# A person of the demo for each language form, a question, and how the quotation must look.
ASKED = {
    "sq": ("arta", "Si të veproj në rast bullizmi në klasë?"),
    "sr-Latn": ("petar", "Kako da pripremim prvi sastanak sa ženom pod uslovnom osudom?"),
    "sr-Cyrl": ("sanja", "Шта да радим кад ми се неко повери због насиља у породици?"),
    "en": ("nora", "How do I answer the media about people who returned?"),
}
QUESTION = ASKED["sq"][1]


def gives_a_reason(response) -> bool:
    request = response.request
    return request.url.endswith("/feedback") and bool(request.post_data_json["reason"])


def card(page: Page):
    return page.locator("ura-assistant article.answer").last


@pytest.mark.parametrize("code", ASKED)
def test_a_question_is_answered_in_the_words_of_a_document(visit, code):
    name, question = ASKED[code]
    page = visit.sign_in(name)
    assert page.locator("html").get_attribute("lang") == code
    visit.say(question)
    quote = card(page).locator("blockquote").first
    expect(quote).not_to_be_empty()
    assert quote.get_attribute("lang") == code
    assert bool(CYRILLIC.search(quote.inner_text())) is (code == "sr-Cyrl")
    assert len(card(page).locator(".source").first.inner_text()) > 20
    expect(card(page).locator(".mark").first).to_be_visible()


def test_what_can_be_asked_first_is_offered_and_answered(visit):
    page = visit.sign_in("arta")
    page.locator("ura-assistant .choices--questions button").first.click()
    expect(card(page).locator("blockquote").first).to_be_visible()


def test_a_citation_opens_the_document_where_it_stands(visit):
    page = visit.sign_in("arta")
    visit.say(QUESTION)
    title = card(page).locator("cite").first.inner_text()
    words = card(page).locator("blockquote").first.inner_text().split()[:6]
    card(page).locator("a.open").first.click()
    page.wait_for_url(re.compile(r"/sources/.+version=1#p\d+"))
    expect(page.locator("h1")).to_contain_text(title)
    expect(page.locator(".passage:target")).to_contain_text(" ".join(words))
    expect(page.locator(".passage:target")).to_be_in_viewport()
    page.go_back()
    expect(visit.replies).to_have_count(1)


def test_everything_can_be_done_with_the_keyboard(visit):
    page = visit.sign_in("arta")
    visit.box.focus()
    page.keyboard.type("Çfarë nuk është")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("shenjë radikalizimi?")
    page.keyboard.press("Enter")
    expect(card(page)).to_be_visible()
    expect(visit.box).to_be_focused()
    expect(visit.box).to_have_value("")
    card(page).locator("a.open").first.focus()
    page.keyboard.press("Tab")
    expect(card(page).locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page).locator("details blockquote").first).to_be_visible()
    yes = card(page).get_by_role("button", name="Po", exact=True)
    for _ in range(6):
        page.keyboard.press("Tab")
        if yes.evaluate("one => one.getRootNode().activeElement === one"):
            break
    page.keyboard.press("Enter")
    expect(card(page)).to_contain_text("Vlerësimi juaj u ruajt")


def test_an_answer_that_did_not_help_is_asked_why(visit):
    page = visit.sign_in("arta")
    visit.say(QUESTION)
    card(page).get_by_role("button", name="Jo", exact=True).click()
    with page.expect_response(gives_a_reason) as answer:
        card(page).get_by_role("button", name="Nuk kuptohet").click()
    assert answer.value.status == 204
    assert answer.value.request.post_data_json["reason"] == "unclear"
    expect(card(page)).to_contain_text("Vlerësimi juaj u ruajt")


def test_the_language_is_switched_on_the_page_and_stays(visit):
    page = visit.sign_in("ema")
    visit.say(QUESTION)
    for name, code in (("English", "en"), ("Српски", "sr-Cyrl"), ("Srpski", "sr-Latn")):
        page.locator(".languages").get_by_role("button", name=name, exact=True).click()
        page.wait_for_load_state()
        assert page.locator("html").get_attribute("lang") == code
        expect(visit.replies).to_have_count(1)
    expect(page.locator("ura-assistant label[for=message]")).to_have_text("Vaše pitanje")
    page.reload()
    expect(page.locator("ura-assistant label[for=message]")).to_have_text("Vaše pitanje")
    page.locator(".languages").get_by_role("button", name="Shqip").click()
    expect(page.locator("ura-assistant label[for=message]")).to_have_text("Pyetja juaj")


def test_the_numbers_to_call_are_there_before_anyone_signs_in(visit):
    page = visit.open("/sign-in")
    page.locator(".emergency-button").click()
    panel = page.locator("dialog.emergency-panel")
    expect(panel).to_be_visible()
    expect(panel.locator("a[href='tel:192']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_danger_opens_the_numbers_at_once_and_the_talk_goes_on(visit):
    page = visit.sign_in("arta")
    visit.say("Një nxënës tha se sonte do ta vrasë veten")
    panel = page.locator("ura-assistant dialog.emergency")
    expect(panel).to_be_visible()
    expect(panel.locator("a[href='tel:192']")).to_be_visible()
    expect(panel.locator(".steps li")).to_have_count(3)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(visit.box).to_be_focused()
    page.locator(".emergency-button").first.click()
    expect(page.locator("dialog.emergency-panel")).to_be_visible()


def test_a_reload_keeps_the_conversation(visit):
    page = visit.sign_in("arta")
    visit.say(QUESTION)
    quote = card(page).locator("blockquote").first.inner_text()
    page.reload()
    expect(page.locator("ura-assistant .said").first).to_contain_text(QUESTION)
    expect(card(page).locator("blockquote").first).to_have_text(quote, use_inner_text=True)


def test_a_new_conversation_begins_empty(visit):
    page = visit.sign_in("arta")
    visit.say(QUESTION)
    page.get_by_role("button", name="Bisedë e re").click()
    expect(page.locator("ura-assistant .welcome")).to_be_visible()
    page.reload()
    expect(page.locator("ura-assistant .welcome")).to_be_visible()


def test_an_unsent_draft_outlives_a_reload_and_nobody_elses_sign_in(visit):
    page = visit.sign_in("arta")
    visit.box.fill("Një shënim i papërfunduar")
    page.reload()
    expect(visit.box).to_have_value("Një shënim i papërfunduar")
    visit.context.clear_cookies()
    visit.sign_in("besa")
    expect(visit.box).to_have_value("")


def test_signing_out_leaves_nothing_behind_in_the_tab(visit):
    page = visit.sign_in("arta")
    visit.box.fill("Një shënim i papërfunduar")
    page.locator("form[action='/sign-out'] button").click()
    page.wait_for_url("**/sign-in*")
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "papërfunduar" not in kept
    assert "web-" not in kept


def test_an_ended_sign_in_keeps_the_text_and_sends_it_afterwards(visit):
    page = visit.sign_in("arta")
    visit.context.clear_cookies()
    visit.box.fill(QUESTION)
    visit.box.press("Enter")
    expect(page.locator("ura-assistant .sign-in")).to_be_visible()
    expect(visit.box).to_have_value(QUESTION)
    page.locator("ura-assistant .sign-in a").click()
    visit.fill_sign_in("arta")
    expect(card(page)).to_be_visible()
    expect(page.locator("ura-assistant .said")).to_contain_text(QUESTION)
    expect(visit.box).to_have_value("")


def test_without_a_connection_the_text_stays_and_can_be_sent_again(visit):
    page = visit.sign_in("arta")
    visit.context.set_offline(True)
    visit.box.fill(QUESTION)
    visit.box.press("Enter")
    expect(page.locator("ura-assistant .failure")).to_contain_text("Nuk ka lidhje")
    expect(visit.box).to_have_value(QUESTION)
    expect(page.locator("ura-assistant .said")).to_have_count(0)
    visit.context.set_offline(False)
    page.get_by_role("button", name="Provoni përsëri").click()
    expect(card(page)).to_be_visible()
    expect(page.locator("ura-assistant .failure")).to_be_empty()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_failing_service_loses_no_word(visit, status):
    page = visit.sign_in("arta")
    page.route("**/webhooks/**", lambda route: route.fulfill(status=status, json={"error": {}}))
    visit.box.fill(QUESTION)
    visit.box.press("Enter")
    expect(page.locator("ura-assistant .failure")).to_contain_text("Teksti juaj është ende këtu")
    expect(visit.box).to_have_value(QUESTION)


def test_a_text_that_is_too_long_is_counted_and_refused_before_it_is_sent(visit):
    page = visit.sign_in("arta")
    visit.box.fill("ë" * 1850)
    expect(page.locator("ura-assistant .counter")).to_have_text("1850 nga 2000 shenja")
    visit.box.fill("ë" * 2001)
    visit.box.press("Enter")
    expect(page.locator("ura-assistant .refusal").first).to_contain_text("Shkurtojeni edhe për 1")
    expect(visit.box).to_have_attribute("aria-invalid", "true")
    expect(page.locator("ura-assistant .said")).to_have_count(0)


def test_markup_in_a_message_stays_text(visit):
    page = visit.sign_in("arta")
    visit.say("<img src=x onerror=alert(1)> <b>çka është DPRPR</b>")
    expect(page.locator("ura-assistant .said")).to_contain_text("<img src=x")
    expect(page.locator("ura-assistant .said img")).to_have_count(0)


def test_serbian_is_shown_in_latin_as_the_service_would_write_it(visit):
    page = visit.open("/sign-in")
    texts = [
        "Љубав и ЉУБАВ, Његош и ЊЕГОШ, Џеп и ЏЕП",
        "КРАЉ. Шта је ДСРРЛ? Ђак, ћуп, чаша, жаба.",
        "ињекција, надживети, DPRRP, arta@rks-gov.net",
        "Љ. Њ. Џ. и А. Љ.",
    ]
    shown = page.evaluate(
        """async (texts) => {
            const { toLatin } = await import("/static/widget-serbian.js");
            return texts.map(toLatin);
        }""",
        texts,
    )
    assert shown == [to_latin(text) for text in texts]


def test_nothing_sticks_out_on_a_small_phone(visits):
    visit = visits(size=PHONE)
    visit.sign_in("arta")
    assert visit.overflow() == 0
    visit.say(QUESTION)
    visit.say("Dua të referoj një rast")
    assert visit.overflow() == 0
    expect(visit.box).to_be_in_viewport()
    expect(visit.page.locator(".emergency-button").first).to_be_in_viewport()


def test_a_ministrys_page_embeds_the_chat(visits):
    visit = visits(size=(1280, 800), locale="en")
    page = visit.page
    page.goto(f"{visit.service.ministry}/index.html")
    page.get_by_role("button", name="Ask Ura").click()
    page.get_by_label("Name").fill("nora")
    page.get_by_label("Password").fill("wrong")
    page.get_by_label("Password").press("Enter")
    expect(page.locator("ura-assistant .sign-in .refusal")).to_contain_text("do not match")
    page.get_by_label("Password").fill(visit.service.password("nora"))
    page.get_by_label("Password").press("Enter")
    page.locator("ura-assistant .welcome").wait_for()
    visit.say(ASKED["en"][1])
    expect(card(page)).to_be_visible()
    assert "nora" not in page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    page.get_by_role("button", name="Immediate danger").click()
    expect(page.locator("ura-assistant dialog.emergency")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("ura-assistant .window")).to_be_visible()
    page.locator("ura-assistant select").select_option("sr-Cyrl")
    expect(page.locator("ura-assistant label[for=message]")).to_have_text("Ваше питање")
    page.locator("ura-assistant select").select_option("en")
    page.keyboard.press("Escape")
    expect(page.locator("ura-assistant .window")).to_be_hidden()
    expect(page.get_by_role("button", name="Ask Ura")).to_be_focused()


def test_the_floating_window_keeps_the_focus(visits):
    visit = visits(locale="en")
    page = visit.page
    page.goto(f"{visit.service.ministry}/index.html")
    page.get_by_role("button", name="Ask Ura").click()
    page.get_by_label("Name").wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement === document.querySelector('ura-assistant')")
        assert inside
