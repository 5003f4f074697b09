import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.database import Base, open_database
from knowledge import __main__ as commands
from knowledge import console, quality
from tests.fakes import FakeEncoder
from tests.knowledge.files import FOREIGN, GUIDE, SCAN, a_pdf

QUESTION = "Stop the behaviour calmly and check that the child is safe"


@pytest.fixture
def data(tmp_path: Path, monkeypatch) -> Path:
    """Return a data folder with empty tables; the model is a fake, and nothing is refused."""
    folder = tmp_path / "data"
    folder.mkdir()
    engine = open_database(f"sqlite:///{folder / 'ura.sqlite3'}")
    Base.metadata.create_all(
        engine, tables=[Base.metadata.tables[table.__tablename__] for table in console.TABLES]
    )
    engine.dispose()
    monkeypatch.setattr(console, "open_encoder", lambda _settings: FakeEncoder())
    monkeypatch.setattr(quality, "open_encoder", lambda _settings: FakeEncoder())
    monkeypatch.setattr(console, "load_gate", lambda: None)
    monkeypatch.setattr(quality, "load_gate", lambda: None)
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.md"
    path.write_text(GUIDE, encoding="utf-8")
    return path


@pytest.fixture
def run(data):
    def ran(*words: object):
        return CliRunner().invoke(commands.app, [*map(str, words), "--data", str(data)])

    return ran


def test_a_file_is_added_approved_and_found(run, guide):
    added = run("add", guide, "--approve", "--json")
    assert added.exit_code == 0
    assert json.loads(added.stdout) == [
        {
            "document": "guide.en",
            "version": 1,
            "state": "approved",
            "passages": 2,
            "pages_without_text": [],
        }
    ]
    found = json.loads(run("search", QUESTION, "--language", "en", "--json").stdout)
    assert (found["status"], found["answerable"]) == ("answered", True)
    assert found["hits"][0].keys() == {"document", "title", "section", "page", "quote", "score"}
    assert found["hits"][0]["document"] == "guide.en"


def test_words_for_people_are_printed_without_json(run, guide):
    assert "guide.en: version 1, 2 passages, waiting" in run("add", guide).stdout
    run("approve", "guide.en")
    shown = run("search", QUESTION, "--language", "en").stdout
    assert "Bullying at school › The same day (guide.en, version 1)" in shown


def test_what_is_out_of_date_is_found_and_marked_where_so_chosen(run, guide):
    guide.write_text(GUIDE.replace("2026-11-01", "2020-01-01\nvalid_until: 2020-12-31"))
    wrong = run("add", guide, "--when-out-of-date", "maybe")
    assert wrong.exit_code == 2
    assert "no choice 'maybe'; one of hide, flag" in wrong.stderr
    shown = []
    for choice in ("flag", "hide"):
        assert run("add", guide, "--approve", "--when-out-of-date", choice).exit_code == 0
        shown.append(run("search", QUESTION, "--language", "en").stdout)
    assert ["OUT OF DATE: valid until 2020-12-31" in one for one in shown] == [True, False]


def test_several_files_are_added_and_bad_ones_named(run, guide, tmp_path):
    (tmp_path / "page.pdf").write_bytes(a_pdf())
    (tmp_path / "broken.pdf").write_bytes(b"no pdf at all")
    files = guide, tmp_path / "broken.pdf", tmp_path / "page.pdf"
    added = run("add", *files, "--language", "en", "--audience", "teacher, imam", "--json")
    assert added.exit_code == 1
    assert [one["document"] for one in json.loads(added.stdout)] == ["guide.en", "page"]
    assert [line for line in added.stderr.splitlines() if "broken" in line] == [
        "knowledge: broken.pdf: the content is not what the file's name says; "
        "PDF, DOCX, HTML, Markdown and TXT are read"
    ]
    listed = json.loads(run("list", "--json").stdout)
    assert {tuple(one["audience"]) for one in listed} == {("teacher", "imam")}


def test_a_document_goes_through_its_states(run, guide):
    def state() -> str:
        return json.loads(run("list", "--json").stdout)[-1]["state"]

    run("add", guide)
    assert run("approve", "guide.en").exit_code == 0
    assert run("withdraw", "guide.en", "--reason", "old").exit_code == 0
    assert state() == "withdrawn"
    assert run("restore", "guide.en").exit_code == 0
    assert state() == "approved"
    run("add", guide)
    assert run("reject", "guide.en").exit_code == 0
    assert "guide.en" in run("list").stdout


