"""Building the programs of the two runs: the platform's, and one for each team's checks.

``source`` is a tree of the base commit with nothing of the head but the folders of the models that
are validated, so everything that decides how a program is built is the base's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from turnpike.documents.identifiers import Digest
from turnpike.sandbox.bubblewrap import Bubblewrap
from turnpike.sandbox.container import Container
from turnpike.sandbox.engine import Engine
from turnpike.sandbox.interface import Program, Sandbox
from turnpike.validation.build_base import Base, base_system, can_make_a_base, machine_system
from turnpike.validation.build_folders import folder_of, keep_libraries, keep_program
from turnpike.validation.build_images import base_image, keep_image, kept_image
from turnpike.validation.build_inputs import Inputs, inputs_of
from turnpike.validation.build_pants import package

Say = Callable[[str], None]

_PLATFORM_IMAGE = ("tools/images:platform", "tools.images/platform.docker-info.json")
_PLATFORM_PEX = ("tools/runner:platform", "tools.runner/platform.pex")
_LIBRARIES = ("tools/images:libraries", "tools.images/libraries.pex")


@dataclass(frozen=True, slots=True)
class Programs:
    """The platform's program, and each team's by ``<team>/<model>``."""

    platform: Program
    teams: Mapping[str, Program]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One program: what it is built from, by which target, and which file the target leaves."""

    name: str
    inputs: Digest
    target: str
    result: str
    script: str

    def command(self, python: str) -> tuple[str, ...]:
        return (python, "-E", "-s", "-B", f"/program/{self.script}")


def build_programs(
    source: Path, models: Sequence[str], sandbox: Sandbox, cache: Path,
    say: Say = lambda _: None,
) -> Programs:  # fmt: skip
    """Return the programs for models named ``<team>/<model>``; builds what the cache lacks.

    One Pants run builds all that is missing. Raises InputError (``build.*``) where the tree cannot
    be built, Unavailable where a tool for it is missing.
    """
    base = _base(source, sandbox, cache, say)
    inputs = inputs_of(source, tuple(models), base.packages)
    in_images = isinstance(sandbox, Container)
    wanted = [_platform(inputs, in_images), *(_team(k, inputs, in_images) for k in models)]
    if isinstance(sandbox, Container):
        built = _images(sandbox.engine, source, cache, wanted, base, say)
    else:
        built = _folders(source, cache, wanted, inputs, base, say)
    return Programs(built[0], dict(zip(models, built[1:], strict=True)))


def _base(source: Path, sandbox: Sandbox, cache: Path, say: Say) -> Base:
    if isinstance(sandbox, Bubblewrap) and not can_make_a_base():
        return machine_system()
    return base_system(source, cache, say)


def _platform(inputs: Inputs, in_images: bool) -> _Wanted:
    target, result = _PLATFORM_IMAGE if in_images else _PLATFORM_PEX
    return _Wanted("platform", inputs.platform, target, result, "predict.py")


def _team(key: str, inputs: Inputs, in_images: bool) -> _Wanted:
    target, result = ("image", "image.docker-info.json") if in_images else ("team", "team.pex")
    dotted = f"models/{key}".replace("/", ".")
    return _Wanted(
        f"team {key}", inputs.teams[key], f"models/{key}:{target}", f"{dotted}/{result}", "team.py"
    )


def _images(
    engine: Engine, source: Path, cache: Path, wanted: list[_Wanted], base: Base, say: Say
) -> list[Program]:
    images = {one.name: kept_image(engine, one.inputs) for one in wanted}
    missing = [one for one in wanted if images[one.name] is None]
    if missing:
        say(f"building {len(missing)} validation images with Pants")
        built = package(
            source, cache, [one.target for one in missing], engine.for_builders(),
            (f"--docker-build-args=BASE_IMAGE={base_image(engine, base)}",),
        )  # fmt: skip
        images |= {o.name: keep_image(engine, built / o.result, o.inputs) for o in missing}
    return [
        Program(one.name, one.inputs, one.command(base.python), image=images[one.name])
        for one in wanted
    ]


def _folders(
    source: Path, cache: Path, wanted: list[_Wanted], inputs: Inputs, base: Base, say: Say
) -> list[Program]:
    libraries = folder_of(cache, "libraries", inputs.libraries)
    folders = {one.name: folder_of(cache, "program", one.inputs) for one in wanted}
    missing = [one for one in wanted if not folders[one.name].is_dir()]
    targets = [one.target for one in missing]
    if not libraries.is_dir():
        targets.append(_LIBRARIES[0])
    if targets:
        say(f"building {len(targets)} validation programs with Pants")
        built = package(source, cache, targets, {})
        for one in missing:
            keep_program(built / one.result, folders[one.name])
        if not libraries.is_dir():
            keep_libraries(built / _LIBRARIES[1], libraries)
    return [
        Program(
            one.name, one.inputs, one.command(base.python), pex=folders[one.name],
            libraries=libraries, root=base.root,
        )
        for one in wanted
    ]  # fmt: skip
