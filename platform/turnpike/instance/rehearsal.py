"""A throw-away copy of an instance, in which something is rehearsed with other keys.

Main and the record are copied whole. On top of main comes one commit that gives every person, bot
and role a key of its own: no private key of the real instance is read, and nothing that is signed
in the copy counts anywhere else. Registry and store are the real ones, and are only read.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from turnpike.documents.canonical import to_json
from turnpike.documents.document import Document
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import Defect, InputError
from turnpike.forge.refs import MAIN, RECORD
from turnpike.git.objects import Identity
from turnpike.git.process import Git
from turnpike.git.repository import Repository
from turnpike.instance.host import set_up_host, write_pins
from turnpike.instance.instance import ROLES, Instance, instance_yaml
from turnpike.instance.locate import INSTANCE_FILE
from turnpike.judge.layout import ORGANISATION_PATH, key_path
from turnpike.rendering.dump import dump
from turnpike.signing.keys import create_key, key_yaml
from turnpike.signing.ssh import create_ssh_key
from turnpike.topology.organisation import ORGANISATION, Organisation

_WHO = Identity("Turnpike rehearsal", "rehearsal@turnpike.dev")
_KEYS_LAST = timedelta(days=1)
_NAMED = "rehearsal-"


@contextmanager
def rehearsal_of(real: Instance, now: datetime) -> Iterator[Instance]:
    """Yield the copy, with the embedded host whatever the real one has; it is gone afterwards.

    Raises InputError where main has no organisation.
    """
    with TemporaryDirectory(prefix="turnpike-rehearsal-") as folder:
        document = real.document.model_copy(update={"forge": None})
        copy = replace(real, folder=Path(folder), document=document)
        _copy_host(real, copy)
        for name in ("registry", "store"):
            (copy.folder / name).symlink_to(real.folder / name)
        shutil.copytree(real.folder / "installation", copy.folder / "installation")
        with Repository(copy.host) as host:
            host.update_ref(MAIN, _rekeyed(host, copy, now), host.resolve(MAIN))
        (copy.folder / INSTANCE_FILE).write_bytes(instance_yaml(document))
        yield copy


def _copy_host(real: Instance, copy: Instance) -> None:
    """Copy main and the record; pull requests stay behind, so that the copy counts its own."""
    Repository.create(copy.host).close()
    refs = [f"+{ref}:{ref}" for ref in (MAIN, RECORD)]
    Git(copy.host).run("fetch", "--quiet", "--no-tags", str(real.host), *refs)
    set_up_host(copy.host, Path(sys.executable))
    write_pins(copy.pins, copy.document)


def _rekeyed(host: Repository, copy: Instance, now: datetime) -> ObjectId:
    """Write the commit after which main knows only keys of the copy for people and bots."""
    main = host.resolve(MAIN)
    content = host.read(main, ORGANISATION_PATH)
    if content is None:
        raise InputError(f"{ORGANISATION_PATH} is not on main", code="base.unreadable")
    organisation = _with_new_keys(read(ORGANISATION, content, ORGANISATION_PATH), copy)
    files = {ORGANISATION_PATH: _yaml(organisation), **_role_keys(copy, now)}
    tree = host.write_tree_with(main, files)
    return host.write_commit(tree, (main,), _WHO, _WHO, "Begin a rehearsal\n", now)


def _with_new_keys(organisation: Organisation, copy: Instance) -> Organisation:
    people = tuple(
        person.model_copy(
            update={
                "ssh_keys": (_ssh_key(copy, person.id),),
                "accounts": {**person.accounts, "embedded": person.id},
            }
        )
        for person in organisation.people
    )
    bots = tuple(
        bot.model_copy(update={"ssh_keys": (_ssh_key(copy, bot.id),)}) for bot in organisation.bots
    )
    return organisation.model_copy(update={"people": people, "bots": bots})


def _ssh_key(copy: Instance, name: str) -> str:
    return create_ssh_key(copy.person_key(name), name)


def _role_keys(copy: Instance, now: datetime) -> dict[str, bytes]:
    """Make a key of each role beside those that main has, which still tell what they signed."""
    folder = copy.keys
    folder.mkdir(mode=0o700)
    files: dict[str, bytes] = {}
    for role in ROLES:
        key = create_key(role, f"{_NAMED}{role}", folder, now, now + _KEYS_LAST)
        files[key_path(key.name)] = key_yaml(key)
    return files


def _yaml(document: Document) -> bytes:
    value = to_json(document)
    if not isinstance(value, dict):
        raise Defect("a document that is no object")
    return dump([value], "Written for a rehearsal.")
