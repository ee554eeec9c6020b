"""One finding in detail: what was found, by which measure, and what helps."""

from typing import ClassVar

from console.iso import to_minute
from console.panes.overview.lines import by
from console.services.health.models import Finding
from console.ui.commands import Command, CommandTable, bindings
from console.ui.detail import Block, DetailScreen
from console.ui.facts import Fact

GO: CommandTable = (
    Command(id="finding.go", keys="o", title="go to its pane", action="go", footer=True, group="Reading"),
)
"""What works on the page of a finding besides reading."""


class FindingScreen(DetailScreen):
    """A page about one finding; its remedy can be copied, and a key leads to the pane that shows more."""

    COMMAND_TABLE: ClassVar[CommandTable] = GO
    BINDINGS: ClassVar = bindings(GO)

    def __init__(self, finding: Finding, panes: dict[str, str]) -> None:
        remedy = [Block("what helps; y copies it", finding.verdict.remedy, "sql")] if finding.verdict.remedy else []
        super().__init__(f"{finding.id} {finding.title}", facts(finding, panes), remedy)
        self._pane = finding.pane if finding.pane in panes else ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nowhere to go where the console has no such pane."""
        return bool(self._pane) if action == "go" else super().check_action(action, parameters)

    async def action_go(self) -> None:
        """Show the pane, which closes this page."""
        await self.run_action(f"app.show_pane('{self._pane}')")


def facts(finding: Finding, panes: dict[str, str]) -> list[Fact]:
    """All that is known of a finding, in words; its bare figures, whose unit only the words tell, are for scripts."""
    verdict, snooze = finding.verdict, finding.snooze
    known = {
        "level": finding.level.value,
        "found": verdict.evidence,
        "asked": finding.tier.value,
        "snoozed": snooze and f"until {to_minute(snooze.until)} UTC {by(snooze)}",
        "because": snooze and snooze.reason,
        "more in": panes.get(finding.pane),
    }
    return [(label, value) for label, value in known.items() if value]
