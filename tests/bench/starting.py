"""The console beside pg_activity on one server: first live rows, bytes on the line, CPU and memory."""

from collections.abc import Iterator

from tests.bench.crowd import crowded
from tests.bench.options import Options
from tests.bench.program import BIN, PROGRAMS, Costs, cpu_of, settled, watch

SIZES = ((120, 40), (80, 24))


def lines(options: Options) -> Iterator[str]:
    """The start of the program, then each program at each size."""
    with crowded(options) as crowd, settled(crowd.params()) as env:
        version = cpu_of([str(BIN / "emr-console"), "--version"], times=7)
        yield f"emr-console --version: {version * 1000:.0f} ms CPU"
        yield f"program      size     ready  until ready    afterwards     CPU    memory  ({options.sessions} sessions)"
        for size in SIZES:
            for program in PROGRAMS:
                command = program.command(crowd.params(program.role))
                costs = watch(command, program.alive, size=size, seconds=options.seconds, times=options.times, env=env)
                yield _line(program.name, size, costs)


def _line(name: str, size: tuple[int, int], costs: Costs) -> str:
    return (
        f"{name:<12} {size[0]:>3}x{size[1]:<3} {costs.ready:>6.2f} s {costs.bytes_ready / 1000:>7.1f} kB"
        f" {costs.bytes_per_second:>8.0f} B/s {costs.cpu_percent:>5.2f} % {costs.memory / 1e6:>6.1f} MB"
    )
