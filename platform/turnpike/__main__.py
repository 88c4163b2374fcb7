"""Run the command line: ``python -m turnpike``."""

from __future__ import annotations

import gc
import sys

from turnpike.cli import interruption, standard_streams

# A verb makes many objects that stay, and few cycles: looking for garbage as often as Python does
# by itself takes a tenth of a gate. What serves for long still collects, only later.
_ALLOCATIONS_BEFORE_A_LOOK = 50_000

if __name__ == "__main__":
    interruption.end_at_once()
    standard_streams.open_closed()
    gc.set_threshold(_ALLOCATIONS_BEFORE_A_LOOK)

    from turnpike.cli.base_code import continue_early

    continue_early(sys.argv[1:])

    from turnpike.cli.main import main

    main()
