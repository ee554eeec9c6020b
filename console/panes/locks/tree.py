"""Who waits for whom, as the lines of a tree: pure functions.

Whoever is involved has one line of his own, below one of those whom he waits for. Below the others, and where a circle
closes, one more line names those who wait there too.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from console.panes.locks.models import Party
from console.services.activity import visible
from console.services.locking.models import Lock
from console.services.locking.words import place

_SAID = {"backend_start", "user", "database", "application", "client", "state", "transaction_age", "waited"}


class Again(StrEnum):
    """Why a line names parties that have lines of their own."""

    CYCLE = "cycle"
    """They stand above it on the same branch: none of these can go on."""
    ELSEWHERE = "elsewhere"
    """They stand below another one, whom they wait for too."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of the tree."""

    party: Party
    """Whose line it is; of one that names others, whom these wait for."""
    root: int
    """With whom the branch begins."""
    depth: int
    """0 for a root."""
    lines: str
    """What is drawn before it."""
    blocks: int
    """How many wait for it, or for one who waits for it."""
    longest: float
    """Seconds that the longest of these has waited."""
    on: Lock | None
    """What it waits for, or what all others want of it; None where that is several things."""
    again: Again | None = None
    """Why it names others; None for a party's own line."""
    others: tuple[int, ...] = ()
    """Whom it names."""

    @property
    def key(self) -> tuple[int, datetime | None, Again | None]:
        """Its identity: a pid alone is used again."""
        return self.party.id, self.party.backend_start, self.again

    @property
    def note(self) -> str:
        """What a line says that names others."""
        listed = ", ".join("a prepared transaction" if other < 0 else str(other) for other in self.others)
        return f"{listed}: {'above it on this branch' if self.again is Again.CYCLE else 'below another one, too'}"

    def as_json(self) -> dict[str, object]:
        """A party as --json spells it."""
        party = self.party
        return party.model_dump(include=_SAID) | {
            "pid": _pid(party.id),
            "prepared": party.gid,
            "transaction": -party.id if party.prepared else None,
            "depth": self.depth,
            "root": _pid(self.root),
            "blocked_by": [_pid(each) or 0 for each in party.blocked_by],
            "blocks": self.blocks,
            "mode_held": party.mode_held,
            "mode_wanted": party.mode_wanted,
            "lock_type": self.on and self.on.lock_type,
            "relation": self.on and self.on.relation,
            "query": visible(party.query_text),
        }


def grow(parties: Collection[Party]) -> list[Branch]:
    """The tree, the roots that block most first, and of equals the one that has been waited for longest.

    The order in which the parties come does not matter. In a circle without a root its worst member stands for one.
    """
    return list(_Tree(parties).drawn())


def flat(tree: Iterable[Branch]) -> list[Branch]:
    """The same parties without the lines between them, for an order of a person's own."""
    return [replace(branch, lines="", depth=0) for branch in tree if branch.again is None]


