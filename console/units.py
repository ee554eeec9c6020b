"""Numbers with their units as text: pure functions, which screens, commands and sentences share."""

from math import floor


def age(seconds: float | None) -> str:
    """A time span in its largest unit only, so that a line which says `3 h` stays untouched for an hour.

    >>> [age(s) for s in (0.4, 3, 119, 3_700, 360_000, 86_400 * 1_100)]
    ['0 s', '3 s', '1 m', '1 h', '4 d', '3 y']
    >>> age(None), age(-2.0)
    ('', '0 s')
    """
    if seconds is None:
        return ""
    for unit, size, most in (("s", 1, 60), ("m", 60, 60), ("h", 3_600, 24), ("d", 86_400, 1_000)):
        if seconds < size * most:
            return f"{max(0, int(seconds / size))} {unit}"
    return f"{int(seconds / 31_557_600)} y"


def duration(seconds: float | None) -> str:
    """How long something took, with three digits where they mean something.

    >>> [duration(s) for s in (0.00012, 0.0841, 1.24, 75.0, 4_000.0, 200_000.0)]
    ['0.12 ms', '84.1 ms', '1.24 s', '1 m 15 s', '1 h 06 m', '2 d 07 h']
    """
    if seconds is None:
        return ""
    if seconds < 1:
        return f"{_three_digits(seconds * 1000)} ms"
    if seconds < 60:
        return f"{_three_digits(seconds)} s"
    if seconds < 3_600:
        return f"{int(seconds / 60)} m {int(seconds % 60):02} s"
    if seconds < 86_400:
        return f"{int(seconds / 3_600)} h {int(seconds % 3_600 / 60):02} m"
    return f"{int(seconds / 86_400)} d {int(seconds % 86_400 / 3_600):02} h"


def bytes_text(size: float | None) -> str:
    """A size in at most seven cells, in the units that PostgreSQL uses (1 kB = 1,024 bytes).

    >>> [bytes_text(n) for n in (0, 1_023, 1_536, 22_020_096, 10_995_116_277_760)]
    ['0 B', '1023 B', '1.50 kB', '21.0 MB', '10.0 TB']
    >>> bytes_text(None), bytes_text(-1_536)
    ('', '-1.50 kB')
    """
    if size is None:
        return ""
    left = abs(size)
    units = iter(("B", "kB", "MB", "GB", "TB"))
    unit = next(units)
    for larger in units:
        if left < 1_023.5:
            break
        left, unit = left / 1_024, larger
    number = f"{left:.0f}" if unit == "B" else _three_digits(left)
    return f"{'-' if size < 0 else ''}{number} {unit}"


def count(number: float | None) -> str:
    """A whole number with its thousands apart.

    >>> count(48211), count(None)
    ('48,211', '')
    """
    return "" if number is None else f"{number:,.0f}"


def rounded(number: float, cells: int) -> str:
    """A number from 10,000 on that has no room, with a sign that it is not exact: three digits, or whole thousands.

    >>> [rounded(n, 6) for n in (48_211, 999_960, 12_345_678, 7_000_000_000)], rounded(48_211, 5), rounded(-48_211, 6)
    (['≈48.2k', '≈1.00M', '≈12.3M', '≈7.00G'], '≈48k', '≈-48k')
    """
    left, unit = abs(number) / 1e3, "k"
    for larger in "MGT":
        if left < 999.5:
            break
        left, unit = left / 1e3, larger
    sign = "≈-" if number < 0 else "≈"
    exact = f"{sign}{_three_digits(left)}{unit}"
    return exact if len(exact) <= cells else f"{sign}{left:.0f}{unit}"


def number_of(number: int, one: str, many: str = "") -> str:
    """A number with what it counts; `many` where the plural takes more than an s.

    >>> number_of(1, "row"), number_of(0, "row"), number_of(48211, "row"), number_of(2, "query", "queries")
    ('1 row', '0 rows', '48,211 rows', '2 queries')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def rate(per_second: float | None) -> str:
    """Events a second, in at most seven cells.

    >>> [rate(n) for n in (0, 0.25, 12, 1_204, 48_211, 3_000_000)]
    ['0/s', '0.25/s', '12.0/s', '1,204/s', '48.2k/s', '3.00M/s']
    """
    if per_second is None:
        return ""
    if per_second == 0:
        return "0/s"
    if per_second < 1_000:
        return f"{_three_digits(per_second)}/s"
    if per_second < 9_999.5:
        return f"{per_second:,.0f}/s"
    return f"{_three_digits(per_second / 1e3)}k/s" if per_second < 999_500 else f"{_three_digits(per_second / 1e6)}M/s"


def percent(share: float | None) -> str:
    """A share in percent, cut instead of rounded: what misses a target never reads as if it reached it.

    >>> [percent(share) for share in (0.978, 0.98961, 0.99999, 1.0, None)]
    ['97.8 %', '98.9 %', '99.9 %', '100 %', '']
    """
    if share is None:
        return ""
    return "100 %" if share == 1 else f"{floor(1_000 * share) / 10:.1f} %"


def _three_digits(number: float) -> str:
    """Three significant digits, never in exponents.

    >>> [_three_digits(n) for n in (0.123, 9.996, 10.0, 99.96, 1023.0)]
    ['0.12', '10.0', '10.0', '100', '1023']
    """
    decimals = 2 if number < 9.995 else 1 if number < 99.95 else 0
    return f"{number:.{decimals}f}"
