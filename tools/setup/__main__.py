"""Run the set-up from a checkout: `python3.11 tools/setup --help`."""

import sys

if sys.version_info < (3, 11):  # said here, before any module that only newer Pythons can read
    sys.exit(
        "turnpike set-up: expected Python 3.11 or newer to run the set-up, got "
        f"{sys.version.split()[0]} at {sys.executable}.\n  try: python3.11 tools/setup"
    )

from turnpike_setup.cli import main

sys.exit(main(sys.argv[1:]))
