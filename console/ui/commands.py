"""The one table of commands: bindings, footer, help and palette are all made from it, so none can say another thing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from textual.actions import parse
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.keys import format_key
from textual.screen import Screen

from console.ui.polling import INTERVALS
from console.ui.window import WINDOW_MINUTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something a person can do."""

    id: str
    """Its name in `[keymap]` of the configuration, such as `pane.pause`."""
    title: str
    """What the footer and the palette call it."""
    action: str
    """The Textual action of the node that lists it."""
    keys: str = ""
    """Its keys, with commas between them; empty for one that is only in the palette."""
    help: str = ""
    """What it does, in a few words."""
    group: str = "General"
    """Its heading in the help."""
    footer: bool = False
    """Whether the footer names it."""
    row: bool = False
    """Whether it does something with a row, and exists only in a pane that has some."""
    dangerous: bool = False
    """Whether it exists only while the write window is open."""
    asks: bool = False
    """Whether it asks the server, so that it does not exist at an earlier moment."""
    above: bool = False
    """Whether its keys also work in dialogs."""

    @property
    def verb(self) -> str:
        """The name of its action, without what that is given."""
        return self.action.partition("(")[0]


CommandTable = tuple[Command, ...]
"""What one kind of node offers."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A command that works now, where it would work, and by which keys."""

    node: DOMNode
    """The node whose action it is."""
    command: Command
    """The command."""
    keys: tuple[str, ...]
    """Keys as a person calls them, after any remapping."""


def bindings(commands: Iterable[Command]) -> list[BindingType]:
    """Textual bindings of those commands that have a key."""
    return [
        Binding(c.keys, c.action, c.title, show=c.footer, tooltip=c.help, id=c.id, priority=c.above)
        for c in commands
        if c.keys
    ]


def listed_by(node_type: type) -> Iterator[Command]:
    """The commands in the `COMMAND_TABLE` of a class and of what it inherits from, its own first."""
    for base in node_type.__mro__:
        yield from base.__dict__.get("COMMAND_TABLE", ())


def available(screen: Screen[Any]) -> list[Offer]:
    """What works now, from the focused widget outwards; a dialog hides what lies below it."""
    keys: dict[str | None, list[str]] = {}
    for key, active in screen.active_bindings.items():
        keys.setdefault(active.binding.id, []).append(key_name(key))
    return [
        Offer(node, command, tuple(keys.get(command.id, ())))
        for node in _chain(screen)
        for command in listed_by(type(node))
        if _exists(node, command)
    ]


def forbidden(screen: Screen[Any], key: str, keymap: Mapping[str, str]) -> bool:
    """Whether a key would change something here if the write window were open; what has no rows has none to change."""
    return any(
        command.dangerous
        and key in keymap.get(command.id, command.keys).split(",")
        and not (command.row and not getattr(node, "has_rows", True))
        for node in _chain(screen)
        for command in listed_by(type(node))
    )


def key_name(key: str) -> str:
    """A key as a person calls it.

    >>> [key_name(key) for key in ("question_mark", "slash", "escape", "enter", "ctrl+p", "G", "f1", "pagedown")]
    ['?', '/', 'esc', 'enter', 'ctrl+p', 'G', 'F1', 'pgdn']
    """
    if key in {"enter", "up", "down", "left", "right"}:  # a word is easier to read than an arrow
        return key
    return key.upper() if re.fullmatch(r"f\d+", key) else format_key(key)


def _chain(screen: Screen[Any]) -> Iterator[DOMNode]:
    nodes = screen.focused.ancestors_with_self if screen.focused else [screen, screen.app]
    for node in nodes:
        yield node
        if node.is_modal:
            return


def _exists(node: DOMNode, command: Command) -> bool:
    _, name, parameters = parse(command.action)
    return node.check_action(name, parameters) is not False


_MOVE = "Moving in a list"
_LIST = "Lists"
_PAST = "Earlier moments"

ALARM: CommandTable = (
    Command(id="app.alarm", keys="exclamation_mark", title="look", action="alarm",
            help="to the pane that tells more of what the last line warns of"),
    Command(id="app.dismiss", keys="full_stop", title="seen", action="dismiss",
            help="take the warning away, until it gets critical, or clears and comes back"),
)  # fmt: skip
"""What works while the last line warns of something."""

