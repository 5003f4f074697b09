"""Referral numbers such as 2026-00042-7: the year, a serial and a check digit, nothing personal."""

import re

from stdnum.iso7064 import mod_11_10

# Blanks around the hyphens are forgiven: people copy numbers from paper and telephone calls.
WRITTEN = re.compile(r"(?<![0-9])([0-9]{4})\s*[-–‑]\s*([0-9]{5,})\s*[-–‑]\s*([0-9])(?![0-9])")


def make_number(year: int, serial: int) -> str:
    """Return the number of the `serial`-th referral of `year`.

    The last digit follows ISO 7064 MOD 11,10: it catches every single wrong digit and nearly every
    swap of two neighbours.
    """
    digits = f"{year:04d}{serial:05d}"
    return f"{digits[:4]}-{digits[4:]}-{mod_11_10.calc_check_digit(digits)}"


def is_number(text: str) -> bool:
    """Return whether `text` is a referral number whose check digit is right."""
    return find_number(text) == text


def looks_like_number(text: str) -> bool:
    """Return whether `text` holds something written like a referral number, right or wrong."""
    return WRITTEN.search(text) is not None


def find_number(text: str) -> str | None:
    """Return the first referral number with a right check digit in `text`, in its usual form."""
    for year, serial, check in WRITTEN.findall(text):
        if mod_11_10.is_valid(f"{year}{serial}{check}"):
            return f"{year}-{serial}-{check}"
    return None
