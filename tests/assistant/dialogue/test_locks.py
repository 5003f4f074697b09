import multiprocessing
import threading

from assistant.dialogue.locks import Locks

TIMES = 200


def count(locks, file):
    for _ in range(TIMES):
        with locks.of("one talk"):
            file.write_text(str(int(file.read_text()) + 1))


def count_elsewhere(folder, file):
    count(Locks(folder), file)


def test_threads_and_processes_take_turns(tmp_path):
    file = tmp_path / "count"
    file.write_text("0")
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=count_elsewhere, args=(tmp_path / "locks", file))
    locks = Locks(tmp_path / "locks")
    threads = [threading.Thread(target=count, args=(locks, file)) for _ in range(3)]
    process.start()
    for thread in threads:
        thread.start()
    for one in [*threads, process]:
        one.join()
    assert process.exitcode == 0
    assert int(file.read_text()) == 4 * TIMES


def test_other_conversations_do_not_wait(tmp_path):
    locks = Locks(tmp_path)
    with locks.of("one"), locks.of("another"):
        pass
    assert len(list(tmp_path.iterdir())) == 2


def test_a_lock_is_let_go_after_an_error(tmp_path):
    locks = Locks(tmp_path)
    try:
        with locks.of("one"):
            raise RuntimeError
    except RuntimeError:
        pass
    with locks.of("one"):
        pass