APP: CommandTable = (
    *ALARM,
    Command(id="app.window", keys="U", title="write window", action="window", footer=True,
            help=f"ask for a reason, then allow changes for {WINDOW_MINUTES} minutes; once more to close it"),
    Command(id="app.help", keys="question_mark,f1", title="help", action="help", footer=True,
            help="what every key does here"),
    Command(id="app.palette", keys="colon,ctrl+p", title="command", action="palette", footer=True,
            help="a pane or a command by its name"),
    Command(id="app.zoom", keys="z", title="zoom", action="zoom", help="only the pane, without the lines around it"),
    Command(id="app.redraw", keys="ctrl+l", title="redraw", action="redraw", above=True,
            help="write the whole screen again, after a message of somebody else's has spoilt it"),
    Command(id="app.theme", title="next theme", action="next_theme", help="dark, light, ansi, contrast, colour-blind"),
    Command(id="app.quit", keys="q", title="quit", action="quit", footer=True, help="leave the console"),
)  # fmt: skip
"""What works everywhere."""

INTERRUPT = Command(id="app.interrupt", keys="ctrl+c", title="interrupt", action="interrupt", help="says how to leave")
"""What no help lists: it is for those who expect to leave by it."""

PANE: CommandTable = (
    Command(id="pane.pause", keys="p", title="pause", action="pause", footer=True, group="This pane", asks=True,
            help="stop asking the server; once more to go on"),
    Command(id="pane.now", keys="r", title="refresh", action="now", group="This pane", asks=True,
            help="ask the server now"),
    Command(id="pane.slower", keys="plus", title="slower", action="interval(1)", group="This pane", asks=True,
            help=f"a longer interval: {', '.join(f'{seconds:g}' for seconds in INTERVALS)} s"),
    Command(id="pane.faster", keys="minus", title="faster", action="interval(-1)", group="This pane", asks=True,
            help="a shorter interval"),
    Command(id="pane.back", keys="escape", title="back", action="back", group="This pane",
            help="give up a question that takes long; never leaves the console"),
)  # fmt: skip
"""What works in every pane."""

TABBED: CommandTable = (
    Command(id="tabs.next", keys="t", title="next tab", action="turn(1)", group="This pane"),
    Command(id="tabs.previous", keys="T", title="previous tab", action="turn(-1)", group="This pane"),
)
"""What works in a pane that has tabs."""

LISTING: CommandTable = (
    Command(id="list.filter", keys="slash", title="filter", action="filter", footer=True, group=_LIST,
            help="words, field:value, field!:value, field~regex, age>30s; esc takes it away"),
    Command(id="list.clear", keys="escape", title="clear filter", action="clear", group=_LIST,
            footer=True, help="show all rows again"),
)  # fmt: skip
"""What works in a list that can be filtered."""

FILTERING: CommandTable = (
    Command(id="filter.keep", keys="enter", title="keep", action="submit", group=_LIST, footer=True,
            help="keep the filter, and go back to the rows"),
)  # fmt: skip
"""What works where the filter is typed."""

TABLE: CommandTable = (
    Command(id="table.open", keys="enter,d", title="open", action="select", footer=True, group=_LIST,
            help="the row in detail"),
    Command(id="table.mark", keys="space", title="mark", action="mark", group=_LIST, help="mark the row, and go down"),
    Command(id="table.sort", keys="s", title="sort", action="sort(1)", group=_LIST,
            help="by the next column, then as the server gave them"),
    Command(id="table.sort_back", keys="shift+left", title="sort left", action="sort(-1)", group=_LIST,
            help="by the column before"),
    Command(id="table.sort_on", keys="shift+right", title="sort right", action="sort(1)", group=_LIST,
            help="by the column after"),
    Command(id="table.reverse", keys="S", title="reverse", action="reverse", group=_LIST, help="turn the order round"),
    Command(id="table.wide", keys="w", title="wide", action="wide", group=_LIST,
            help="all columns, none of them cut; left and right move along"),
    Command(id="table.copy", keys="y", title="copy", action="copy", group=_LIST, help="the row, or the marked ones"),
    Command(id="table.copy_json", keys="Y", title="copy as JSON", action="copy_json", group=_LIST),
    Command(id="table.up", keys="up,k", title="up", action="move(-1)", group=_MOVE),
    Command(id="table.down", keys="down,j", title="down", action="move(1)", group=_MOVE),
    Command(id="table.page_up", keys="pageup", title="page up", action="page(-1)", group=_MOVE),
    Command(id="table.page_down", keys="pagedown", title="page down", action="page(1)", group=_MOVE),
    Command(id="table.first", keys="home,g", title="first", action="first", group=_MOVE,
            help="and stay at the top when rows change"),
    Command(id="table.last", keys="end,G", title="last", action="last", group=_MOVE),
    Command(id="table.left", keys="left,h", title="left", action="across(-1)", group=_MOVE),
    Command(id="table.right", keys="right,l", title="right", action="across(1)", group=_MOVE),
)  # fmt: skip
"""What works in a table."""

