"""The referral log: the one door to referrals."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from actions.referrals import log as log_module
from actions.referrals.log import (
    KeyReused,
    NotAllowed,
    Reader,
    ReferralLog,
    ReferralNotFound,
)
from actions.referrals.numbers import is_number
from actions.referrals.states import IllegalMove
from actions.referrals.tables import (
    APPEND_ONLY,
    APPEND_ONLY_UNDONE,
    Referral,
    ReferralEvent,
    SerialNumber,
    TraceEntry,
)
from config.database import open_database
from config.encryption import CannotDecrypt, KeyRing
from tests.actions.conftest import FACTS, a_referral


def count(engine, table):
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_referral_gets_a_number_that_says_nothing_about_the_person(log):
    receipt = log.add(a_referral(), author="arta", key="one")
    assert receipt.number.startswith("2026-00001-")
    assert is_number(receipt.number)
    assert receipt.status == "submitted"


def test_serials_count_up_and_begin_anew_each_year_of_the_office_clock(log, clock):
    first = log.add(a_referral(), author="arta", key="one")
    second = log.add(a_referral(), author="arta", key="two")
    # Half past eleven at night in London's winter is already the new year in Prishtina.
    clock.moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    third = log.add(a_referral(), author="arta", key="three")
    assert [r.number[:10] for r in (first, second, third)] == [
        "2026-00001",
        "2026-00002",
        "2027-00001",
    ]


def test_logging_writes_referral_event_and_trace_together(log, referral_engine, officer):
    number = log.add(a_referral(), author="arta", key="one").number
    view = log.read(number, officer)
    assert [(e.kind, e.status, e.by) for e in view.events] == [("move", "submitted", "arta")]
    assert [(t.who, t.what) for t in log.trace(number, officer)] == [
        ("arta", "submitted"),
        ("drita", "read"),
        ("drita", "audit"),
    ]


def test_a_failure_half_way_leaves_nothing_behind(log, referral_engine, monkeypatch):
    def fails(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(log_module, "leave_trace", fails)
    with pytest.raises(RuntimeError):
        log.add(a_referral(), author="arta", key="one")
    for table in (Referral, ReferralEvent, TraceEntry, SerialNumber):
        assert count(referral_engine, table) == 0


def test_the_same_sending_again_is_the_same_referral(log, referral_engine):
    first = log.add(a_referral(), author="arta", key="one")
    again = log.add(a_referral(), author="arta", key="one")
    assert again == first
    assert count(referral_engine, Referral) == 1
    assert log.add(a_referral(), author="arta", key="two").number.startswith("2026-00002")


def test_a_retry_is_answered_with_the_status_of_now(log, officer):
    first = log.add(a_referral(), author="arta", key="one")
    log.move(first.number, officer, to="acknowledged")
    assert log.add(a_referral(), author="arta", key="one").status == "acknowledged"


def test_a_sender_who_changed_language_or_office_sends_the_same_content(log):
    first = log.add(a_referral(), author="arta", key="one")
    moved = replace(a_referral(), language="en", referrer_institution="Another office")
    assert log.add(moved, author="arta", key="one").number == first.number


def test_a_key_does_not_stand_for_other_content(log):
    log.add(a_referral(), author="arta", key="one")
    with pytest.raises(KeyReused) as refused:
        log.add(a_referral(done_so_far="tjetër"), author="arta", key="one")
    assert str(refused.value) == ""


def test_equal_keys_of_two_people_do_not_meet(log):
    first = log.add(a_referral(), author="arta", key="one")
    second = log.add(a_referral(), author="besa", key="one")
    assert first.number != second.number


def test_many_at_once_get_numbers_of_their_own(log):
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(log.add, a_referral(), author="arta", key=f"k{i}") for i in range(24)]
        numbers = {job.result().number for job in jobs}
    assert {number[5:10] for number in numbers} == {f"{serial:05d}" for serial in range(1, 25)}


def test_a_double_click_at_the_same_moment_is_one_referral(log, referral_engine):
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(log.add, a_referral(), author="arta", key="one") for _ in range(16)]
        numbers = {job.result().number for job in jobs}
    assert len(numbers) == 1
    assert count(referral_engine, Referral) == 1


def test_the_database_never_sees_what_was_told(log, referral_engine, officer):
    number = log.add(a_referral(), author="arta", key="one").number
    log.note(number, officer, "Biseda me QPS-në të martën.")
    with referral_engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM referrals")).all()
        rows += connection.execute(text("SELECT * FROM referral_events")).all()
    stored = repr(rows)
    for told in (FACTS, "gjyshen", "200 100", "QPS"):
        assert told not in stored
    assert log.read(number, officer).content == a_referral()


def test_a_stolen_database_does_not_open_without_its_keys(log, referral_engine, officer):
    number = log.add(a_referral(), author="arta", key="one").number
    other = open_database(str(referral_engine.url), KeyRing([Fernet.generate_key()]))
    with pytest.raises(CannotDecrypt):
        ReferralLog(other).read(number, officer)
    other.dispose()


def test_a_hidden_referral_looks_like_a_missing_one(log, colleague):
    number = log.add(a_referral(), author="arta", key="one").number
    attempts = (
        lambda n: log.read(n, colleague),
        lambda n: log.move(n, colleague, to="acknowledged"),
        lambda n: log.note(n, colleague, "x"),
        lambda n: log.trace(n, colleague),
    )
    for attempt in attempts:
        with pytest.raises(ReferralNotFound) as hidden:
            attempt(number)
        with pytest.raises(ReferralNotFound) as missing:
            attempt("2026-99999-0")
        assert str(hidden.value) == str(missing.value) == ""


def test_a_refused_reading_leaves_no_trace_of_a_reading(log, colleague, officer):
    number = log.add(a_referral(), author="arta", key="one").number
    with pytest.raises(ReferralNotFound):
        log.read(number, colleague)
    assert [t.who for t in log.trace(number, officer)] == ["arta", "drita"]


def test_the_author_sees_their_own_and_officers_see_all(log, author, colleague, officer):
    mine = log.add(a_referral(), author="arta", key="one").number
    theirs = log.add(a_referral(), author="besa", key="one").number
    assert log.read(mine, author).content == a_referral()
    assert [r.number for r in log.list(author)] == [r.number for r in log.own("arta")] == [mine]
    assert [r.number for r in log.list(colleague)] == [theirs]
    assert [r.number for r in log.list(officer)] == [theirs, mine]
    log.move(mine, officer, to="acknowledged")
    assert [r.number for r in log.list(officer, status="acknowledged")] == [mine]
    assert log.list(author, status="closed") == []


def test_an_officer_leads_a_referral_to_its_end(log, officer, author, clock):
    number = log.add(a_referral(), author="arta", key="one").number
    for to in ("acknowledged", "triage", "accepted", "in_progress"):
        clock.move(timedelta(hours=1))
        log.move(number, officer, to=to)
    log.move(number, officer, to="closed", reason="helped")
    view = log.read(number, author)
    assert view.status == "closed"
    assert view.changed_at == clock()
    assert [e.status for e in view.events][-2:] == ["in_progress", "closed"]
    assert view.events[-1].text == "helped"
    clock.move(timedelta(days=91))
    with pytest.raises(IllegalMove):
        log.move(number, officer, to="in_progress")


def test_a_step_cannot_be_skipped(log, officer):
    number = log.add(a_referral(), author="arta", key="one").number
    with pytest.raises(IllegalMove):
        log.move(number, officer, to="closed", reason="helped")
    assert log.read(number, officer).status == "submitted"


def test_two_officers_at_once_move_it_once(log, officer):
    number = log.add(a_referral(), author="arta", key="one").number

    def acknowledge(_):
        try:
            log.move(number, officer, to="acknowledged")
        except IllegalMove:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(acknowledge, range(6))) == 1
    assert [e.status for e in log.read(number, officer).events] == ["submitted", "acknowledged"]


def test_an_author_may_withdraw_and_nothing_else(log, author, officer):
    number = log.add(a_referral(), author="arta", key="one").number
    with pytest.raises(NotAllowed):
        log.move(number, author, to="acknowledged")
    with pytest.raises(NotAllowed):
        log.note(number, author, "x")
    with pytest.raises(NotAllowed):
        log.trace(number, author)
    log.move(number, author, to="withdrawn")
    assert log.read(number, author).status == "withdrawn"
    assert log.read(number, officer).next_statuses == ()


def test_one_who_reads_all_but_handles_none_may_not_move(log):
    auditor = Reader(person="x", role="dprrp", reads_all=True)
    number = log.add(a_referral(), author="arta", key="one").number
    with pytest.raises(NotAllowed):
        log.move(number, auditor, to="withdrawn")


def test_notes_of_officers_are_not_shown_to_the_author(log, author, officer):
    number = log.add(a_referral(), author="arta", key="one").number
    log.note(number, officer, "vetëm për ne")
    assert [e.kind for e in log.read(number, officer).events] == ["move", "note"]
    assert [e.kind for e in log.read(number, author).events] == ["move"]
    assert log.read(number, author).next_statuses == ()
    assert log.read(number, officer).next_statuses[0] == "acknowledged"


def test_the_trace_cannot_be_rewritten(log, referral_engine):
    log.add(a_referral(), author="arta", key="one")
    for statement in ("UPDATE referral_trace SET who = 'x'", "DELETE FROM referral_trace"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            referral_engine.begin() as connection,
        ):
            connection.execute(text(statement))
    assert count(referral_engine, TraceEntry) == 1


def test_the_trace_may_be_deleted_after_five_years(log, referral_engine, clock):
    clock.moment = datetime(2015, 1, 1, tzinfo=UTC)
    log.add(a_referral(), author="arta", key="one")
    with referral_engine.begin() as connection:
        connection.execute(text("DELETE FROM referral_trace"))
    assert count(referral_engine, TraceEntry) == 0


def test_what_makes_the_trace_final_can_be_undone_by_a_migration(referral_engine):
    with referral_engine.begin() as connection:
        for statement in (*APPEND_ONLY_UNDONE["sqlite"], *APPEND_ONLY["sqlite"]):
            connection.execute(text(statement))
    assert set(APPEND_ONLY) == set(APPEND_ONLY_UNDONE) == {"sqlite", "postgresql"}


def test_the_values_do_not_print_what_was_told(log, officer):
    number = log.add(a_referral(), author="arta", key="one").number
    log.note(number, officer, "sekret")
    assert FACTS not in repr(log.read(number, officer))
    assert "sekret" not in repr(log.read(number, officer))


def test_the_log_needs_a_key_ring(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
    Referral.metadata.create_all(engine, tables=[SerialNumber.__table__, Referral.__table__])
    with pytest.raises(Exception, match="key ring"):
        ReferralLog(engine).add(a_referral(), author="arta", key="one")
    engine.dispose()


def test_a_note_is_kept_once_however_often_it_is_sent_at_once(log, officer, clock):
    colleague = replace(officer, person="blerim")
    number = log.add(a_referral(), author="arta", key="one").number
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(log.note, number, officer, "u bisedua") for _ in range(16)]
        assert all(job.result() is None for job in jobs)
    log.note(number, colleague, "u bisedua")
    log.note(number, officer, "tjetër")
    clock.move(timedelta(minutes=1))
    log.note(number, officer, "u bisedua")
    notes = [(e.by, e.text) for e in log.read(number, officer).events if e.kind == "note"]
    assert notes == [
        (officer.person, "u bisedua"),
        (colleague.person, "u bisedua"),
        (officer.person, "tjetër"),
        (officer.person, "u bisedua"),
    ]
    assert [t.what for t in log.trace(number, officer)].count("note") == len(notes)