@pytest.mark.parametrize(
    ("words", "status", "line"),
    [
        (["approve", "nothing"], 1, "there is no such document"),
        (["add", "missing.pdf"], 2, "does not exist"),
        (["add"], 2, "Missing argument"),
        (["add", "a.txt", "a.txt", "--title", "T"], 2, "one file only"),
        (["add", "a.txt", "--language", "de"], 2, "no language 'de'"),
        (["add", "a.txt", "--kind", "novel"], 2, "no kind 'novel'; one of strategy"),
        (["add", "a.txt", "--audience", "teacher,king"], 2, "no role 'king'; one of all, teacher"),
        (["search"], 2, "either a question or --questions"),
        (["search", "x", "--language", "de"], 2, "no language 'de'"),
        (["search", "x", "--limit", "0"], 2, "limit"),
        (["search", "--questions", "a.txt"], 2, "line 1"),
        (["fly"], 2, "No such command"),
        (["evaluate", "--half", "whole"], 2, "tune or test"),
        (["evaluate", "--baseline", "luck"], 2, "bm25 or dense"),
        (["evaluate", "a.txt"], 1, "a.txt, line 1: not a question"),
        (["evaluate", "--alone", "--installed"], 2, "not both"),
        (["evaluate"], 2, "project's folder"),
        (["stages", "--half", "whole"], 2, "tune or test"),
        (["stages"], 2, "project's folder"),
    ],
)
def test_refusals_are_one_line_with_the_right_status(run, tmp_path, words, status, line):
    (tmp_path / "a.txt").write_text("no question", encoding="utf-8")
    ended = run(*words)
    assert ended.exit_code == status
    assert line in " ".join(ended.stderr.replace("│", " ").split())
    assert "Traceback" not in ended.stderr


def test_a_step_from_the_wrong_state_is_refused(run, guide):
    run("add", guide, "--approve")
    ended = run("approve", "guide.en")
    assert (ended.exit_code, len(ended.stderr.splitlines())) == (1, 1)


def test_a_text_without_a_language_asks_for_it(run, tmp_path):
    (tmp_path / "odd.txt").write_text("qwrt zxcv", encoding="utf-8")
    ended = run("add", tmp_path / "odd.txt")
    assert ended.exit_code == 1
    assert "--language" in ended.stderr


def test_a_text_in_a_fourth_language_asks_for_it_too(run, tmp_path):
    for name, text in FOREIGN.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    ended = run("add", *(tmp_path / f"{name}.txt" for name in FOREIGN))
    assert ended.exit_code == 1
    assert sum("--language" in line for line in ended.stderr.splitlines()) == len(FOREIGN)


def test_pages_without_text_are_named(run, tmp_path):
    path = tmp_path / "half.pdf"
    text = [("Some words on a page of this file.", 11)]
    path.write_bytes(a_pdf([text, SCAN, SCAN, [("Other words stand on this page.", 11)]]))
    added = run("add", path, "--language", "en", "--json")
    assert json.loads(added.stdout)[0]["pages_without_text"] == [2, 3]
    assert "half.pdf: no text on pages 2–3; scans need" in added.stderr


def test_a_question_file_gets_a_line_for_each_question(run, guide, tmp_path):
    run("add", guide, "--approve")
    questions = tmp_path / "questions.jsonl"
    rows = [
        {"id": "a", "question": QUESTION, "language": "en"},
        {"id": "b", "question": "Ndaleni sjelljen me qetësi", "language": "sq"},
        {"id": "c", "question": "", "language": "sr-Cyrl"},
    ]
    questions.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    ended = run("search", "--questions", questions, "--limit", 2)
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["a", "b", "c"]
    assert all(line.keys() == {"id", "status", "answerable", "hits"} for line in lines)
    assert [len(line["hits"]) for line in lines] == [2, 2, 0]
    assert lines[0]["hits"][0]["quote"].startswith("Stop the behaviour calmly")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\xff\xfe\x00", "questions.jsonl is not UTF-8"),
        (b"[1]", "line 1 of the question file is no JSON object"),
        (b'{"question": "x"}', "line 1 of the question file lacks an id"),
        (b'\n{"id": true, "question": "x"}', "line 2 of the question file lacks an id"),
        (b'{"id": "a"}', "lacks a question"),
        (b'{"id": "a", "question": 7}', "lacks a question"),
        (b'{"id": "a", "question": "x", "language": ["sq"]}', "no language ['sq']"),
        (b'{"id": "a", "question": "x", "language": "de"}', "no language 'de'"),
        (rb'{"id": "a\ud800", "question": "x"}', "half of a character"),
    ],
)
def test_a_bad_question_file_is_one_line_and_a_wrong_use(run, tmp_path, content, line):
    questions = tmp_path / "questions.jsonl"
    questions.write_bytes(content)
    ended = run("search", "--questions", questions)
    assert ended.exit_code == 2
    assert line in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_id_comes_back_as_it_was_and_a_byte_order_mark_is_no_part_of_it(run, guide, tmp_path):
    run("add", guide, "--approve")
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": 2, "question": "Who calls?"}', encoding="utf-8-sig")
    assert json.loads(run("search", "--questions", questions).stdout)["id"] == 2


