"""Real Rasa on our config/, with our action server; started by `make rasa`, not by `make test`."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from actions.identity import Identity
from actions.referrals.log import ReferralLog
from actions.toolbox import load_seal, open_library
from assistant.schema import migrate
from config.database import open_database
from config.encryption import load_key_ring
from config.settings import Settings
from knowledge.encoder import SentenceEncoder
from knowledge.language import split
from tests.rasa.servers import QUIET, ROOT, free_port, running

CONFIG = ROOT / "config"
HERE = Path(__file__).parent
RASA = Path(os.environ.get("RASA_VENV", ".rasa")).absolute() / "bin"
SECRET = "the secret that Rasa and the actions share"
TOKEN = "the secret of Rasa's own interface"
PERSON = "p-rasa"
FILES = ["--domain", str(CONFIG / "domain"), "--data", str(CONFIG / "data")]
FILES += ["--config", str(CONFIG / "config.yml")]

# Each talk: a greeting, a question, and the two answers that people write in their own words.
TALKS = {
    "sq": (
        "tungjatjeta",
        "Çfarë bën DPRPR?",
        "Nxënësi njëmbëdhjetë vjeç lexon si në klasën e parë dhe rri vetëm në pushime.",
        "U bisedua me gjyshen dhe me drejtorin.",
    ),
    "sr-Latn": (
        "zdravo",
        "Kome se javiti kad dete nema papire za školu?",
        "Dete od devet godina ne zna da čita, a otac nema nijedan papir iz ranije škole.",
        "Zvali smo opštinu, ništa još nije stiglo.",
    ),
    "sr-Cyrl": (
        "здраво",
        "Како да подржим дете које се вратило из логора?",
        "У понедељак је рекла службеници да не може да плати кирију и да нема коме да остави децу.",
        "ништа",
    ),
    "en": (
        "hello",
        "What should a school do first when a pupil is bullied?",
        "The pupil of eleven reads like a first grader and sits alone in every break.",
        "We talked with the grandmother and with the principal.",
    ),
}


def rasa(*arguments: str) -> str:
    """Run Rasa's command line and return what it prints."""
    done = subprocess.run(
        [str(RASA / "rasa"), *arguments], env={**os.environ, **QUIET},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    return said


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rasa")


@pytest.fixture(scope="session")
def model(folder: Path) -> Path:
    rasa("train", *FILES, "--out", str(folder), "--fixed-model-name", "model")
    return folder / "model.tar.gz"


@pytest.fixture(scope="session")
def settings(folder: Path, model_folder: Path, index_folder: Path) -> Settings:
    """A fresh data folder with the real model and the starter library."""
    data = folder / "data"
    data.mkdir()
    (data / "model").symlink_to(model_folder.resolve())
    index_folder.mkdir(exist_ok=True)
    (data / "index").symlink_to(index_folder.resolve())
    settings = Settings(data=data)
    engine = open_database(settings.database_url, load_key_ring(settings.key_folder))
    migrate(engine)
    open_library(settings, engine, SentenceEncoder.open(settings.model_folder)).load_starter()
    engine.dispose()
    return settings


@dataclass(frozen=True)
class Chat:
    """One conversation over Rasa's REST channel."""

    client: httpx.Client
    sender: str

    def say(self, text: str) -> list[dict[str, Any]]:
        """Return the replies; Rasa must never be silent."""
        message = {"sender": self.sender, "message": text}
        replies: list[dict[str, Any]] = self.client.post(
            "/webhooks/rest/webhook", json=message
        ).json()
        assert replies, f"no reply to {text!r}"
        return replies

    def introduce(self, settings: Settings, form: str) -> None:
        """Tell Rasa who is signed in and in which language, as a gateway before it would."""
        identity = Identity(PERSON, "teacher", "Shkolla Testuese", self.sender)
        language, script = split(form)
        known = {
            "identity_token": load_seal(settings).sign(identity),
            "language": language,
            "script": script,
        }
        events = [{"event": "slot", "name": name, "value": value} for name, value in known.items()]
        address = f"/conversations/{self.sender}/tracker/events"
        self.client.post(address, params={"token": TOKEN}, json=events).raise_for_status()

    @property
    def tracker(self) -> dict[str, Any]:
        """What Rasa remembers."""
        found: dict[str, Any] = self.client.get(
            f"/conversations/{self.sender}/tracker", params={"token": TOKEN}
        ).json()
        return found


@pytest.fixture(scope="session")
def client(folder: Path, model: Path, settings: Settings) -> Iterator[httpx.Client]:
    """Both servers, each on a free port of this machine, sharing one secret."""
    env = {"URA_DATA": str(settings.data), "URA_ACTION_SECRET": SECRET}
    actions, port = free_port(), free_port()
    endpoints = yaml.safe_load((CONFIG / "endpoints.yml").read_text(encoding="utf-8"))
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{actions}/webhook"
    (folder / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    serve_actions = [sys.executable, "-m", "actions", "--port", str(actions)]
    serve_rasa = [
        *(str(RASA / "rasa"), "run", "--interface", "127.0.0.1", "--port", str(port)),
        *("--enable-api", "--auth-token", TOKEN, "--model", str(model)),
        *("--endpoints", str(folder / "endpoints.yml")),
        *("--credentials", str(CONFIG / "credentials.yml")),
    ]
    address = f"http://127.0.0.1:{port}"
    with (
        running(serve_actions, log=folder / "actions.log", env=env,
                ready=f"http://127.0.0.1:{actions}/health"),
        running(serve_rasa, log=folder / "rasa.log", env=env,
                ready=f"{address}/status?token={TOKEN}"),
        httpx.Client(base_url=address, timeout=600, trust_env=False) as client,
    ):  # fmt: skip
        yield client


def test_rasa_finds_nothing_wrong_with_our_files():
    said = rasa("data", "validate", *FILES)
    warnings = re.findall(r"(?:UserWarning|FutureWarning): (.+)", said)
    # Our actions say these; Rasa sees rules only.
    unused = [one for one in warnings if "is not used in any story or rule" in one]
    # Nobody types these: three buttons, and what Ura itself is unsure of.
    buttons = {f"'{one}'" for one in ("my_answer", "my_question", "start_over", "unsure")}
    no_examples = [
        one for one in warnings if "NLU training data" in one and any(b in one for b in buttons)
    ]
    assert [one for one in warnings if one not in unused + no_examples] == []


def test_without_a_signed_token_nobody_refers(client):
    chat = Chat(client, "a-stranger")
    [reply] = chat.say("/start_referral")
    assert "sign in" in reply["text"]
    assert not chat.tracker["active_loop"]


@pytest.mark.parametrize("form", TALKS)
def test_a_whole_referral_goes_through_rasa(client, settings, folder, form):
    hello, question, facts, tried = TALKS[form]
    chat = Chat(client, f"talk-{form}")
    chat.introduce(settings, form)
    assert len(chat.say(hello)[0]["buttons"]) == 2
    answer = [said["custom"]["data"] for said in chat.say(question) if "custom" in said]
    assert answer[0]["citations"], answer
    chat.say("/start_referral")
    chat.say("/help")
    assert chat.tracker["slots"]["requested_slot"] == "category"
    for slot, value in (("category", "C"), ("person_group", "child_8_17")):
        chat.say(f'/inform{{"{slot}":"{value}"}}')
    chat.say("Prizren")
    chat.say('/inform{"urgency":"U3"}')
    chat.say(facts)
    assert chat.tracker["slots"]["concern_facts"] == facts
    chat.say(tried)
    chat.say('/inform{"wanted_service":"catch_up"}')
    chat.say('/inform{"consent_status":"given_by_carer"}')
    chat.say("office.test@rks-gov.net")
    assert chat.tracker["slots"]["requested_slot"] == "confirm"
    sent = [said["custom"]["data"] for said in chat.say("/send_referral") if "custom" in said]
    assert [one["kind"] for one in sent] == ["referral"]
    assert chat.tracker["slots"]["concern_facts"] is None

    engine = open_database(settings.database_url, load_key_ring(settings.key_folder))
    numbers = [one.number for one in ReferralLog(engine).own(PERSON)]
    engine.dispose()
    assert sent[0]["number"] in numbers
    assert facts not in (folder / "actions.log").read_text(encoding="utf-8")
    assert " ERROR " not in (folder / "rasa.log").read_text(encoding="utf-8")


def test_the_stories_that_are_plain_rasa_go_as_told(folder, model):
    stories = str(HERE / "test_stories.yml")
    told = ["--stories", stories, "--model", str(model), "--out", str(folder / "results")]
    said = rasa("test", "core", *told, "--fail-on-prediction-errors")
    found = re.search(r"Correct:\s+(\d+) / (\d+)", said)
    assert found is not None
    print(f"stories: {found[0]}")
    assert found[1] == found[2]


def test_how_rasa_understands_the_utterances(folder, model):
    """Not a promise: the table to compare Ura's own understanding with."""
    utterances = ROOT / "tests/questions/utterances.jsonl"
    script = str(HERE / "understand.py")
    command = [str(RASA / "python"), script, str(model), str(utterances), str(folder / "out.jsonl")]
    done = subprocess.run(
        command, env={**os.environ, **QUIET}, capture_output=True, text=True, check=True
    )
    print(done.stdout)
    lines = (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4 * len(utterances.read_text(encoding="utf-8").splitlines())
