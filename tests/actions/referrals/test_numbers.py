"""Referral numbers."""

import pytest

from actions.referrals.numbers import find_number, is_number, make_number


def test_a_number_is_year_serial_and_check_digit():
    assert make_number(2026, 42) == "2026-00042-1"
    assert make_number(2026, 123456).startswith("2026-123456-")


@pytest.mark.parametrize("serial", [1, 42, 999, 99999])
def test_every_single_wrong_digit_is_noticed(serial):
    number = make_number(2026, serial)
    for place, digit in enumerate(number):
        if digit.isdigit():
            wrong = f"{number[:place]}{(int(digit) + 1) % 10}{number[place + 1 :]}"
            assert not is_number(wrong)


@pytest.mark.parametrize(
    "text",
    ["2026-00042-1", "Çfarë ndodhi me 2026-00042-1?", "2026 - 00042 - 1", "број 2026–00042–1."],
)
def test_a_number_is_found_in_a_message(text):
    assert find_number(text) == "2026-00042-1"


@pytest.mark.parametrize("text", ["", "2026-00042-7", "12026-00042-1", "2026-00042-17", "2026"])
def test_what_is_no_number_is_not_found(text):
    assert find_number(text) is None