@pytest.mark.slow
def test_the_starter_documents_are_loaded_once_and_reindexed(run):
    assert run("load-starter").exit_code == 0
    assert "0 documents added" in run("load-starter").stdout
    assert "passages answer" in run("reindex").stdout


@pytest.mark.slow
def test_questions_are_measured_on_the_starter_documents(run, tmp_path):
    row = {"id": "1", "document": "bullying", "half": "tune", "texts": {"en": "bullying in class"}}
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(row), encoding="utf-8")
    scores = json.loads(run("evaluate", path, "--json").stdout)
    assert scores["forms"]["en"]["asked"] == scores["whole"]["asked"] == 1
    assert set(scores["whole"]["figures"]) == {"recall@1", "recall@5", "ndcg@10", "mrr"}
    assert "ndcg@10" in run("evaluate", path, "--installed").stdout


@pytest.mark.slow
def test_a_missed_floor_ends_the_measuring_with_status_one(run, tmp_path):
    row = {"id": "1", "document": "nowhere", "half": "tune", "texts": {"en": "bullying in class"}}
    path, floors = tmp_path / "own.jsonl", tmp_path / "floors.yml"
    path.write_text(json.dumps(row), encoding="utf-8")
    for floor, status, line in (("0", 0, ""), ("0.1", 1, "en mrr is 0.000, and the floor 0.100")):
        floors.write_text(f"en: {{mrr: {floor}}}", encoding="utf-8")
        ended = run("evaluate", path, "--floors", floors)
        assert ended.exit_code == status
        assert line in ended.stderr
        assert "mrr" in ended.stdout
    floors.write_text("sq: {mrr: 0}", encoding="utf-8")
    assert "nothing was measured" in run("evaluate", path, "--floors", floors).stderr


@pytest.mark.slow
def test_a_report_alone_is_not_crowded_out_by_another(run, tmp_path, monkeypatch):
    told = {"a": "Nothing is paid at the desk.", "b": "What is the fee? The fee is five euros."}
    for name, text in told.items():
        front = f"---\nid: fictional-{name}\ntitle: {name}\nlanguage: en\n---\n"
        (tmp_path / f"fictional-{name}.md").write_text(front + text)
    monkeypatch.setattr(quality, "REPORTS", tmp_path)
    gold = [{"document": "fictional-a", "quote": "Nothing is paid"}]
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps({"id": "a", "texts": {"en": "what is the fee"}, "gold": gold}))
    whole = json.loads(run("evaluate", path, "--alone", "--json").stdout)["whole"]
    assert whole["figures"]["recall@1"]["mean"] == 1
    monkeypatch.setattr(quality, "QUESTIONS", tmp_path)
    monkeypatch.setattr(quality, "OWN_FILES", [path.name])
    whole = json.loads(run("evaluate", "--json").stdout)["whole"]
    assert whole["figures"]["recall@1"]["mean"] == 0


@pytest.mark.slow
def test_a_page_shows_plots_and_what_was_missed(run, tmp_path):
    row = {"id": "m1", "document": "nowhere", "texts": {"en": "<b>bullying</b>", "sq": "ngacmim"}}
    outside = {"id": "o1", "kind": "weather", "texts": {"en": "rain tomorrow"}}
    path, page = tmp_path / "own.jsonl", tmp_path / "quality.html"
    path.write_text("\n".join(map(json.dumps, [row, outside])), encoding="utf-8")
    run("evaluate", path, "--page", page, "--baseline", "bm25")
    shown = page.read_text(encoding="utf-8")
    assert "<svg" in shown
    assert "&lt;b&gt;bullying" in shown
    assert "not among the first five (2)" in shown
    assert "sq behind English" in shown


def test_without_tables_one_line_says_what_to_do(tmp_path):
    ended = CliRunner().invoke(commands.app, ["list", "--data", str(tmp_path / "nowhere")])
    assert ended.exit_code == 1
    assert ended.stderr == (
        "knowledge: there is no database yet; run `python -m assistant migrate` first\n"
    )
    assert not (tmp_path / "nowhere").exists()


def test_without_a_model_one_line_says_what_to_do(data, guide, monkeypatch):
    monkeypatch.undo()
    ended = CliRunner().invoke(commands.app, ["add", str(guide), "--data", str(data)])
    assert ended.exit_code == 1
    assert "no prepared model" in ended.stderr


@pytest.mark.slow
def test_help_teaches_with_an_example_and_starts_without_the_model():
    code = "import knowledge.__main__, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    for command in ("add", "search", "approve", "evaluate", "stages"):
        shown = CliRunner().invoke(commands.app, [command, "--help"])
        assert "Example: python -m knowledge" in " ".join(shown.stdout.split())
