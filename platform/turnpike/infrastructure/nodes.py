"""What Terraform plans, place by place.

Terraform's JSON tells values, what is unknown and what is sensitive as three trees of one shape
(https://developer.hashicorp.com/terraform/internals/json-format#change-representation).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Node:
    """One place: its value, what of it is unknown, and what of it is sensitive."""

    value: JsonValue
    unknown: JsonValue = False
    sensitive: JsonValue = False

    @property
    def is_hidden(self) -> bool:
        """Tell whether the whole place is unknown or sensitive."""
        return self.unknown is True or self.sensitive is True

    def named(self, name: str) -> Node:
        """Return what stands under a name; nothing where there is no such name."""
        return Node(*(_under(tree, name) for tree in (self.value, self.unknown, self.sensitive)))

    def names(self) -> frozenset[str]:
        """Return the names that stand here; of what is unknown the value has none."""
        trees = (self.value, self.unknown)
        return frozenset(name for tree in trees if isinstance(tree, dict) for name in tree)

    def items(self) -> Iterator[Node]:
        """Yield the items of a list; what is no list is its only item, and nothing has none."""
        if not isinstance(self.value, list):
            if self.value is not None or self.unknown or self.sensitive:
                yield self
            return
        for number, value in enumerate(self.value):
            yield Node(value, _item(self.unknown, number), _item(self.sensitive, number))


def leaves(node: Node) -> Iterator[Node]:
    """Yield every text, number or truth below, and everything that is hidden; null is nothing."""
    if node.is_hidden:
        yield node
    elif isinstance(node.value, list):
        for item in node.items():
            yield from leaves(item)
    elif isinstance(node.value, dict):
        for name in node.names():
            yield from leaves(node.named(name))
    elif node.value is not None:
        yield node


def text_of(value: JsonValue) -> str:
    """Return a text as it is, and a number or a truth as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value)


def _under(tree: JsonValue, name: str) -> JsonValue:
    return tree.get(name) if isinstance(tree, dict) else None


def _item(tree: JsonValue, number: int) -> JsonValue:
    if isinstance(tree, list):
        return tree[number] if number < len(tree) else False
    return tree is True
