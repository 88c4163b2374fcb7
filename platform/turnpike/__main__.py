"""Run the command line: ``python -m turnpike``."""

from __future__ import annotations

import gc
import sys

from turnpike.cli.base_code import continue_early

# A verb makes many objects that stay, and few cycles: looking for garbage as often as Python does
# by itself takes a tenth of a gate. What serves for long still collects, only later.
_ALLOCATIONS_BEFORE_A_LOOK = 50_000

if __name__ == "__main__":
    gc.set_threshold(_ALLOCATIONS_BEFORE_A_LOOK)
    continue_early(sys.argv[1:])

    from turnpike.cli.main import main

    main()
