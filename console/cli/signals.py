"""Signals that end a command: the first cancels its task, so that everything is left in order and said."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, somebody's kill, and a line that was cut."""


class Ending:
    """Whether somebody wants this command to end."""

    def __init__(self) -> None:
        self.sign: int | None = None
        """The signal that was heard."""
        self._deaf = False

    def hear_no_more(self) -> None:
        """Let nothing interrupt what is being put in order now, or is already done."""
        self._deaf = True

    def hears(self, sign: int) -> bool:
        """Whether this signal counts; one that comes after another would interrupt the orderly end."""
        if self._deaf:
            return False
        self.sign = sign
        self.hear_no_more()
        return True


@contextmanager
def cancelling() -> Iterator[Ending]:
    """Cancel this task when the first signal asks us to end."""
    task, loop, ending = asyncio.current_task(), asyncio.get_running_loop(), Ending()

    def cancel(sign: int) -> None:
        if ending.hears(sign) and task is not None:
            task.cancel()

    wanted = [sign for sign in ENDING if not _kept_by_nohup(sign)]
    for sign in wanted:
        loop.add_signal_handler(sign, cancel, sign)
    try:
        yield ending
    finally:
        for sign in wanted:
            loop.remove_signal_handler(sign)


def _kept_by_nohup(sign: signal.Signals) -> bool:
    return sign is signal.SIGHUP and signal.getsignal(sign) is signal.SIG_IGN
