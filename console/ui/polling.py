"""When to ask again, and how old an answer is: pure functions."""

from console.ui.text import age

INTERVALS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between two refreshes that a person can choose from."""

SHORTEST_WAIT, LONGEST_WAIT = 1.0, 8.0
"""Seconds between two attempts to reach a server that is away."""


def stepped(interval: float, step: int) -> float:
    """The next longer or shorter interval.

    >>> stepped(2.0, 1), stepped(0.5, -1), stepped(30.0, 1), stepped(3.0, 1)
    (5.0, 0.5, 30.0, 5.0)
    """
    if step > 0:
        return min((choice for choice in INTERVALS if choice > interval), default=INTERVALS[-1])
    return max((choice for choice in INTERVALS if choice < interval), default=INTERVALS[0])


def backoff(attempt: int, chance: float) -> float:
    """Seconds to wait before attempt 1, 2, 3, ...; `chance` in 0..1 keeps many consoles from coming back at once.

    >>> [backoff(attempt, 1.0) for attempt in (1, 2, 3, 4, 50)]
    [1.0, 2.0, 4.0, 8.0, 8.0]
    >>> [backoff(attempt, 0.0) for attempt in (1, 4)]
    [1.0, 4.0]
    """
    longest = min(LONGEST_WAIT, SHORTEST_WAIT * 2.0 ** min(attempt - 1, 10))
    return max(SHORTEST_WAIT, longest * (0.5 + chance / 2))


def freshness(
    since: float | None, interval: float | None, *, paused: bool = False, frozen: bool = False, failed: bool = False
) -> str:
    """How old the data on screen is: `since` seconds, refreshed every `interval` seconds, None for on request only.

    A person may have paused it; a dialog above freezes it; the last question may have failed.

    >>> freshness(1.2, 2.0), freshness(34.0, 2.0), freshness(34.0, 2.0, paused=True)
    ('live', 'stale 34 s', 'paused')
    >>> freshness(34.0, 2.0, frozen=True), freshness(34.0, 2.0, paused=True, frozen=True)
    ('frozen', 'paused')
    >>> freshness(None, 2.0), freshness(5.0, None), freshness(500.0, None)
    ('', 'just now', '8 m old')
    >>> freshness(1.2, 2.0, failed=True), freshness(5.0, None, failed=True)
    ('stale 1 s', 'stale 5 s')
    """
    if paused or frozen:
        return "paused" if paused else "frozen"
    if since is None:
        return ""
    if failed:
        return f"stale {age(since)}"
    if interval is None:
        return f"{age(since)} old" if since >= 60 else "just now"
    return "live" if since < 2 * interval else f"stale {age(since)}"
