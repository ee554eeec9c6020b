"""A scrolling view of lines that writes to the terminal only the cells that have changed."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from console.ui.columns import Tone
from console.ui.lines import Line, changes


class LineView(ScrollView, can_focus=True):
    """Lines that are worked out when they can be seen, and compared with what stands on the screen.

    A subclass says what the `line` at a height is, calls `repaint` when that may have changed, and `set_extent` when
    there is more or less to scroll through.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar = {"line--header", "line--cursor", *(f"line--{tone}" for tone in Tone)}
    DEFAULT_CSS = """
    LineView {
        height: 1fr;
        overflow: hidden auto;
        scrollbar-size: 0 1;
        & > .line--header { color: $text-muted; text-style: underline; }
        & > .line--cursor { color: $block-cursor-foreground; background: $block-cursor-background; text-style: bold; }
        & > .line--plain { color: $foreground; }
        & > .line--ok { color: $text-success; }
        & > .line--info { color: $text-accent; }
        & > .line--warning { color: $text-warning; }
        & > .line--error { color: $text-error; text-style: bold; }
        & > .line--muted { color: $text-muted; }
        &:ansi > .line--cursor { color: $foreground; background: $background; text-style: reverse; }
    }
    """

    stale: var[bool] = var(False)
    """Whether what is shown is old; it is dimmed then."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn: dict[int, Line] = {}
        self._styles: dict[tuple[str, str], Style] = {}

    def line(self, y: int) -> Line:
        """What the line at the height `y` of the view should be now."""
        raise NotImplementedError

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Leave the styles as they are: none depends on this; a subclass of which that is not true says so."""

    def watch_stale(self) -> None:
        """Dim the lines, or light them up again."""
        self.repaint()

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """Everything moves."""
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Write what is different at each height; the scrollbar follows."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        self.repaint()

    def notify_style_update(self) -> None:
        """Forget the colours: the theme may be another."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """The line at `y`, as it was last worked out."""
        if y not in self._drawn:
            self._drawn[y] = self.line(y)
        return self._strip(self._drawn[y])

    def repaint(self) -> None:
        """Write the cells in which what is seen differs from what should be seen; nothing if there are none."""
        regions: list[Region] = []
        left = round(self.scroll_x)
        for y in range(self.room.height):
            line, before = self.line(y), self._drawn.get(y)
            if line == before:
                continue
            self._drawn[y] = line
            spans = changes(before, line) if before else [(0, max(self.virtual_size.width, self.room.width))]
            regions += [Region(start - left, y, end - start, 1) for start, end in spans]
        if regions:
            self.refresh(*regions)

    def start_over(self) -> None:
        """Work out every line again and write them all."""
        self._drawn.clear()
        self.refresh()

    def set_extent(self, size: Size) -> None:
        """Say how much there is to scroll through."""
        if size == self.virtual_size:
            return
        if self._scrolls(size) == self._scrolls(self.virtual_size):
            # A layout would write every line again; unless a scrollbar comes or goes it is not needed.
            self.set_reactive(Widget.virtual_size, size)
            if self.show_vertical_scrollbar:
                self.vertical_scrollbar.window_virtual_size = size.height
        else:
            self.virtual_size = size
        self.move_to(x=self.scroll_x, y=self.scroll_y)

    def move_to(self, *, x: float | None = None, y: float | None = None) -> None:
        """Scroll at once, no further than there is something to see."""
        self.scroll_to(x, y, animate=False, force=True)

    @property
    def room(self) -> Size:
        """The cells that can be drawn on."""
        return self.scrollable_content_region.size

    @property
    def top(self) -> int:
        """How many lines are scrolled out at the top."""
        return round(self.scroll_y)

    def _scrolls(self, size: Size) -> bool:
        return size.height > self.container_size.height

    def _strip(self, line: Line) -> Strip:
        segments: list[Segment] = []
        for text, tone in line.pieces:
            style = self._style(line.look, tone)
            if segments and segments[-1].style == style:
                segments[-1] = Segment(segments[-1].text + text, style)
            else:
                segments.append(Segment(text, style))
        left = round(self.scroll_x)
        return Strip(segments).crop_extend(left, left + self.room.width, self._style("row", Tone.PLAIN))

    def _style(self, look: str, tone: str) -> Style:
        if (look, tone) not in self._styles:
            kind = look.removeprefix("stale ")
            style = self.get_component_rich_style(f"line--{tone if kind == 'row' else kind}")
            self._styles[look, tone] = style + Style(dim=True) if kind != look else style
        return self._styles[look, tone]
