from itertools import product
from random import Random

import pytest

from footnote.modules.evaluation.calibration import auroc, expected_calibration_error


def test_auroc_is_the_share_of_pairs_in_order() -> None:
    random = Random(1)
    positive = [round(random.random() + 0.2, 1) for _ in range(40)]
    negative = [round(random.random(), 1) for _ in range(60)]
    pairs = [(high > low) + (high == low) / 2 for high, low in product(positive, negative)]
    assert auroc(positive, negative) == pytest.approx(sum(pairs) / len(pairs), abs=1e-12)


def test_auroc_of_equal_scores_is_a_half() -> None:
    assert auroc([0.5, 0.5], [0.5]) == 0.5


def test_auroc_of_separate_scores_is_one() -> None:
    assert (auroc([0.9, 0.8], [0.1]), auroc([0.1], [0.8, 0.9])) == (1.0, 0.0)


def test_auroc_needs_both_kinds() -> None:
    assert (auroc([], [0.5]), auroc([0.5], [])) == (None, None)


def test_a_confidence_that_comes_true_has_no_error() -> None:
    outcomes = [(0.75, True), (0.75, True), (0.75, True), (0.75, False)]
    assert expected_calibration_error(outcomes) == 0.0


def test_each_bin_weighs_by_its_size() -> None:
    outcomes = [(0.95, True), (0.95, False), (0.95, False), (0.1, False)]
    assert expected_calibration_error(outcomes) == pytest.approx((3 * abs(0.95 - 1 / 3) + 0.1) / 4)


def test_errors_in_different_bins_do_not_cancel() -> None:
    assert expected_calibration_error([(0.4, True), (0.6, False)]) == pytest.approx(0.6)


def test_full_confidence_is_in_the_last_bin() -> None:
    assert expected_calibration_error([(1.0, True), (0.9, False)]) == pytest.approx(0.45)


def test_nothing_has_no_calibration() -> None:
    assert expected_calibration_error([]) is None
