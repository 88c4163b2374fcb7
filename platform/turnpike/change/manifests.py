"""The manifests that a head adds or edits, for what is done before it is judged."""

from __future__ import annotations

from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.git.objects import Entry
from turnpike.git.repository import Repository
from turnpike.judge.hygiene import SIZE_LIMIT
from turnpike.judge.layout import ModelKey, model_of
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel


def changed_manifests(
    repository: Repository, base: ObjectId, head: ObjectId
) -> dict[ModelKey, PredictiveModel | GenerativeModel]:
    """Return the readable manifests of the models whose folders differ from the base.

    A manifest that does not parse is left out; the gate says what is wrong with it.
    """
    entries = standing_manifests(repository, base, head)
    small = {key: e.object for key, e in entries.items() if e.size <= SIZE_LIMIT}
    blobs = repository.blobs(small.values())
    found: dict[ModelKey, PredictiveModel | GenerativeModel] = {}
    for key, blob in small.items():
        try:
            found[key] = read(MODEL, blobs[blob], key.manifest_path)
        except InvalidDocument:
            continue
    return found


def standing_manifests(
    repository: Repository, base: ObjectId, head: ObjectId
) -> dict[ModelKey, Entry]:
    """Return what stands as manifest, readable or not, in each folder that differs from the base.

    A head that is in conflict with the base is read as it is, without it.
    """
    tree = repository.merge_tree(base, head).tree or repository.commit(head).tree
    changed = repository.changes(repository.commit(base).tree, tree)
    paths = (change.path.decode("utf-8", "replace") for change in changed)
    keys = sorted({key for path in paths if (key := model_of(path))})
    entries = repository.files(tree, [key.manifest_path for key in keys]) if keys else {}
    return {key: entries[key.manifest_path] for key in keys if key.manifest_path in entries}
