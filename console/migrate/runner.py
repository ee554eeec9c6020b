"""One step, run the way its file wants to be run."""

from console.migrate import transactional
from console.migrate.checked import met
from console.migrate.following import followed
from console.migrate.run import Run
from console.migrate.step import Step


async def perform(run: Run, step: Step) -> None:
    """Run one step until it is committed.

    StepFailed tells where and why it was not; ConnectionLost tells nothing: the outcome has to be looked up.
    """
    await met(run, step)
    async with followed(run, step.version):
        if step.script.header.transaction:
            await transactional.perform(run, step)
        else:
            from console.migrate import stepwise  # few files need it, and it reads statements, which takes its time

            await stepwise.perform(run, step)
