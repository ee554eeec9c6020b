"""What a run had come to when a person stopped it, from the events that it told."""

from collections.abc import Sequence

from console.errors import Interrupted
from console.migrate.reports import Event, Result


def interrupted(events: Sequence[Event]) -> Result:
    """The result of a run that was stopped; the one at work was rolled back, unless the engine has said otherwise.

    >>> told = [Event("started", 0.0, versions=["004", "005"]), Event("applied", 0.1, "004")]
    >>> result = interrupted(told)
    >>> result.done, result.not_started, result.error.state
    (['004'], ['005'], '005 was rolled back. What came before it stays.')
    """
    planned = next((event.versions for event in events if event.event == "started"), [])
    done = [event.version for event in events if event.event in ("applied", "rolled_back") and event.version]
    said = [event.message for event in events if event.event == "interrupted"]
    left = planned[len(done) :]
    if left:
        before = " What came before it stays." if done else ""
        state = f"{said[-1] if said else f'{left[0]} was rolled back.'}{before}"
    else:
        state = "Everything had been done." if done else "Nothing was changed."
    return Result(done, None, left, Interrupted("Interrupted.", state=state, hint="See emr-console migrate status."))
