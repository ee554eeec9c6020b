"""One party in detail: what is known of it, what it locks, and the SQL that would end what others wait for."""

from console.panes.locks import service
from console.panes.locks.models import Detail, Party
from console.panes.locks.tree import Branch
from console.panes.locks.words import named
from console.services.locking.words import described, locks_text, mode
from console.services.signalling import words
from console.ui.detail import Block, DetailScreen
from console.ui.facts import Fact
from console.units import age, count


def page(branch: Branch, detail: Detail, grant: str | None) -> DetailScreen:
    """The page of one party."""
    from console.sql.layout import laid_out  # nobody waits for it at the start

    party = branch.party
    remedy = service.remedies(party, branch.blocks, detail.gid)
    shown = service.remedies(party, branch.blocks, party.gid and "its name") if remedy else ""
    by_hand = "to end it by hand; y copies its whole name" if party.prepared else "to end it by hand"
    query = detail.query or party.query_text if not party.hidden else None
    blocks = [
        *([Block("statement, without its values", laid_out(query), "sql")] if query else []),
        *([Block("locks, what it waits for first", locks_text(detail.locks))] if detail.locks else []),
        *([Block(by_hand, shown, "sql", remedy)] if remedy else []),
    ]
    what = "prepared transaction" if party.prepared else "session"
    return DetailScreen(f"{what} {named(party)}", facts(branch, grant), blocks)


def facts(branch: Branch, grant: str | None) -> list[Fact]:
    """All that is known of it, in words."""
    party = branch.party
    known = _prepared(party) if party.prepared else words.facts([service.subject_of(party, branch.blocks)])
    more = {
        "waits for": _wanted(party),
        "kept by": ", ".join("a prepared transaction" if each < 0 else str(each) for each in party.blocked_by),
        "holds": f"{mode(party.mode_held)} on what others want" if party.mode_held else "",
        "waited for by": _followers(branch),
        "hidden": f"what it does; a superuser can show it: {grant}" if party.hidden and grant else "",
    }
    said = [fact for fact in known if fact[0] not in {"blocks", "statement"}]
    return said + [(label, value) for label, value in more.items() if value]


def _prepared(party: Party) -> list[Fact]:
    return [
        ("prepared by", f"{party.user}@{party.database}"),
        ("prepared", f"{age(party.transaction_age)} ago, as transaction {-party.id}"),
        ("means", "no session belongs to it: it stays, with its locks, until somebody commits it or rolls it back"),
    ]


def _wanted(party: Party) -> str:
    if not party.waits:
        return ""
    return f"{described(party)}, in mode {mode(party.mode_wanted)}, since {age(party.waited) or 'just now'}"


def _followers(branch: Branch) -> str:
    if not branch.blocks:
        return ""
    sessions = f"{count(branch.blocks)} session{'s' if branch.blocks > 1 else ''}"
    return f"{sessions}, directly or behind others, the longest for {age(branch.longest)}"
