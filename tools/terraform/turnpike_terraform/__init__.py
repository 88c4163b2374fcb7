"""The checks of terraform/: contracts, schemas, validation, tests with mocks, a real apply, a scan.

One file per kind of check; each gives results and judges nothing else. `cli.py` runs them.
"""