REWINDING: CommandTable = (
    Command(id="past.back", keys="left_square_bracket", title="earlier", action="step(-1)", group=_PAST,
            help="what was on screen one refresh before"),
    Command(id="past.on", keys="right_square_bracket", title="later", action="step(1)", group=_PAST,
            help="one refresh on; after the last comes now"),
    Command(id="past.minute_back", keys="left_curly_bracket", title="a minute back", action="skip(-1)", group=_PAST),
    Command(id="past.minute_on", keys="right_curly_bracket", title="a minute on", action="skip(1)", group=_PAST),
    Command(id="past.jump", keys="at", title="time", action="jump", group=_PAST,
            help="go to 03:12, 2026-03-14 03:12, -10m; r comes back to now"),
    Command(id="past.now", keys="r", title="latest", action="latest", group=_PAST,
            help="back to now; in a recording to its last moment"),
)  # fmt: skip
"""What shows earlier moments."""

ASKING: CommandTable = (
    Command(id="ask.agree", keys="y", title="yes", action="agree", footer=True, group="Question",
            help="do it; only where nothing has to be typed"),
    Command(id="ask.refuse", keys="escape,n", title="cancel", action="refuse", footer=True, group="Question",
            help="leave everything as it is"),
    Command(id="ask.other", keys="tab", title="next", action="app.focus_next", footer=True, group="Question",
            help="the next line to type into, or the other answer"),
)  # fmt: skip
"""What works in a question."""

ANSWERING: CommandTable = (
    Command(id="ask.go_on", keys="enter", title="go on", action="submit", footer=True, group="Question",
            help="to what is still missing; then to the answers"),
)  # fmt: skip
"""What works where a reason or a name is typed."""

DECIDING: CommandTable = (
    Command(id="ask.take", keys="enter", title="take this answer", action="press", footer=True, group="Question"),
)
"""What works on an answer."""

NAMING: CommandTable = (
    Command(id="choose.take", keys="enter", title="do it", action="submit", footer=True),
    Command(id="choose.up", keys="up", title="choose", action="screen.move(-1)", footer=True),
    Command(id="choose.down", keys="down", title="choose", action="screen.move(1)", footer=True),
)
"""What works where a pane or a command is named; the line itself would take up and down to scroll."""

CHOOSING: CommandTable = (Command(id="choose.close", keys="escape", title="back", action="close", footer=True),)
"""What works in the palette besides."""

WORKING: CommandTable = (
    Command(id="work.stop", keys="C", title="stop after this one", action="stop", footer=True, group="At work",
            help="what is at work is finished, what waits is left as it is"),
    Command(id="work.interrupt", keys="ctrl+c,ctrl+q", title="stop after this one", action="stop", group="At work"),
    Command(id="work.stay", keys="escape,q", title="stay", action="stay", group="At work", help="says how to stop it"),
    Command(id="work.close", keys="escape,q,enter", title="back", action="close", footer=True, group="At work"),
)  # fmt: skip
"""What works while something is done to several targets, and after."""

READING: CommandTable = (
    Command(id="read.copy", keys="y", title="copy", action="copy", footer=True, group="Reading",
            help="the whole text"),
    Command(id="read.close", keys="escape,q,enter", title="back", action="close", footer=True, group="Reading"),
)  # fmt: skip
"""What works on a page of text."""

SCROLLING = (
    Command(id="read.down", keys="j", title="down", action="scroll_down", group="Reading"),
    Command(id="read.up", keys="k", title="up", action="scroll_up", group="Reading"),
    Command(id="read.first", keys="g", title="beginning", action="scroll_home", group="Reading"),
    Command(id="read.last", keys="G", title="end", action="scroll_end", group="Reading"),
)
"""What moves through it, besides the arrows."""

EVERYWHERE: CommandTable = (
    *APP, *PANE, *TABBED, *LISTING, *FILTERING, *TABLE, *REWINDING, *ASKING, *ANSWERING, *DECIDING, *CHOOSING, *NAMING,
    *WORKING, *READING, *SCROLLING,
)  # fmt: skip
"""All of the above; panes have more of their own."""
