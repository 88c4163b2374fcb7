"""Look at an instance as it stands: keys, host, hook, genesis and record. Changes nothing."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import TurnpikeError
from turnpike.git.pack import object_id
from turnpike.git.process import Git
from turnpike.git.repository import Repository
from turnpike.instance.create import CODE
from turnpike.instance.host import HOOK, SETTINGS, hook_python, pins_of
from turnpike.instance.instance import ROLES, Instance
from turnpike.record.keys import keys_at
from turnpike.record.record import RECORD_REF
from turnpike.signing.keys import private_file_of
from turnpike.signing.ssh import verify_ssh

MAIN = "refs/heads/main"


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing about an instance: what should be, what is, and what to do where they differ."""

    name: str
    expected: str
    actual: str
    solution: str = ""

    @property
    def is_good(self) -> bool:
        """Tell whether it is as it should be."""
        return self.expected == self.actual


def inspect_instance(instance: Instance) -> tuple[Observation, ...]:
    """Return everything that was looked at, what is wrong as well as what is right."""
    return (
        *_keys(instance),
        *inspect_host(instance),
        *inspect_pins(instance),
        *_commits(instance),
        _clone(instance),
    )


def inspect_pins(instance: Instance) -> tuple[Observation, ...]:
    """Return what is pinned outside of Git: the host's copy of it, and the gate's first key."""
    return (_pins(instance), _gate_key(instance))


def inspect_host(instance: Instance) -> tuple[Observation, ...]:
    """Return what guards the host's refs: its hook, the code that the hook starts, its settings."""
    return (*_hook(instance), *_settings(instance))


def _keys(instance: Instance) -> Iterator[Observation]:
    # The root key is meant to be taken away and kept offline: its absence is no fault.
    for role, file in _role_files(instance).items():
        yield _private_file(f"{role} key", file)
    if instance.key("root").exists():
        yield _private_file("root key", instance.key("root"))
    for file in sorted(instance.people.glob("*/id_ed25519")):
        yield _private_file(f"SSH key of {file.parent.name}", file)


def _role_files(instance: Instance) -> dict[str, Path]:
    """Return each role's private file: of the newest key that is here, else of its first one."""
    files: dict[str, Path] = {role: instance.key(role) for role in ROLES}
    try:
        with Repository(instance.host) as host:
            known = sorted(keys_at(host, MAIN), key=lambda key: key.valid_from)
    except TurnpikeError:  # what is wrong with the host is told by itself
        return files
    for key in known:
        if (file := private_file_of(instance.keys, key.name)).exists():
            files[key.role] = file
    return files


def _private_file(name: str, file: Path) -> Observation:
    solution = f"Bring the file back from your backup, then: chmod 600 {file}"
    return Observation(name, "a private file of its owner", _rights(file), solution)


def _rights(file: Path) -> str:
    try:
        found = file.lstat()
    except OSError as error:
        return f"{file.name}: {error.strerror}"
    if not stat.S_ISREG(found.st_mode):
        return "something else than a regular file"
    if found.st_mode & 0o077:
        return f"a file that others can read (mode {stat.S_IMODE(found.st_mode):04o})"
    return "a private file of its owner"


def _hook(instance: Instance) -> Iterator[Observation]:
    hook = instance.host / HOOK
    solution = f"Put back {hook} and the installation as `turnpike init` makes them."
    python = hook_python(hook)
    yield Observation(
        "hook of the host", "the hook that init wrote", _hook_state(hook, python), solution
    )
    if python is not None:
        found = "runs" if os.access(python, os.X_OK) else f"no program at {python}"
        yield Observation("Python of the hook", "runs", found, "Run ./turnpike set-up once more.")
    wanted = "the code of the genesis"
    yield Observation("installation of the hook", wanted, _installed(instance) or wanted, solution)


def _hook_state(hook: Path, python: Path | None) -> str:
    if python is None:
        return "none, or another one"
    executable = os.access(hook, os.X_OK)
    return "the hook that init wrote" if executable else "a hook that is not executable"


