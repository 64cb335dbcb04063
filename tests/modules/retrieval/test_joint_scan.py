import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from footnote.modules.retrieval.repository.memory.choosing import Choice
from footnote.modules.retrieval.repository.memory.joint import Asked, JointScan, scanned

RANDOM = np.random.default_rng(2)


def codes(count: int) -> np.ndarray:
    return RANDOM.integers(-127, 128, (count, 64), np.int8)


def joint(stored: np.ndarray) -> JointScan:
    return JointScan(stored, np.ones(len(stored), np.float32))


def test_a_product_is_that_of_whole_numbers() -> None:
    rows, question = codes(100), codes(1)
    assert scanned(rows, question).tolist() == (rows.astype(int) @ question[0].astype(int)).tolist()


@pytest.mark.parametrize(("rows", "is_packed"), [(0, False), (1, False), (5000, False), (1, True), (5000, True)])
def test_questions_that_come_together_get_each_its_own_products(rows: int, is_packed: bool) -> None:
    stored, questions = codes(rows), codes(200)
    scan = joint(stored)
    if is_packed:
        scan.pack()
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(lambda number: scan.scores(questions[number : number + 1]), range(200)))
    expected = questions.astype(int) @ stored.astype(int).T
    assert np.array(found).tolist() == expected.tolist()


def test_codes_may_be_packed_while_questions_come() -> None:
    stored, questions = codes(20_000), codes(100)
    scan = joint(stored)
    with ThreadPoolExecutor(4) as threads:
        found = threads.map(lambda number: scan.scores(questions[number : number + 1]), range(100))
        scan.pack()
        assert np.array(list(found)).tolist() == (questions.astype(int) @ stored.astype(int).T).tolist()
    assert scan.is_packed


@pytest.mark.parametrize(("rows", "dimension", "gains"), [(100, 64, False), (20_000, 64, True), (20_000, 1, False)])
def test_only_what_takes_long_to_scan_is_packed(rows: int, dimension: int, gains: bool) -> None:
    assert joint(np.zeros((rows, dimension), np.int8)).is_packed is not gains


@pytest.mark.parametrize("is_packed", [False, True])
def test_a_question_that_cannot_be_compared_keeps_no_other_from_it(is_packed: bool) -> None:
    stored, questions = codes(2000), codes(60)
    scan = joint(stored)
    if is_packed:
        scan.pack()

    def asked(number: int) -> bool:
        question = questions[number : number + 1]
        if number % 3:
            return scan.scores(question).tolist() == scanned(stored, question).tolist()
        with pytest.raises(ValueError, match=r"imension|epth"):
            scan.scores(question[:, :32])
        return True

    with ThreadPoolExecutor(12) as threads:
        assert all(threads.map(asked, range(60)))


def test_whoever_scans_does_so_for_what_is_expected_too() -> None:
    stored, questions = codes(5000), [codes(1) for _ in range(3)]
    scan = joint(stored)
    scan.pack()
    for question in questions:
        scan.expect(question)
    found = [scan.scores(question) for question in questions]
    assert np.array(found).tolist() == [
        (stored.astype(int) @ question[0].astype(int)).tolist() for question in questions
    ]


@pytest.mark.parametrize("is_asked", [False, True])
def test_what_is_expected_is_forgotten_whether_it_was_asked_or_not(is_asked: bool) -> None:
    stored, question, other = codes(5000), codes(1), codes(1)
    scan = joint(stored)
    scan.pack()
    scan.expect(question)
    if is_asked:
        scan.scores(question)
    scan.forget(question)
    for each in (other, question):
        assert scan.scores(each).tolist() == (stored.astype(int) @ each[0].astype(int)).tolist()


def test_many_that_are_expected_get_each_its_own_products() -> None:
    stored, questions = codes(5000), [codes(1) for _ in range(200)]
    scan = joint(stored)
    scan.pack()

    def asked(question: np.ndarray) -> list[int]:
        try:
            found: list[int] = scan.scores(question).tolist()
        finally:
            scan.forget(question)
        return found

    for question in questions:
        scan.expect(question)
    with ThreadPoolExecutor(12) as threads:
        found = list(threads.map(asked, questions))
    assert found == (np.concatenate(questions).astype(int) @ stored.astype(int).T).tolist()


