"""Textual's driver of a terminal, mended: it bears what a line sends, and a process that was stopped from outside."""

import asyncio
import signal
import termios
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.drivers import linux_driver

from console.ui.keyboard import Keyboard, decoder


class LineDriver(linux_driver.LinuxDriver):
    """Takes any byte for a key, and begins anew only where it has left."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        # One byte that is no UTF-8 would end the console: of a Latin-1 terminal, or of an old report of the mouse.
        linux_driver.getincrementaldecoder = decoder  # type: ignore[attr-defined,assignment] # it has no public place
        linux_driver.XTermParser = Keyboard  # type: ignore[attr-defined] # nor has it
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._seen_in = app
        self._stopped = False
        self._raw: list[Any] | None = None
        self._start_anew: Any = signal.signal(signal.SIGCONT, self._go_on)

    def stop_application_mode(self) -> None:
        """Leave the terminal, with nothing on its second screen: a tmux that has grown would go on showing it."""
        self.write("\x1b[m\x1b[H\x1b[2J")
        super().stop_application_mode()

    def suspend_application_mode(self) -> None:
        """Leave the terminal to somebody else for a while."""
        self._stopped = True
        super().suspend_application_mode()

    def run_input_thread(self) -> None:
        """Read keys until the terminal is left."""
        self._stopped, self._raw = False, termios.tcgetattr(self.fileno)
        try:
            super().run_input_thread()
        except Exception as error:
            self._seen_in.call_later(_fail, error)
        finally:
            self._raw = None

    def _go_on(self, *sign: object) -> None:
        """Go on, where Textual would start all over, with one more reader of the same keys each time.

        Who is sent SIGSTOP cannot leave the terminal first. What a shell has meanwhile made of it is taken back.
        """
        if self._stopped:
            self._start_anew(*sign)
        elif self._raw is not None:
            with suppress(termios.error):  # the line was cut, of which this signal tells, too
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw)
            asyncio.get_running_loop().call_soon_threadsafe(self._seen_in.post_message, self.SignalResume())


def _fail(error: Exception) -> None:
    """Where the console hears of it, and not only its thread."""
    raise error
