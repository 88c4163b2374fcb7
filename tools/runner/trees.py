"""Looks at every decision tree of a loaded model: scikit-learn follows their indices unchecked.

A skops file can hold a tree whose child or feature lies out of range; predicting would then read
foreign memory. Source: skops' notes on ``sklearn.tree._tree.Tree`` and ``TreePredictor``.
"""

from __future__ import annotations

from collections.abc import Iterator

from answer import Refusal
from foreign import Foreign

TREE = "sklearn.tree._tree.Tree"
PREDICTOR = "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor"


def check_trees(model: object) -> None:
    """Raise Refusal when a tree of the model points anywhere but forward within itself."""
    for part in _parts(model):
        kind = f"{type(part).__module__}.{type(part).__qualname__}"
        if kind == TREE and not _tree_is_sound(part):
            raise _broken(kind)
        if kind == PREDICTOR and not _predictor_is_sound(part):
            raise _broken(kind)


def _broken(kind: str) -> Refusal:
    return Refusal("artifact.broken-tree", f"a {kind} points outside of itself or its features")


def _parts(model: object) -> Iterator[Foreign]:
    """Yield every object that can be reached from the model, each once."""
    import numpy as np

    seen: set[int] = set()
    waiting: list[Foreign] = [model]
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if isinstance(part, dict):
            waiting.extend((*part.keys(), *part.values()))
        elif isinstance(part, list | tuple | set | frozenset):
            waiting.extend(part)
        elif isinstance(part, np.ndarray):
            waiting.extend(part.ravel() if part.dtype == object else ())
        elif hasattr(part, "__dict__") and not isinstance(part, type):
            waiting.extend(vars(part).values())


def _tree_is_sound(tree: Foreign) -> bool:
    import numpy as np

    left, right = tree.children_left, tree.children_right
    inner = left != -1
    if not bool(((right != -1) == inner).all()):
        return False
    own = np.arange(tree.node_count)
    children = _point_forward(left[inner], own[inner]) and _point_forward(right[inner], own[inner])
    in_range = bool((left < tree.node_count).all() and (right < tree.node_count).all())
    features = tree.feature[inner]
    return children and in_range and _within(features, tree.n_features)


def _predictor_is_sound(predictor: Foreign) -> bool:
    import numpy as np

    nodes = predictor.nodes
    inner = nodes["is_leaf"] == 0
    own = np.arange(len(nodes))[inner]
    left = nodes["left"][inner].astype("int64")
    right = nodes["right"][inner].astype("int64")
    in_range = _within(left, len(nodes)) and _within(right, len(nodes))
    categorical = nodes[inner & (nodes["is_categorical"] == 1)]
    sets = _within(categorical["bitset_idx"], len(predictor.raw_left_cat_bitsets))
    return in_range and sets and _point_forward(left, own) and _point_forward(right, own)


def _point_forward(children: Foreign, parents: Foreign) -> bool:
    # Both builders number a child after its parent; a child before it could be a loop.
    return bool((children > parents).all())


def _within(values: Foreign, size: int) -> bool:
    return bool(((values >= 0) & (values < size)).all())
