"""Bootstrap intervals against what theory says of them."""

from __future__ import annotations

import math

import pytest

from evaluation.intervals import interval, paired


@pytest.mark.parametrize(("successes", "count"), [(50, 100), (300, 1000), (1900, 2000)])
def test_the_interval_of_a_share_is_that_of_the_normal_approximation(successes: int, count: int) -> None:
    share = successes / count
    half = 1.959964 * math.sqrt(share * (1 - share) / count)
    low, high = interval([1.0] * successes + [0.0] * (count - successes), seed=1)
    assert low == pytest.approx(share - half, abs=0.15 * half)
    assert high == pytest.approx(share + half, abs=0.15 * half)


def test_the_same_seed_draws_the_same_interval_and_another_seed_another() -> None:
    values = [number / 7 for number in range(50)]
    assert interval(values, seed=3) == interval(values, seed=3)
    assert interval(values, seed=3) != interval(values, seed=4)


def test_an_interval_that_is_drawn_in_several_blocks_is_as_wide_as_one_of_the_same_values() -> None:
    low, high = interval([0.0, 1.0] * 10_000, seed=0)
    half = 1.959964 * 0.5 / math.sqrt(20_000)
    assert high - low == pytest.approx(2 * half, rel=0.15)


def test_equal_values_leave_no_doubt_and_no_values_leave_nothing() -> None:
    assert interval([0.25] * 9, seed=0) == (0.25, 0.25)
    assert all(math.isnan(end) for end in interval([], seed=0))


def test_the_difference_of_equal_runs_is_exactly_nothing() -> None:
    run = {f"q{number}": number / 3 for number in range(40)}
    assert paired(run, dict(run), seed=5) == (0.0, 0.0, 0.0)


def test_a_difference_is_second_minus_first_over_the_cases_of_both() -> None:
    first = {"a": 0.1, "b": 0.4, "only-first": 9.0}
    second = {"b": 0.6, "a": 0.3, "only-second": -9.0}
    assert paired(first, second, seed=0) == pytest.approx((0.2, 0.2, 0.2))


def test_pairing_sees_a_small_gain_that_the_spread_between_cases_would_hide() -> None:
    first = {f"q{number}": float(number % 10) for number in range(100)}
    second = {key: value + (0.1 if index % 4 else 0.0) for index, (key, value) in enumerate(first.items())}
    mean, low, high = paired(first, second, seed=0)
    assert mean == pytest.approx(0.075)
    assert 0.06 < low < 0.075 < high < 0.09


def test_runs_without_a_common_case_have_no_difference() -> None:
    assert all(math.isnan(value) for value in paired({"a": 1.0}, {"b": 1.0}, seed=0))
