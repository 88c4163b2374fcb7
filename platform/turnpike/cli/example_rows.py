"""The input example that was registered with an artifact, as rows to ask a model with."""

from __future__ import annotations

import json
from pathlib import Path

from turnpike.errors import InputError

EXAMPLE = "input_example.json"


def example_rows(artifact: Path) -> list[dict[str, float | int | str | bool]]:
    """Return the rows of the example in an artifact's folder; raises InputError without one."""
    try:
        example = json.loads((artifact / EXAMPLE).read_bytes())
        return [dict(zip(example["columns"], row, strict=True)) for row in example["data"]]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"{artifact / EXAMPLE}: expected columns and data, found {error}",
            code="serving.no-example",
            solution="Register the model with an input example, or name rows with --rows FILE.",
        ) from error
