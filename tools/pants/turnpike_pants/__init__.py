"""What Pants 2.17 lacks: today's ruff, and import-linter, both from this repository's lint lock."""
