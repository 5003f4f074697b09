"""The service as a whole: what is open, what is closed, what it says of its health and itself."""

import re
from dataclasses import replace

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from assistant.app import create_app
from config.settings import Settings
from tests.assistant.web.conftest import ADDRESS

# Everything a stranger may reach; every other route must refuse them.
OPEN = {
    ("GET", "/api/docs"),
    ("GET", "/api/emergency"),
    ("GET", "/api/words/{topic}"),
    ("GET", "/emergency"),
    ("GET", "/favicon.ico"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/openapi.json"),
    ("GET", "/robots.txt"),
    ("GET", "/sign-in"),
    ("GET", "/webhooks/callback/"),
    ("GET", "/webhooks/rest/"),
    ("GET", "/webhooks/socketio/"),
    ("POST", "/api/sign-in"),
    ("POST", "/api/sign-out"),
    ("POST", "/language"),
    ("POST", "/sign-in"),
    ("POST", "/sign-out"),
}


def every_route(app):
    for route in iter_route_contexts(app.routes):
        for method in sorted((getattr(route, "methods", None) or set()) - {"HEAD", "OPTIONS"}):
            yield method, route.path


def test_every_route_but_the_open_ones_refuses_a_stranger(client, app):
    routes = set(every_route(app))
    assert routes > OPEN
    for method, path in sorted(routes - OPEN):
        reply = client.request(method, re.sub(r"\{[^}]*\}", "x", path))
        if reply.status_code == 303:
            assert reply.headers["location"].startswith("/sign-in"), (method, path)
        else:
            assert reply.status_code == 401, (method, path)


def test_the_open_routes_show_nothing_of_anybody(client, app_parts, sign_in):
    sign_in("teacher", name="Somebody Hidden")
    for method, path in OPEN:
        if method == "GET":
            assert "Somebody" not in client.get(path).text


def test_it_is_ready_when_database_and_questions_are(client):
    assert client.get("/health/live").json() == {"status": "live"}
    ready = client.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json() == {"status": "ready", "parts": {"database": True, "questions": True}}


def test_until_it_is_ready_it_says_so_and_the_chat_asks_to_wait(app_parts):
    waiting = create_app(app_parts)
    # Without its `with` the client does not start the background, as if loading took for ever.
    client = TestClient(waiting, base_url=ADDRESS)
    early = client.get("/health/ready")
    assert early.status_code == 503
    assert early.json()["parts"] == {"database": True, "questions": False}
    assert client.get("/sign-in").status_code == 200


def test_the_interface_describes_itself_without_the_pages(client):
    described = client.get("/openapi.json").json()
    paths = described["paths"]
    assert "/webhooks/rest/webhook" in paths
    assert "/api/referrals/{number}" in paths
    assert not {"/", "/library", "/sign-in", "/settings"} & set(paths)
    page = client.get("/api/docs", headers={"Accept-Language": "en"})
    assert "POST /api/referrals" in page.text
    assert "Programming interface" in page.text
    (token,) = described["components"]["securitySchemes"]
    assert paths["/webhooks/rest/webhook"]["post"]["security"] == [{token: []}]
    assert "security" not in paths["/health/live"]["get"]


def test_the_emergency_panel_is_open_to_everyone_in_every_language(client):
    page = client.get("/emergency").text
    assert "192" in page
    assert "RFE/RL" not in page
    panel = client.get("/api/emergency?language=sr-Latn").json()
    assert panel["numbers"][0] == {"name": "Policija", "number": "192"}
    assert len(panel["steps"]) == 3
    assert client.get("/api/emergency?language=xx").status_code == 422


def test_every_page_has_the_emergency_button_in_the_same_place(client, sign_in):
    for page in (client.get("/sign-in"), sign_in("dprrp").get("/settings"), client.get("/x")):
        header = page.text.split("<header")[1].split("</header>")[0]
        assert 'class="emergency-button" href="/emergency"' in header


def test_the_words_of_the_widget_are_open_and_other_topics_are_not(client):
    words = client.get("/api/words/widget?language=sr-Cyrl").json()
    assert words
    assert all(isinstance(text, str) for text in words.values())
    assert client.get("/api/words/errors").status_code == 404


def test_the_menu_shows_what_the_role_may_do(sign_in):
    menus = {
        role: sign_in(role).get("/settings").text.split("<nav")[1].split("</nav>")[0]
        for role in ("teacher", "trainer", "dprrp", "admin")
    }
    assert 'href="/referrals"' in menus["teacher"]
    assert 'href="/library"' not in menus["teacher"]
    assert 'href="/library"' in menus["trainer"]
    assert 'href="/unanswered"' in menus["trainer"]
    assert 'href="/referrals"' not in menus["trainer"]
    assert 'href="/referrals"' in menus["dprrp"]
    assert menus["admin"].count("href") == 1


def test_an_administrator_without_chat_is_led_to_the_settings(sign_in):
    led = sign_in("admin").get("/")
    assert (led.status_code, led.headers["location"]) == (303, "/settings")


def test_a_demo_says_so_on_every_page(app_parts, settings, engine):
    demo = Settings(data=settings.data, demo=True, _env_file=None)
    page = TestClient(create_app(replaced(app_parts, demo)), base_url=ADDRESS).get("/sign-in")
    assert 'class="demo-banner"' in page.text


def test_allowed_origins_may_use_the_interface_without_cookies(app_parts, settings):
    origin = "https://portal.example"
    embedded = Settings(data=settings.data, allowed_origins=(origin,), _env_file=None)
    app = create_app(replaced(app_parts, embedded))
    client = TestClient(app, base_url=ADDRESS)
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    preflight = client.options("/webhooks/rest/webhook", headers=asked)
    assert preflight.headers["access-control-allow-origin"] == origin
    assert "access-control-allow-credentials" not in preflight.headers
    script = client.get("/static/mark.svg", headers={"Origin": origin})
    assert script.headers["access-control-allow-origin"] == origin
    wrong = client.post(
        "/api/sign-in",
        json={"name": "x", "password": "y"},
        headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"},
    )
    assert wrong.json()["error"]["code"] == "wrong_credentials"
    assert wrong.headers["access-control-allow-origin"] == origin
    other = client.get("/static/mark.svg", headers={"Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in other.headers


@pytest.mark.parametrize("path", ["/favicon.ico", "/robots.txt", "/static/mark.svg"])
def test_browsers_and_robots_find_what_they_guess(client, path):
    assert client.get(path).status_code in {200, 308}


def replaced(parts, settings):
    return replace(parts, settings=settings)