def _installed(instance: Instance) -> str:
    """Return where the installation differs from the genesis; what Python compiles is left out."""
    home = instance.installation.parent
    files = (f for f in instance.installation.rglob("*") if f.is_symlink() or not f.is_dir())
    found = {str(f.relative_to(home)): _blob_of(f) for f in files if f.suffix != ".pyc"}
    try:
        with Repository(instance.host) as host:
            entries = host.files(instance.genesis, [CODE])
    except TurnpikeError as error:
        return error.message
    wanted = {path: entry.object for path, entry in entries.items()}
    other = sorted(p for p in wanted.keys() | found.keys() if wanted.get(p) != found.get(p))
    return f"{len(other)} other files, the first is {other[0]}" if other else ""


def _blob_of(file: Path) -> str:
    try:
        return object_id("blob", file.read_bytes()) if not file.is_symlink() else "a link"
    except OSError as error:
        return str(error)


def _settings(instance: Instance) -> Iterator[Observation]:
    git = Git(instance.host)
    for name, wanted in SETTINGS.items():
        # 128: the folder is no repository to git, which is told of the repository itself.
        answer = git.run("config", "--local", "--get", name, accept=(0, 1, 128))
        found = answer.out.decode().strip()
        solution = f"git -C {instance.host} config {name} {wanted}"
        yield Observation(f"{name} of the host", wanted, found or "not set", solution)


def _pins(instance: Instance) -> Observation:
    try:
        found = json.loads(instance.pins.read_bytes())
    except (OSError, ValueError) as error:
        found = str(error)
    wanted = pins_of(instance.document)
    return Observation(
        "pins of the host",
        json.dumps(wanted),
        json.dumps(found),
        f"Write into {instance.pins} what instance.yaml says, if nobody has changed that.",
    )


def _gate_key(instance: Instance) -> Observation:
    try:
        with Repository(instance.host) as host:
            found = _first_gate_key(host, instance.genesis)
    except TurnpikeError as error:
        found = error.message
    solution = (
        "Compare instance.yaml with a copy that is kept elsewhere, and find out who edited it."
    )
    return Observation("gate's first key", instance.document.gate_key, found, solution)


def _first_gate_key(host: Repository, genesis: ObjectId) -> str:
    keys = keys_at(host, genesis)
    return next((key.id for key in keys if key.role == "gate"), "no key of the gate")


def _commits(instance: Instance) -> Iterator[Observation]:
    try:
        with Repository(instance.host) as host:
            yield from _history(instance, host)
    except TurnpikeError as error:
        yield Observation("repository of the host", "readable", error.message, error.solution)


def _history(instance: Instance, host: Repository) -> Iterator[Observation]:
    first = host.first_parents(MAIN)[-1]
    solution = "Restore host.git from a backup, and find out who rewrote main."
    yield Observation("genesis of main", instance.genesis, first, solution)
    yield Observation("signature of the genesis", "the root key's", _signer(instance, host, first),
                      solution)  # fmt: skip
    record = host.refs.get(RECORD_REF)
    found = "reachable" if record and host.first_parents(record) else "missing"
    yield Observation("record", "reachable", found, solution)


def _signer(instance: Instance, host: Repository, commit: ObjectId) -> str:
    found = host.commit(commit)
    key, signature = instance.document.root_key, found.signature or ""
    return "the root key's" if verify_ssh(key, "git", found.signed, signature) else "another one"


def _clone(instance: Instance) -> Observation:
    git_dir = instance.monorepo / ".git"
    wanted, name = str(instance.host), "origin of the clone"
    solution = f"git -C {instance.monorepo} remote set-url origin {wanted}"
    if not git_dir.is_dir():
        return Observation(name, wanted, "no clone", f"git clone {wanted} {instance.monorepo}")
    answer = Git(git_dir).run("config", "--get", "remote.origin.url", accept=(0, 1))
    return Observation(name, wanted, answer.out.decode().strip() or "not set", solution)
