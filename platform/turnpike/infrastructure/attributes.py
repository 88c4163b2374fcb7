"""The texts at one place of what Terraform plans, and whether they are known.

Terraform's JSON tells values, what is unknown and what is sensitive as three trees of one shape
(https://developer.hashicorp.com/terraform/internals/json-format#change-representation).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from turnpike.evidence.plan import Attribute

LONGEST_VALUE = 500
UNKNOWN = Attribute(known=False, values=())


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

    def items(self) -> Iterator[Node]:
        """Yield the items of a list; what is no list is its only item."""
        if not isinstance(self.value, list):
            yield self
            return
        for number, value in enumerate(self.value):
            yield Node(value, _item(self.unknown, number), _item(self.sensitive, number))


def attribute_at(node: Node, path: str) -> Attribute:
    """Return the texts at a path of ``policies/data/plans.yaml``, sorted, each once.

    Where some of them are hidden or too long, the others are told, and the attribute is unknown.
    """
    leaves = [leaf for found in _reached(node, path.split(".")) for leaf in _leaves(found)]
    texts = {_text(leaf.value) for leaf in leaves if not leaf.is_hidden}
    told = {text for text in texts if len(text) <= LONGEST_VALUE}
    known = told == texts and not any(leaf.is_hidden for leaf in leaves)
    return Attribute(known=known, values=tuple(sorted(told)))


def _reached(node: Node, steps: Sequence[str]) -> Iterator[Node]:
    """Yield every place that the steps lead to; a hidden one on the way stands for all below it."""
    if not steps or node.is_hidden:
        yield node
        return
    for child in _step(node, steps[0]):
        yield from _reached(child, steps[1:])


def _step(node: Node, step: str) -> Iterator[Node]:
    match step:
        case "@each":
            yield from node.items()
        case "@json":
            yield _document(node)
        case "@allow":
            yield from (one for one in node.items() if not _denies(one))
        case "@leaves":
            yield from _leaves(node)
        case _:
            yield node.named(step)


def _document(node: Node) -> Node:
    """Return the JSON document in a text; one that does not parse is as good as unknown."""
    if node.value is None:
        return node
    try:
        return Node(json.loads(node.value)) if isinstance(node.value, str) else Node(None, True)
    except (ValueError, RecursionError):  # the latter: nested deeper than any policy
        return Node(None, True)


_LETS_NOTHING_IN = (
    ("Effect", "Deny"), ("effect", "Deny"),  # policies of AWS
    ("access", "Deny"), ("direction", "Outbound"),  # rules of Azure's security groups
    ("direction", "EGRESS"),  # firewalls of Google
)  # fmt: skip


def _denies(node: Node) -> bool:
    """Tell whether a statement or a rule is known to let nothing in."""
    told = ((node.named(name), text) for name, text in _LETS_NOTHING_IN)
    return _only_denies(node) or any(n.value == text and not n.is_hidden for n, text in told)


def _only_denies(node: Node) -> bool:
    """Tell whether a firewall of Google has blocks ``deny``, and none ``allow``."""
    allow, deny = node.named("allow"), node.named("deny")
    known = not any((allow.unknown, allow.is_hidden, deny.is_hidden))
    return known and isinstance(deny.value, list) and bool(deny.value) and not allow.value


def _leaves(node: Node) -> Iterator[Node]:
    """Yield every text, number or truth below, and everything that is hidden; null is nothing."""
    if node.is_hidden:
        yield node
    elif isinstance(node.value, list):
        for item in node.items():
            yield from _leaves(item)
    elif isinstance(node.value, dict):
        known = node.unknown.keys() if isinstance(node.unknown, dict) else ()
        for name in {*node.value, *known}:
            yield from _leaves(node.named(name))
    elif node.value is not None:
        yield node


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _under(tree: JsonValue, name: str) -> JsonValue:
    return tree.get(name) if isinstance(tree, dict) else None


def _item(tree: JsonValue, number: int) -> JsonValue:
    if isinstance(tree, list):
        return tree[number] if number < len(tree) else False
    return tree is True