def test_what_waits_is_scanned_for_while_what_was_scanned_for_is_still_to_be_asked() -> None:
    stored, first, later = codes(5000), [codes(1) for _ in range(5)], [codes(1) for _ in range(5)]
    products = np.concatenate([*first, *later]).astype(int) @ stored.astype(int).T
    scan = joint(stored)
    scan.pack()
    taken: list[tuple[str, list[int]]] = []
    is_told = threading.Event()

    def take(scores: np.ndarray) -> list[int]:
        found: list[int] = scores.tolist()
        taken.append((threading.current_thread().name, found))
        if len(taken) == 9:
            is_told.set()
        return found

    for question in first:
        scan.expect(question, take)
    assert scan.taken(first[0], take) == products[0].tolist()
    for question in later:
        scan.expect(question, take)
    assert is_told.wait(10)
    assert [name.startswith("scan-ahead") for name, _ in taken] == [False] * 5 + [True] * 4
    assert [scan.taken(question, take) for question in [*first[1:], *later]] == products[1:].tolist()


@pytest.mark.parametrize("broken", range(4))
def test_what_was_not_scanned_for_ahead_is_when_it_is_asked(broken: int) -> None:
    stored, questions = codes(5000), [codes(1) for _ in range(6)]
    scan = joint(stored)
    scan.pack()

    def take(scores: np.ndarray) -> list[int]:
        return [int(each) for each in scores]

    def failing(scores: np.ndarray) -> list[int]:
        raise ValueError("not this one")

    for question in questions[:2]:
        scan.expect(question, take)
    scan.taken(questions[0], take)
    takes = [failing if at == broken else take for at in range(4)]
    for question, its_take in zip(questions[2:], takes, strict=True):
        scan.expect(question, its_take)
    for question, its_take in zip(questions[2:], takes, strict=True):
        if its_take is failing:
            with pytest.raises(ValueError, match="not this one"):
                scan.taken(question, its_take)
        else:
            assert scan.taken(question, its_take) == (stored.astype(int) @ question[0].astype(int)).tolist()
    assert scan.scores(questions[1]).tolist() == (stored.astype(int) @ questions[1][0].astype(int)).tolist()


def test_what_is_taken_is_as_asked_though_something_else_was_expected() -> None:
    stored, question, other = codes(5000), codes(1), codes(1)
    products = stored.astype(int) @ question[0].astype(int)
    admitted = products < np.median(products)
    scan = joint(stored)
    scan.pack()
    scan.expect(question, Choice(None, None, 10, 0.0))
    scan.scores(other)
    found = scan.taken(question, Choice(admitted, None, 10, 0.0))
    assert sorted(found.scores.tolist()) == np.sort(products[admitted])[-10:].tolist()


class Late(JointScan):
    """Whose threads look up only after their turn has come, as they may."""

    def _come(self, question: np.ndarray, take: Any) -> Asked:
        asked = super()._come(question, take)
        if asked.batch is None:
            asked.turn.wait(0.5)
        return asked


def test_whoever_is_handed_the_others_before_it_looks_scans_for_them_all_the_same() -> None:
    scan, begun, go_on = Late(codes(100), np.ones(100, np.float32)), threading.Event(), threading.Event()

    def held(scores: np.ndarray) -> np.ndarray:
        begun.set()
        assert go_on.wait(5)
        return scores.copy()

    first = threading.Thread(target=scan.taken, args=(codes(1), held), daemon=True)
    others = [threading.Thread(target=scan.scores, args=(codes(1),), daemon=True) for _ in range(3)]
    first.start()
    assert begun.wait(5)
    for each in others:
        each.start()
    until = time.monotonic() + 5
    while len(scan._waiting) < len(others):
        assert time.monotonic() < until
        time.sleep(0.001)
    go_on.set()
    for each in (first, *others):
        each.join(5)
        assert not each.is_alive()


def test_what_was_taken_goes_with_whoever_asked() -> None:
    """It is held by no cycle, which would keep it until garbage is looked for."""
    scan = joint(codes(5000))
    scan.pack()
    gc.collect()
    gc.disable()
    try:
        found = weakref.ref(scan.scores(codes(1)))
        assert found() is None
    finally:
        gc.enable()


def test_only_what_would_take_the_same_is_equal() -> None:
    admitted = np.ones(3, np.bool_)
    choice = Choice(admitted, None, 10, 0.5)
    assert choice == Choice(admitted, None, 10, 0.5)
    others = [
        (admitted.copy(), None, 10, 0.5),
        (None, None, 10, 0.5),
        (admitted, None, 9, 0.5),
        (admitted, None, 10, 1),
    ]
    assert all(choice != Choice(*other) for other in others)
