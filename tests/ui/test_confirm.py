"""Asking before something is done."""

import pytest
from textual.app import App
from textual.events import Key
from textual.widgets import Button, Static

from console.ui.confirm import ConfirmScreen, Consent, Question
from console.ui.entry import Entry
from console.ui.footer import Footer
from tests.ui.sample import HOSTILE, Source, console, rows
from tests.ui.waiting import until

PLAIN = Question(
    title="Terminate session 4711",
    facts=[("user", "emr_app@emr"), ("application", HOSTILE), ("statement", "update tasks\nset x = ?")],
    consequence="It closes the session; its open transaction (12 m, has written) rolls back.",
    verb="terminate",
)
NAMED = Question(title="Roll back", consequence="Rows are lost.", verb="roll it back", typed="004_add_patients_table")
REASONED = Question(title="Open", consequence="Changes.", verb="open", reason=True)
BOTH = Question(title="Drop", consequence="Rows are lost.", verb="drop", typed="emr", reason=True)


async def answer(question: Question, *keys: str) -> Consent | str | None:
    """What these keys answer, words among them typed in one go; "open" if the question is still there."""
    app: App[None] = App()
    answers: list[Consent | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(ConfirmScreen(question), answers.append)
        for key in keys:
            if key.startswith("'"):
                assert isinstance(app.focused, Entry)
                app.focused.insert_text_at_cursor(key[1:])
            else:
                await pilot.press(key)
    return answers[0] if answers else "open"


YES = Consent("")


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        (["enter"], None),
        (["escape"], None),
        (["n"], None),
        (["y"], YES),
        (["tab", "enter"], YES),
        (["tab", "tab", "enter"], None),
        (["space"], "open"),
        (["j"], "open"),
    ],
)
async def test_no_unless_a_person_says_yes(keys: list[str], result: object) -> None:
    assert await answer(PLAIN, *keys) == result


@pytest.mark.parametrize(
    ("typed", "then", "result"),
    [
        ("004_add_patients_table", ["enter"], YES),
        ("004_add_patients_tabl", ["enter"], "open"),
        ("004_ADD_PATIENTS_TABLE", ["enter"], "open"),
        (" 004_add_patients_table", ["enter"], "open"),
        ("", ["enter"], "open"),
        ("y", ["enter"], "open"),
        ("004_add_patients_table", ["escape"], None),
        ("004_add_patients_table", ["tab", "tab", "enter"], YES),
        ("wrong", ["tab", "enter"], None),
    ],
)
async def test_the_name_must_be_typed_exactly(typed: str, then: list[str], result: object) -> None:
    assert await answer(NAMED, f"'{typed}", *then) == result


@pytest.mark.parametrize(
    ("typed", "then", "result"),
    [
        ("disk full", ["enter", "enter"], Consent("disk full")),
        ("short", ["enter"], "open"),
        ("short", ["enter", "enter"], "open"),
        ("        ", ["enter", "enter"], "open"),
        ("short", ["tab", "enter"], None),
    ],
)
async def test_a_reason_must_say_something(typed: str, then: list[str], result: object) -> None:
    assert await answer(REASONED, f"'{typed}", *then) == result


async def test_reason_and_name_together() -> None:
    assert await answer(BOTH, "'disk full", "enter", "'emr", "enter") == Consent("disk full")
    assert await answer(BOTH, "'disk full", "enter", "'em", "enter") == "open"
    assert await answer(BOTH, "'no", "enter", "'emr", "enter") == "open"


@pytest.mark.parametrize(
    ("question", "typed", "said"),
    [
        (REASONED, "", "A reason is needed."),
        (REASONED, "short", "The reason has 5 of 8 characters."),
        (NAMED, "", "The name is needed."),
        (NAMED, "004", "This is not the name, letter by letter."),
    ],
)
async def test_enter_says_what_is_missing_until_something_is_typed(question: Question, typed: str, said: str) -> None:
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(ConfirmScreen(question))
        app.screen.query_one(Entry).value = typed
        await pilot.press("enter")
        trouble = app.screen.query_one(".trouble", Static)
        assert str(trouble.content) == said
        assert trouble.size.width >= len(said)
        assert app.focused is app.screen.query(Entry).first()
        await pilot.press("x")
        await until(pilot, lambda: str(trouble.content) == "")


@pytest.mark.parametrize(
    ("question", "keys"),
    [(PLAIN, "enter take this answer  y yes  esc cancel  tab next"), (BOTH, "enter go on  esc cancel  tab next")],
)
async def test_the_last_line_names_the_keys_of_the_question_only(question: Question, keys: str) -> None:
    app = console(Source(lambda: rows(30)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.focused is not None)
        await app.push_screen(ConfirmScreen(question))
        footer = app.screen.query_one(Footer)
        await until(pilot, lambda: footer.render_line(0).text.strip() == keys)
        assert footer.region == (0, 23, 80, 1)


async def test_fifty_enters_answer_no() -> None:
    assert await answer(PLAIN, *["enter"] * 50) is None
    assert await answer(REASONED, *["enter"] * 50) == "open"
    assert await answer(BOTH, "'disk full", *["enter"] * 50) == "open"


async def test_a_second_enter_on_its_way_does_no_harm() -> None:
    app: App[None] = App()
    answers: list[Consent | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(ConfirmScreen(PLAIN), answers.append)
        for _ in range(3):
            app.post_message(Key("enter", "\r"))
        await until(pilot, lambda: bool(answers))
        await pilot.press("j")  # behind the other two enters
    assert answers == [None]


async def test_it_says_what_to_whom_and_what_follows() -> None:
    app: App[None] = App()
    async with app.run_test(size=(80, 24)):
        await app.push_screen(ConfirmScreen(PLAIN))
        told = [each for each in app.screen.query("Static, Facts") if not isinstance(each, Button)]
        said = "\n".join(str(each.render()) for each in told)
    assert said.startswith("Terminate session 4711\nuser         emr_app@emr\napplication  \\x1b]52;c;")
    assert "\nstatement    update tasks\n             set x = ?\nIt closes the session;" in said


@pytest.mark.parametrize("question", [PLAIN, NAMED, REASONED, BOTH])
async def test_everything_can_be_seen_at_80x24(question: Question) -> None:
    app: App[None] = App()
    async with app.run_test(size=(80, 24)):
        await app.push_screen(ConfirmScreen(question))
        for widget in [*app.screen.query(Button), *app.screen.query(Entry)]:
            assert app.screen.region.contains_region(widget.region)
            assert widget.region.bottom <= app.screen.query_one(Footer).region.y
            assert widget.region.height == 1
