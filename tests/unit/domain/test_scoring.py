import pytest

from hive_desktop.domain.scoring import Guess, calibration_error, score


def test_a_perfect_and_sure_labeller_scores_one():
    told = score([Guess("A", "A", 1.0), Guess("B", "B", 1.0)])
    assert (told.accuracy, told.macro_f1, told.coverage, told.ece) == (1.0, 1.0, 1.0, 0.0)


def test_figures_of_a_mixed_set():
    told = score(
        [
            Guess("A", "A", 0.9),
            Guess("A", "B", 0.9),
            Guess("B", "B", 0.9),
            Guess("B", None, 0.0),
        ]
    )
    assert told.accuracy == 0.5
    assert told.coverage == 0.75
    assert told.precision_at_threshold == pytest.approx(2 / 3)
    by_name = {one.category: one for one in told.classes}
    assert (by_name["A"].precision, by_name["A"].recall) == (1.0, 0.5)
    assert (by_name["B"].precision, by_name["B"].recall) == (0.5, 0.5)
    assert told.macro_f1 == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_calibration_error_is_the_gap_of_confidence_and_accuracy():
    assert calibration_error([Guess("A", "A", 0.8), Guess("A", "B", 0.8)]) == pytest.approx(0.3)
    assert calibration_error([]) == 0.0
    assert score([]).rows == 0
