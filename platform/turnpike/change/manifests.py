"""The manifests that a head adds or edits, for what is done before it is judged."""

from __future__ import annotations

from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
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
    merge = repository.merge_tree(base, head)
    tree = merge.tree or repository.commit(head).tree
    changed = repository.changes(repository.commit(base).tree, tree)
    paths = (change.path.decode("utf-8", "replace") for change in changed)
    keys = sorted({key for path in paths if (key := model_of(path))})
    entries = repository.files(tree, [key.manifest_path for key in keys]) if keys else {}
    small = {p: e.object for p, e in entries.items() if e.size <= SIZE_LIMIT}
    blobs = repository.blobs(small.values())
    found: dict[ModelKey, PredictiveModel | GenerativeModel] = {}
    for key in keys:
        blob = small.get(key.manifest_path)
        try:
            if blob is not None:
                found[key] = read(MODEL, blobs[blob], key.manifest_path)
        except InvalidDocument:
            continue
    return found
