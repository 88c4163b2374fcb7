"""Run the checks: `tools/terraform/check`."""

import sys

from turnpike_terraform.cli import main

sys.exit(main(sys.argv[1:]))
