"""Programs that run for us end with the task that runs them, at whatever moment that is cancelled."""

import asyncio
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from console.demo.account import unprivileged
from console.demo.process import run


async def test_what_is_cancelled_at_any_moment_ends_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    moments = Random(1)
    for _ in range(100):
        with suppress(TimeoutError):
            async with asyncio.timeout(moments.uniform(0, 0.01)):
                await run(Path("/bin/true"), cwd=Path("/"), account=unprivileged())
    assert caplog.messages == []


async def test_what_does_not_end_by_itself_is_ended() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await run(Path("/bin/sleep"), "100000", cwd=Path("/"), account=unprivileged())  # else nobody waits so long
