"""`emr-console completion SHELL`: a script that completes commands and options, made from the command line itself.

Written here, because the one library that is small enough (shtab) knows no fish, and asks for a call in each command.
"""

import argparse
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from console.cli import output

SHELLS = ("bash", "zsh", "fish")
"""The shells we can write for."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command."""

    names: tuple[str, ...]
    """Such as -h and --help."""
    help: str
    """What it does."""
    takes: bool
    """Whether a value follows it."""
    choices: tuple[str, ...]
    """The values that it takes; empty for any."""


@dataclass(frozen=True, slots=True)
class Command:
    """What can be typed after some words."""

    path: tuple[str, ...]
    """These words, without the program's name."""
    commands: tuple[tuple[str, str], ...]
    """Words that go on, and what they do."""
    options: tuple[Option, ...]
    """Its options."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = commands.add_parser(
        "completion", help="a script that completes commands and options: source <(emr-console completion bash)"
    )
    command.add_argument("shell", choices=SHELLS, metavar="SHELL", help="bash, zsh or fish")
    command.set_defaults(handler=completion)


async def completion(args: argparse.Namespace) -> int:
    """Print the script."""
    from console.cli.main import build_parser

    found = list(walk(build_parser()))
    output.text({"bash": bash, "zsh": zsh, "fish": fish}[args.shell](found))
    return 0


def walk(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[Command]:
    """A command and all below it."""
    options, words = [], []
    below: dict[str, argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            below |= action.choices
            words += [(name, helps.get(name, "")) for name in action.choices]
        elif action.option_strings:
            takes = action.nargs != 0
            options.append(Option(tuple(action.option_strings), action.help or "", takes, _choices(action)))
        else:
            words += [(choice, "") for choice in _choices(action)]
    yield Command(path, tuple(words), tuple(options))
    for name, inner in below.items():
        yield from walk(inner, (*path, name))


def _choices(action: argparse.Action) -> tuple[str, ...]:
    return tuple(str(choice) for choice in action.choices or ())


def bash(commands: Sequence[Command]) -> str:
    """For bash; where nothing of ours fits, as after --output, it completes files."""
    return _following(commands) + _BASH


def zsh(commands: Sequence[Command]) -> str:
    """For zsh; likewise."""
    return _following(commands) + _ZSH


_BASH = """
_emr_console() {
    local found=$(_emr_console_following "${COMP_WORDS[@]:1:COMP_CWORD-1}")
    COMPREPLY=($(compgen -W "$found" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _emr_console emr-console
"""

_ZSH = """
_emr_console() {
    local found=$(_emr_console_following "${(@)words[2,CURRENT-1]}")
    if [ -n "$found" ]; then compadd -- ${=found}; else _files; fi
}
type compdef > /dev/null || { autoload -Uz compinit && compinit }
compdef _emr_console emr-console
"""


def _following(commands: Sequence[Command]) -> str:
    """A function that bash and zsh understand: it follows the words from command to command, and prints what can come.

    The value of an option is no command, even if it is called like one.
    """
    deeper = [" ".join(("", *command.path)) for command in commands if command.path]
    taking: dict[str, list[str]] = {}
    for command in commands:
        for option in command.options:
            places = [" ".join(("", *command.path, name)) for name in option.names]
            taking.setdefault(" ".join(option.choices), []).extend(places if option.takes else [])
    return "\n".join(
        [
            "_emr_console_following() {",
            "    local reached= word",
            "    while [ $# -gt 0 ]; do",
            "        word=$1; shift",
            '        case "$reached $word" in',
            f"            {_patterns(deeper)})",
            '                reached="$reached $word" ;;',
            *(_value(choices, places) for choices, places in taking.items() if places),
            "        esac",
            "    done",
            '    case "$reached" in',
            *(_words(command) for command in commands),
            "    esac",
            "}",
            "",
        ]
    )


def _value(choices: str, places: Sequence[str]) -> str:
    """What can follow some options: one of these values, or any."""
    printed = f"echo {shlex.quote(choices)}; " if choices else ""
    return f"            {_patterns(places)})\n                [ $# -eq 0 ] && {{ {printed}return; }}; shift ;;"


def _words(command: Command) -> str:
    words = [word for word, _ in command.commands]
    words += [name for option in command.options for name in option.names if name.startswith("--")]
    return f"        {_patterns([' '.join(('', *command.path))])}) echo {shlex.quote(' '.join(words))} ;;"


def _patterns(places: Sequence[str]) -> str:
    return " | ".join(f'"{place}"' for place in places)


_NOTHING = "__emr_console_has_no_command"


def fish(commands: Sequence[Command]) -> str:
    """For fish: one line a word and a place where it can stand, with what it does."""
    first = " ".join(word for word, _ in commands[0].commands)
    nothing = f"function {_NOTHING}\n    not __fish_seen_subcommand_from {first}\nend"
    lines = [nothing, "complete -c emr-console -f"]
    for command in commands:
        place = f"complete -c emr-console -n {_quoted(_seen(command))}"
        lines += [f"{place} -a {word}{_described(said)}" for word, said in command.commands]
        lines += [f"{place}{_fish_option(option)}" for option in command.options]
    return "\n".join(lines) + "\n"


def _seen(command: Command) -> str:
    """Whether all words that lead to a command were typed, and none that leads on from it."""
    if not command.path:
        return _NOTHING
    seen = [f"__fish_seen_subcommand_from {word}" for word in command.path]
    if command.commands:
        seen.append(f"not __fish_seen_subcommand_from {' '.join(word for word, _ in command.commands)}")
    return "; and ".join(seen)


def _fish_option(option: Option) -> str:
    names = "".join(f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in option.names)
    values = f" -a {_quoted(' '.join(option.choices))}" if option.choices else ""
    takes = " -x" if option.choices else " -r -F" if option.takes else ""
    return f"{names}{takes}{values}{_described(option.help)}"


def _described(said: str) -> str:
    return f" -d {_quoted(said.replace('%%', '%'))}" if said else ""


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
