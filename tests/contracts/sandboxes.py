"""Both sandboxes, each on a file system that validation uses; skipped by name where missing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import Unavailable
from turnpike.sandbox.choose import choose
from turnpike.sandbox.container import Container
from turnpike.sandbox.interface import Job, Limits, Mount, Outcome, Program, Root, Sandbox
from turnpike.validation.build_base import base_system, machine_system
from turnpike.validation.build_images import base_image

REPOSITORY = Path(__file__).parents[2]
NAMES = ("bubblewrap", "container")
SMALL = Limits(memory_mebibytes=512, seconds=300.0)


@dataclass(frozen=True)
class Confined:
    """A sandbox and what is needed to run a line of Python in it."""

    sandbox: Sandbox
    python: str
    root: Root
    image: str | None = None

    def program(self, *command: str) -> Program:
        return Program("test", digest_of(b""), command, image=self.image, root=self.root)

    def run(self, code: str, limits: Limits = SMALL, mounts: tuple[Mount, ...] = ()) -> Outcome:
        program = self.program(self.python, "-I", "-c", code)
        return self.sandbox.run(Job(program, mounts=mounts, limits=limits))


def confined(name: str) -> Confined:
    """Return the sandbox of that name, or skip the test with what is missing."""
    try:
        sandbox = choose(name)
        if isinstance(sandbox, Container):
            return _container(sandbox)
    except Unavailable as missing:
        pytest.skip(f"{missing.message} {missing.solution}")
    base = machine_system()
    return Confined(sandbox, base.python, base.root)


def cache() -> Path:
    """Return the cache in which the base file system is kept from one run to the next."""
    home = Path(os.environ.get("HOME", "~")).expanduser()
    return Path(os.environ.get("TURNPIKE_CACHE", home / ".cache" / "turnpike"))


def _container(sandbox: Container) -> Confined:
    base = base_system(REPOSITORY, cache(), print)
    return Confined(sandbox, base.python, base.root, image=base_image(sandbox.engine, base))
