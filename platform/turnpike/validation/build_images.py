"""Programs as images of a container engine, named by the digest of their inputs."""

from __future__ import annotations

import json
import re
from pathlib import Path

from turnpike.documents.identifiers import Digest
from turnpike.errors import IntegrityError, Unavailable
from turnpike.sandbox.engine import Engine
from turnpike.validation.build_base import Base

_IMPORT_SECONDS = 900.0
_ID = re.compile(r"(sha256:)?[0-9a-f]{12,64}")


def kept_image(engine: Engine, inputs: Digest) -> str | None:
    """Return the id of the image that was built from the inputs; None when there is none."""
    answer = engine.ask("image", "inspect", "--format", "{{.Id}}", _name(inputs))
    return answer.output if answer.exit_code == 0 else None


def keep_image(engine: Engine, description: Path, inputs: Digest) -> str:
    """Name the image that Pants described by its inputs, and return its id."""
    answer = engine.ask("tag", _built(description), _name(inputs))
    kept = kept_image(engine, inputs)
    if answer.exit_code != 0 or kept is None:
        raise IntegrityError(
            f"The engine does not have the image that was just built: {answer.error}",
            code="build.image-lost",
            solution="Run again; nothing else may prune images meanwhile.",
        )
    return kept


def base_image(engine: Engine, base: Base) -> str:
    """Return the name of the base's image; imports its tar when the engine has none."""
    name = f"turnpike-base:{base.packages[7:39]}"
    if engine.ask("image", "inspect", name).exit_code == 0:
        return name
    answer = engine.ask("import", str(base.archive), name, seconds=_IMPORT_SECONDS)
    if answer.exit_code != 0:
        raise Unavailable(
            f"The engine did not import the base file system: {answer.error[-500:]}",
            code="build.base-failed",
            solution="Look at the engine's log and its disk space; then run again.",
        )
    return name


def _built(description: Path) -> str:
    """Return the image's id, or its tag where Pants cannot tell the id from what Podman prints."""
    said = json.loads(description.read_bytes())
    image = str(said["image_id"])
    return image if _ID.fullmatch(image) else str(said["registries"][0]["tags"][0]["name"])


def _name(inputs: Digest) -> str:
    return f"turnpike-program:{inputs[7:39]}"
