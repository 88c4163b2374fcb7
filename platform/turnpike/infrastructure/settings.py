"""Settings that a resource does not name itself, each as one text: ``rds.force_ssl=0``.

Parameters of databases are pairs of ``name`` and ``value``; add-ons take a document of any form.
"""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.infrastructure.nodes import Node, text_of


def settings(node: Node) -> Iterator[Node]:
    """Yield each setting in small letters; one of which a part is hidden is unknown."""
    for one in node.items():
        if not one.is_hidden and {"name", "value"} <= one.names():
            yield _told(one.named("name"), one.named("value"))
        else:
            yield from _below(one, ())


def _below(node: Node, path: tuple[str, ...]) -> Iterator[Node]:
    if node.is_hidden:
        yield node
    elif isinstance(node.value, list):
        for item in node.items():
            yield from _below(item, path)
    elif isinstance(node.value, dict):
        for name in node.names():
            yield from _below(node.named(name), (*path, name))
    elif node.value is not None:
        yield _told(Node(".".join(path)), node)


def _told(name: Node, value: Node) -> Node:
    if name.is_hidden or value.is_hidden:
        return Node(None, unknown=True)
    return Node("=".join(text_of(one.value).strip().lower() for one in (name, value)))
