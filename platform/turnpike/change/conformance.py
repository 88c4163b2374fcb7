"""Hold changed manifests against the schemas of Kubernetes and its extensions: one more fact."""

from __future__ import annotations

from pathlib import Path

from turnpike.judge.conformance import objects_to_check, unchecked
from turnpike.judge.facts import Facts, ManifestProblem
from turnpike.judge.subjects import class_of_change
from turnpike.rendering.conformance import (
    SCHEMAS_DIGEST,
    Schemas,
    manifest_problems,
    schemas_from,
)


def schemas_file(cache: Path) -> Path:
    """Return where the set-up keeps the schemas that this code pins."""
    return cache / "schemas" / f"{SCHEMAS_DIGEST.removeprefix('sha256:')}.json"


def held_against_schemas(facts: Facts, file: Path) -> Facts:
    """Return the facts with what the schemas say; as they are where no deployment changed.

    Without the file nothing is added, which leaves the change undecided. Raises Unavailable for a
    file of other bytes than the pinned ones.
    """
    checked = objects_to_check(facts)
    schemas = _schemas(file) if checked or unchecked(facts, class_of_change(facts)) else None
    if schemas is None:
        return facts
    problems = tuple(
        ManifestProblem(path=path, problem=problem)
        for path, objects in sorted(checked.items())
        for problem in manifest_problems(objects, schemas)
    )
    tools = facts.tools.model_copy(update={"schemas": SCHEMAS_DIGEST})
    return facts.model_copy(update={"tools": tools, "manifest_problems": problems})


def _schemas(file: Path) -> Schemas | None:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    return schemas_from(content)
