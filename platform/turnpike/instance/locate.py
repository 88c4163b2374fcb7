"""Find the instance that a folder belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from turnpike.errors import InputError
from turnpike.git.location import locate
from turnpike.git.process import Git

if TYPE_CHECKING:
    from turnpike.instance.instance import Instance

INSTANCE_FILE = "instance.yaml"
VARIABLE = "TURNPIKE_INSTANCE"
SETTING = "turnpike.instance"


def locate_instance(start: Path, environment: Mapping[str, str]) -> Instance:
    """Return the instance around a folder; see ``locate_folder``."""
    return open_instance(locate_folder(start, environment))


def locate_folder(start: Path, environment: Mapping[str, str]) -> Path:
    """Return the folder of the instance around a folder, without reading what it says.

    Looked for, in this order: the folder that $TURNPIKE_INSTANCE names; ``instance.yaml`` in the
    folder or one above; then, from the clone around the folder, the Git setting
    ``turnpike.instance`` and the folder beside the clone's origin. The first that is named must
    exist. Raises InputError where there is none.
    """
    for folder in _candidates(start.absolute(), environment):
        return folder
    raise InputError(
        f"{start} belongs to no Turnpike instance: expected {INSTANCE_FILE} in it or above it, "
        f"or a clone of an instance's monorepo, found neither.",
        solution=f"Change into the instance, set {VARIABLE} to its folder, or make one with "
        "`turnpike init FOLDER`.",
        code="instance.not-found",
    )


def open_instance(folder: Path) -> Instance:
    """Return the instance in a folder; raises InputError where there is none."""
    from turnpike.documents.reading import read
    from turnpike.instance.instance import Instance
    from turnpike.topology.instance import INSTANCE

    file = folder / INSTANCE_FILE
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{folder} is no Turnpike instance: {INSTANCE_FILE} cannot be read ({error.strerror}).",
            solution="Name the folder that `turnpike init` made.",
            code="instance.not-found",
        ) from error
    return Instance(folder.absolute(), read(INSTANCE, content, str(file)))


def _candidates(start: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    if named := environment.get(VARIABLE):
        yield Path(named)
    around = (start, *start.parents)
    yield from (folder for folder in around if (folder / INSTANCE_FILE).is_file())
    clone = next((folder for folder in around if (folder / ".git").exists()), None)
    if clone is None:
        return
    if said := _setting(clone, SETTING):
        yield Path(said)
    # A shallow clone of a folder has to name it as a URL.
    origin = _setting(clone, "remote.origin.url").removeprefix("file://")
    if origin and (Path(origin).parent / INSTANCE_FILE).is_file():
        yield Path(origin).parent


def _setting(clone: Path, name: str) -> str:
    answer = Git(locate(clone).git_dir).run("config", "--get", name, accept=(0, 1))
    return answer.out.decode("utf-8", "surrogateescape").rstrip("\n")
