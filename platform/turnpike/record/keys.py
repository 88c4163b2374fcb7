"""The role keys that a commit of main declares in ``policies/keys/``."""

from __future__ import annotations

from turnpike.documents.reading import read
from turnpike.errors import IntegrityError, InvalidDocument
from turnpike.git.repository import Repository
from turnpike.judge.layout import is_key
from turnpike.topology.key import KEY, Key

FOLDER = "policies/keys"


def keys_at(repository: Repository, treeish: str) -> tuple[Key, ...]:
    """Return the public keys in a commit or tree, by id.

    Raises IntegrityError, which names the file, where one is no key: main holds none such.
    """
    paths = (f"{FOLDER}/{name}" for name in repository.names(treeish, FOLDER))
    contents = repository.read_all(treeish, [path for path in paths if is_key(path)])
    try:
        keys = [read(KEY, content, path) for path, content in contents.items()]
    except InvalidDocument as error:
        raise IntegrityError(error.message, code="base.unreadable") from error
    return tuple(sorted(keys, key=lambda key: key.id))
