"""The keys: each has a name by which it can be given to another command, and those that people expect are there."""

from console.ui.commands import EVERYWHERE, available
from console.ui.help import help_text
from console.ui.notice import State
from tests.ui.sample import SamplePane, Source, console, rows
from tests.ui.waiting import until

KEYS = {
    "enter": "table.open", "d": "table.open", "space": "table.mark", "escape": "pane.back", "q": "app.quit",
    "up": "table.up", "k": "table.up", "down": "table.down", "j": "table.down", "g": "table.first", "G": "table.last",
    "left": "table.left", "h": "table.left", "right": "table.right", "l": "table.right",
    "pageup": "table.page_up", "pagedown": "table.page_down", "home": "table.first", "end": "table.last",
    "p": "pane.pause", "r": "pane.now", "plus": "pane.slower", "minus": "pane.faster",
    "s": "table.sort", "S": "table.reverse", "w": "table.wide", "z": "app.zoom", "y": "table.copy",
    "Y": "table.copy_json", "slash": "list.filter", "colon": "app.palette", "ctrl+p": "app.palette",
    "question_mark": "app.help", "f1": "app.help", "U": "app.window", "2": "go.sessions", "8": "go.migrations",
    "ctrl+l": "app.redraw",
}  # fmt: skip
"""What a key does in a list."""

TAKEN = {"ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q", "ctrl+z"}
"""What belongs to the terminal, to screen and to tmux."""


def test_ids_are_unique() -> None:
    ids = [command.id for command in EVERYWHERE]
    assert len(ids) == len(set(ids))


async def test_every_key_of_a_list_is_there_and_has_a_name() -> None:
    app = console(Source(lambda: rows(3)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.query(SamplePane)) and app.query_one(SamplePane).state is State.DATA)
        await until(pilot, lambda: app.focused is app.query_one(SamplePane).table)
        active = {key: binding.binding.id for key, binding in app.screen.active_bindings.items()}
        assert {key: active.get(key) for key in KEYS} == KEYS
        assert not TAKEN & {key for key, name in active.items() if name}


async def test_the_help_has_a_key_for_everything_but_the_theme() -> None:
    app = console(Source(lambda: rows(3)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None)
        offers = available(app.screen)
        assert [offer.command.id for offer in offers if not offer.keys] == ["app.theme"]
        assert "interrupt" not in help_text(offers)


async def test_each_of_them_can_have_another_key() -> None:
    others = {name: f"alt+f{number}" for number, name in enumerate(sorted({*KEYS.values()}), 1)}
    app = console(Source(lambda: rows(3)), keymap=others)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: bool(app.query(SamplePane)) and app.query_one(SamplePane).state is State.DATA)
        await until(pilot, lambda: app.focused is app.query_one(SamplePane).table)
        active = {key: binding.binding.id for key, binding in app.screen.active_bindings.items()}
        assert {name: [key for key, found in active.items() if found == name] for name in others} == {
            name: [key] for name, key in others.items()
        }
