"""The `emr-console` command."""

import gc
import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # A short command makes many objects and no garbage: collecting, also when it ends, would take a tenth of its time.
    gc.set_threshold(150_000, 20, 20)
    # pydantic would search every installed package for plugins (11 ms), and load what it finds.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")
    from console.cli.main import run

    code = run(sys.argv[1:])
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
