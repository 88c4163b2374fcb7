"""Run the command line: ``python -m turnpike``."""

from __future__ import annotations

from turnpike.cli.main import main

if __name__ == "__main__":
    main()
