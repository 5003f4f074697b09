from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.orm import Session

from knowledge.documents import move_counter, read_counter
from knowledge.library import SamePersonApproves
from tests.knowledge.conftest import ARTA, BLERIM, an_upload


def test_the_counter_begins_at_nothing_and_moves_by_one(engine):
    seen = []
    for _ in range(3):
        with Session(engine) as session, session.begin():
            seen.append(read_counter(session))
            move_counter(session)
    assert seen == [0, 1, 2]


def test_a_change_that_fails_does_not_move_the_counter(library, engine):
    library.add(an_upload(), by=ARTA)
    with Session(engine) as session:
        before = read_counter(session)
    with pytest.raises(SamePersonApproves):
        library.approve("bullying", by=ARTA)
    with Session(engine) as session:
        assert read_counter(session) == before


def test_people_who_act_at_once_follow_one_another(open_library):
    def add(number: int) -> int:
        return open_library().add(an_upload(f"Words of number {number}."), by=ARTA).version

    with ThreadPoolExecutor(4) as people:
        assert sorted(people.map(add, range(6))) == [1, 2, 3, 4, 5, 6]


def test_questions_go_on_while_the_library_changes(library):
    library.add(an_upload(), by=ARTA)

    def step(number: int) -> int:
        if number == 3:
            library.approve("bullying", by=BLERIM)
        return len(library.search("child bullied at school", language="en").hits)

    with ThreadPoolExecutor(4) as people:
        seen = list(people.map(step, range(12)))
    assert set(seen) <= {0, 1}
    assert len(library.search("child bullied at school", language="en").hits) == 1
