"""The `emr-console` command."""

import gc
import os
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Start-up makes many objects and no garbage: with the usual threshold collecting takes 8 % of it.
    gc.set_threshold(50_000, 20, 20)
    # pydantic would search every installed package for plugins (11 ms), and load what it finds.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")
    from console.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
