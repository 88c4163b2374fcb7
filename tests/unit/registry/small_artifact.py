"""An artifact folder that is small and sound enough to be kept, digested and handed out."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "MLmodel": b"flavors: {}\n",
    "model.skops": b"PK",
    "requirements.txt": b"skops==0.16.0\n",
}


def small_artifact(folder: Path, **changed: bytes) -> Path:
    """Write an artifact into a new folder; ``changed`` replaces ``model`` by other bytes."""
    folder.mkdir(parents=True)
    for name, content in FILES.items():
        stem = name.partition(".")[0]
        (folder / name).write_bytes(changed.get(stem, content))
    return folder
