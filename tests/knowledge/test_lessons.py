from collections import Counter

from knowledge import lessons
from knowledge.adapter_examples import Ask, Examples

PAIRS = [(f"english {n}", f"shqip {n}") for n in range(70)]
ASKS = [Ask(f"pyetje {n}", "sq", f"question {n}", f"report {n % 3}", 0) for n in range(300)]
STARTER = [Ask(f"kush {n}", "sq", f"who {n}", "starter-sq", 0) for n in range(40)]
EXAMPLES = Examples(PAIRS, ASKS + STARTER, {})


def test_the_first_lesson_holds_every_example_once_in_each_epoch():
    told = Counter(one for batch in lessons.first(EXAMPLES, 2) for one in batch)
    assert set(told) == {*PAIRS, *ASKS, *STARTER}
    assert set(told.values()) == {2}


def test_a_batch_is_of_one_kind_one_pool_and_one_language():
    for batch in lessons.first(EXAMPLES, 1):
        assert len(batch) <= lessons.BATCH
        kinds = {(one.pool, one.language) if isinstance(one, Ask) else "pair" for one in batch}
        assert len(kinds) == 1


def test_the_last_lesson_asks_of_reports_no_more_than_of_starter_documents():
    last = lessons.last(EXAMPLES)
    pools = Counter(batch[0].pool.startswith("starter") for batch in last)
    assert pools == {True: 2, False: 2}
    assert {one for batch in last for one in batch} >= set(STARTER)
