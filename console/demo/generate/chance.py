"""Randomness that is the same for the same seed, one stream a table so that no table disturbs another."""

from itertools import accumulate
from random import Random


def stream(seed: int, name: str) -> Random:
    """The random numbers of one table.

    >>> stream(1, "users").random() == stream(1, "users").random() != stream(1, "tasks").random()
    True
    """
    return Random(f"emr-console {seed} {name}")


def uuids(rng: Random, count: int) -> list[str]:
    """Version 4 UUIDs.

    >>> uuids(Random(1), 2)[1].count("-")
    4
    """
    digits = rng.randbytes(16 * count).hex()
    return [uuid(digits, start) for start in range(0, 32 * count, 32)]


def uuid(digits: str, start: int) -> str:
    """The UUID that 32 of these hexadecimal digits make."""
    a, b, c = start + 8, start + 12, start + 16
    return f"{digits[start:a]}-{digits[a:b]}-4{digits[b + 1 : c]}-a{digits[c + 1 : c + 4]}-{digits[c + 4 : start + 32]}"


def zipf(count: int, exponent: float) -> list[float]:
    """Cumulative weights for Random.choices: the first is drawn often, the last hardly ever.

    >>> zipf(3, 1.0)[0]
    1.0
    """
    return list(accumulate(1 / rank**exponent for rank in range(1, count + 1)))


def share(total: int, parts: int, part: int) -> int:
    """How many of `total` fall to one of `parts`, so that all together are exactly `total`.

    >>> [share(10, 3, part) for part in range(3)]
    [3, 3, 4]
    """
    return total * (part + 1) // parts - total * part // parts
