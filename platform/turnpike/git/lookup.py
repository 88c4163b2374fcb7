"""Which blob stands at each of many paths of a tree, with as few questions to git as it takes."""

from __future__ import annotations

from collections.abc import Sequence

from turnpike.documents.identifiers import ObjectId
from turnpike.git.reading import ObjectReader
from turnpike.git.trees import parse_tree

_MANY_IN_A_FOLDER = 8
"""From so many files of a folder on, on average, the folder is read in one go."""
_NO_FILE = (b"40000", b"160000")


def blobs_at(reader: ObjectReader, tree: ObjectId, paths: Sequence[str]) -> dict[str, ObjectId]:
    """Return the blob at each path, in order; what is no file there is left out.

    git walks down from the root for each path that it is asked about; where many stand in few
    folders, those are read instead.
    """
    folders = {path.rpartition("/")[0] for path in paths}
    if len(paths) < _MANY_IN_A_FOLDER * len(folders):
        headers = zip(paths, reader.headers(f"{tree}:{path}" for path in paths), strict=True)
        return {path: one.id for path, one in headers if one and one.kind == "blob"}
    listed = _files_in(reader, tree, sorted(folders))
    found = ((path, listed.get(path)) for path in paths)
    return {path: blob for path, blob in found if blob is not None}


def _files_in(reader: ObjectReader, tree: ObjectId, folders: Sequence[str]) -> dict[str, ObjectId]:
    """Return the files directly within some folders, by path."""
    headers = zip(folders, reader.headers(f"{tree}:{folder}" for folder in folders), strict=True)
    trees = {folder: one.id for folder, one in headers if one and one.kind == "tree"}
    contents = {header.id: content for header, content in reader.contents(trees.values())}
    return {
        f"{folder}/{name.decode('utf-8', 'surrogateescape')}".removeprefix("/"): object_
        for folder, listing in trees.items()
        for name, (mode, object_) in parse_tree(contents[listing]).items()
        if mode not in _NO_FILE
    }