class _Tree:
    """The parties of one moment, and what follows from who waits for whom."""

    def __init__(self, parties: Collection[Party]) -> None:
        self._parties = {party.id: party for party in parties}
        self._followers = _followers(self._parties)
        self._below = {each: _reached(each, self._followers) for each in self._parties}
        self._longest = {each: self._longest_below(each) for each in self._parties}
        for followers in self._followers.values():
            followers.sort(key=self._rank)
        self._above = self._placed()
        self._children: dict[int | None, list[int]] = {}
        for each, above in self._above.items():
            self._children.setdefault(above, []).append(each)

    def drawn(self) -> Iterator[Branch]:
        """Every line, from the top."""
        for root in self._children.get(None, ()):
            yield from self._drawn_from(self._own(root, root, 0, ""))

    def _drawn_from(self, root: Branch) -> Iterator[Branch]:
        """One root and all that hangs on it; without recursion, since a chain may be 500 long."""
        left = [(root, "")]
        while left:
            branch, stem = left.pop()
            yield branch
            if branch.again is None:
                left += reversed(list(self._under(branch, stem)))

    def _under(self, branch: Branch, stem: str) -> Iterator[tuple[Branch, str]]:
        """The lines right below one, each with what is drawn before those below itself."""
        named = self._named(branch.party.id)
        entries: list[int | Again] = [*self._children.get(branch.party.id, ()), *named]
        for number, entry in enumerate(entries, 1):
            last, depth = number == len(entries), branch.depth + 1
            lines = stem + ("└─" if last else "├─")
            if isinstance(entry, Again):
                yield replace(branch, depth=depth, lines=lines, again=entry, others=tuple(named[entry])), ""
            else:
                yield self._own(entry, branch.root, depth, lines), stem + ("  " if last else "│ ")

    def _own(self, each: int, root: int, depth: int, lines: str) -> Branch:
        """The line of a party."""
        return Branch(
            self._parties[each], root, depth, lines, len(self._below[each]), self._longest[each], self._on(each)
        )

    def _named(self, each: int) -> dict[Again, list[int]]:
        """Who waits for this one and stands elsewhere."""
        elsewhere = [follower for follower in self._followers[each] if self._above[follower] != each]
        ancestors = set(self._ancestors(each)) if elsewhere else set()
        named = {
            Again.CYCLE: [follower for follower in elsewhere if follower in ancestors],
            Again.ELSEWHERE: [follower for follower in elsewhere if follower not in ancestors],
        }
        return {again: others for again, others in named.items() if others}

    def _ancestors(self, each: int) -> Iterator[int]:
        above = self._above[each]
        while above is not None:
            yield above
            above = self._above[above]

    def _on(self, each: int) -> Lock | None:
        party = self._parties[each]
        locks = [party] if party.waits else [self._parties[follower] for follower in self._followers[each]]
        return locks[0] if len({place(lock) for lock in locks}) == 1 else None

    def _longest_below(self, each: int) -> float:
        return max((self._parties[below].waited or 0.0 for below in self._below[each]), default=0.0)

    def _rank(self, each: int) -> tuple[int, float, int]:
        """Its place among its equals: whoever blocks most, then the longest wait."""
        party = self._parties[each]
        waited = party.waited or 0.0 if party.waits else self._longest[each]
        return -len(self._below[each]), -waited, each

    def _placed(self) -> dict[int, int | None]:
        """Below whom each one stands, None for a root, in the order of the lines.

        Of those that wait for each other in a circle each blocks more than whoever is not in it, so that a circle
        begins with one of its own.
        """
        roots = [each for each, party in self._parties.items() if not self._blockers(party)]
        above: dict[int, int | None] = {}
        for start in (*sorted(roots, key=self._rank), *sorted(self._parties, key=self._rank)):
            left: list[tuple[int, int | None]] = [(start, None)] if start not in above else []
            while left:
                each, parent = left.pop()
                if each not in above:
                    above[each] = parent
                    left += ((follower, each) for follower in reversed(self._followers[each]))
        return above

    def _blockers(self, party: Party) -> list[int]:
        return [each for each in party.blocked_by if each in self._parties and each != party.id]


def _followers(parties: Mapping[int, Party]) -> dict[int, list[int]]:
    """Who waits for each, as far as both are known."""
    followers: dict[int, list[int]] = {each: [] for each in parties}
    for party in parties.values():
        for blocker in set(party.blocked_by) & followers.keys() - {party.id}:
            followers[blocker].append(party.id)
    return followers


def _reached(start: int, followers: Mapping[int, Sequence[int]]) -> set[int]:
    """Everybody who waits for one, or for one who waits for it."""
    reached: set[int] = set()
    left = list(followers[start])
    while left:
        each = left.pop()
        if each not in reached:
            reached.add(each)
            left += followers[each]
    return reached - {start}


def _pid(each: int) -> int | None:
    """The process; None for a prepared transaction, which has none."""
    return each if each > 0 else None
