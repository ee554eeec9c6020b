"""Every file of a chain of migrations, with what exists before and after each of its statements."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from console.migrate.files import Migration, Script
from console.migrate.kinds.analyse import analyse
from console.migrate.kinds.models import Action, Analysis, Object
from console.migrate.lint.fold import after, untold
from console.migrate.lint.world import World
from console.sql.lexer import split

Remark = tuple[int, str]
"""What a rule says: a line, and what is wrong there."""


@dataclass(frozen=True)
class Step:
    """One statement of a file, where it stands."""

    statement: Analysis
    """What it does."""
    before: World
    """What exists before it."""
    after: World
    """What exists once it has run."""

    def actions(self) -> Iterator[tuple[int, Action]]:
        """Everything it does, also inside a DO block, with the line where that stands."""
        for each in self.statement.flat():
            for action in each.actions:
                yield each.line, action


@dataclass(frozen=True)
class File:
    """One file under lint."""

    script: Script
    """The file."""
    forwards: bool
    """Whether it is an up."""
    start: World
    """What exists before it runs."""
    home: World | None
    """What existed before the migration's up; None for a down whose up is not known."""
    back: Script | None = None
    """The down of an up."""

    @cached_property
    def way_back(self) -> "File | None":
        """The down of an up, with what exists before and after it."""
        return File(self.back, False, self.end, self.home) if self.back else None

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Its statements in order."""
        steps: list[Step] = []
        for statement in self.script.statements:
            before = steps[-1].after if steps else self.start
            analysis = analyse(statement)
            steps.append(Step(analysis, before, after(before, analysis)))
        return tuple(steps)

    @cached_property
    def asked(self) -> tuple[Analysis, ...]:
        """What the engine asks for it: what its header has, and its probes, with the lines where they stand."""
        header, text = self.script.header, self.script.text
        queries = [*filter(None, (header.precondition, header.stall)), *self.script.probes.values()]
        lines = [text.count("\n", 0, text.find(query)) + 1 for query in queries]
        return tuple(
            analyse(statement._replace(line=line))
            for query, line in zip(queries, lines, strict=True)
            for statement in split(query)
        )

    @property
    def end(self) -> World:
        """What exists once it has run."""
        return self.steps[-1].after

    @cached_property
    def untold(self) -> frozenset[str]:
        """Every word of its statements that may do more than can be told."""
        return frozenset().union(*(untold(step.statement) for step in self.steps))

    @cached_property
    def actions(self) -> tuple[tuple[int, Action, World], ...]:
        """Everything it does, in order, with the line and with what exists before the statement."""
        return tuple((line, action, step.before) for step in self.steps for line, action in step.actions())

    def outermost(self, things: Iterable[Object]) -> list[Object]:
        """Objects about which this file is certain, without those that go or come with another of them."""
        chosen = set(things)
        owners = {thing.name for thing in chosen}
        certain = (thing for thing in chosen if not {thing.name, thing.of} & self.untold and thing.of not in owners)
        return sorted(certain, key=lambda thing: (thing.kind, thing.name, thing.of or ""))

    def line_without(self, gone: Object) -> int:
        """The line of the statement after which an object is there no more."""
        last = [step for step in self.steps if gone in step.before.objects and gone not in step.after.objects]
        return last[-1].statement.line if last else 1

    def line_with(self, made: Object) -> int:
        """The line of the statement that makes an object."""
        first = (step for step in self.steps if made in step.after.objects and made not in step.before.objects)
        return next((step.statement.line for step in first), 1)


def files(migrations: Sequence[Migration]) -> Iterator[File]:
    """The up and the down of every migration of one flavour, in order."""
    world = World()
    for migration in migrations:
        up = File(migration.up, True, world, world, migration.down)
        yield up
        if up.way_back is not None:
            yield up.way_back
        world = up.end
