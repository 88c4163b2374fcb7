"""Run the command line: ``python -m turnpike``."""

from __future__ import annotations

import sys

from turnpike.cli.base_code import continue_early

if __name__ == "__main__":
    continue_early(sys.argv[1:])

    from turnpike.cli.main import main

    main()
