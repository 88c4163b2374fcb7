"""Makes the world: an instance of HEAD, with models that were really trained and registered."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import turnpike
from end_to_end.installed import PRODUCT
from end_to_end.world import Draft, World
from turnpike.cli.outbox import kept_about, outbox_of
from turnpike.documents.identifiers import Digest
from turnpike.documents.reading import read
from turnpike.forge.refs import MAIN
from turnpike.installation.naming import folder_at
from turnpike.instance.create import Wish, init
from turnpike.manifest.model import MODEL

DIABETES = "endocrinology/diabetes-progression"
SUMMARY = "oncology/discharge-summary"

_VARIANTS = {
    "diabetes": (DIABETES, "", "", ""),
    "better diabetes": (DIABETES, "train.py", "alpha=10.0", "alpha=12.0"),
    "summary": (SUMMARY, "", "", ""),
    "better summary": (SUMMARY, "model.yaml", "temperature: 0.0", "temperature: 0.1"),
    "moving summary": (SUMMARY, "model.yaml", 'revision: "20250929"', "revision: latest"),
}
"""Each draft by a short name: the sample that it is made of, and the one text that differs."""


def make_world(
    folder: Path, names: Iterable[str] = tuple(_VARIANTS), organisation: Path | None = None
) -> World:
    """Make an instance with personas in a folder, and register drafts in it, each once."""
    wish = Wish(folder / "instance", PRODUCT, organisation, with_personas=True)
    made = init(wish, datetime.now(UTC)).instance
    judges = folder_at(made.host, MAIN)
    assert judges, "no installation of HEAD"
    assert Path(turnpike.__file__).is_relative_to(judges), "HEAD moved meanwhile"
    folders = {
        name: _brought(folder / "drafts" / name.replace(" ", "-"), *_VARIANTS[name])
        for name in names
    }
    _register(made.monorepo, folders)
    drafts = {name: _draft(made.monorepo, place) for name, place in folders.items()}
    shutil.rmtree(outbox_of(made.monorepo))
    return World(made.folder, drafts)


def _brought(top: Path, key: str, file: str, old: str, new: str) -> Path:
    """Copy a sample of the product into a folder of its own, and change one text of it."""
    place = top / "models" / key
    shutil.copytree(PRODUCT / "models" / key, place, ignore=shutil.ignore_patterns("__pycache__"))
    if file:
        text = (place / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {place / file}"
        (place / file).write_text(text.replace(old, new), encoding="utf-8")
    return place


def _register(monorepo: Path, folders: Mapping[str, Path]) -> None:
    """Train and register in a process of its own: MLflow is heavy, and warns of many things."""
    done = subprocess.run(
        [sys.executable, "-P", "-X", "utf8", "-m", "turnpike", "register", *folders.values()],
        cwd=monorepo,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _draft(monorepo: Path, place: Path) -> Draft:
    top = place.parents[2]
    files = {f.relative_to(top).as_posix(): f.read_bytes() for f in _files(place)}
    key = "/".join(place.parts[-2:])
    model = read(MODEL, files[f"models/{key}/model.yaml"], key)
    assert model.artifact is not None
    return Draft(key, files, kept_about(monorepo, [Digest(model.artifact.digest)]))


def _files(place: Path) -> list[Path]:
    return [f for f in sorted(place.rglob("*")) if f.is_file() and "__pycache__" not in f.parts]
