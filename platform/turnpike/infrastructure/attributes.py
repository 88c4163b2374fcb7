"""The texts at one place of what Terraform plans, and whether they are known."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from pydantic import JsonValue

from turnpike.evidence.plan import Attribute
from turnpike.infrastructure.beside import LATER, roles, symmetric, unowned, waits
from turnpike.infrastructure.federation import assuming, subjects
from turnpike.infrastructure.nodes import Node, leaves, text_of
from turnpike.infrastructure.settings import settings

LONGEST_VALUE = 500
UNKNOWN = Attribute(known=False, values=())
UNSET = "unset"
"""What is told of something that a block is asked for and does not say."""


def attribute_at(node: Node, path: str) -> Attribute:
    """Return the texts at a path of ``policies/data/plans.yaml``, sorted, each once.

    Where some of them are hidden or too long, the others are told, and the attribute is unknown.
    """
    found = [leaf for place in _reached(node, path.split(".")) for leaf in leaves(place)]
    texts = {text_of(leaf.value) for leaf in found if not leaf.is_hidden}
    told = {text for text in texts if len(text) <= LONGEST_VALUE}
    known = told == texts and not any(leaf.is_hidden for leaf in found)
    return Attribute(known=known, values=tuple(sorted(told)))


def _reached(node: Node, steps: Sequence[str]) -> Iterator[Node]:
    """Yield every place that the steps lead to; a hidden one on the way stands for all below it."""
    if not steps or node.is_hidden:
        yield node
        return
    for child in _step(node, steps[0]):
        yield from _reached(child, steps[1:])


def _step(node: Node, step: str) -> Iterator[Node]:
    read = _STEPS.get(step)
    yield from read(node) if read else (node.named(step),)


def _allowing(node: Node) -> Iterator[Node]:
    return (one for one in node.items() if not _denies(one))


def _count(node: Node) -> Iterator[Node]:
    yield Node(len([*node.items()]))


def _required(node: Node) -> Iterator[Node]:
    yield Node(UNSET) if node.value in (None, "") and not node.is_hidden else node


def _deleting(node: Node) -> Iterator[Node]:
    """Yield the rules of a bucket of Google's that may delete, for all that is known."""
    return (rule for rule in node.items() if any(map(_may_delete, rule.named("action").items())))


def _may_delete(action: Node) -> bool:
    kind = action.named("type")
    return action.is_hidden or kind.is_hidden or kind.value == "Delete"


def _pairs(node: Node) -> Iterator[Node]:
    """Yield what a statement of AWS lets do, each with what to: ``iam:passrole *``.

    What is named by an attribute of something that is yet to be made is one thing, not everything.
    """
    for what in _objects(node):
        named = LATER if what.is_hidden else text_of(what.value)
        for action in _either(node, "Action", "actions"):
            yield action if action.is_hidden else Node(f"{text_of(action.value).lower()} {named}")


def _objects(statement: Node) -> Iterator[Node]:
    """Yield what a statement is about; all but something is as good as all."""
    yield from _either(statement, "Resource", "resources")
    if any(_either(statement, "NotResource", "not_resources")):
        yield Node("*")


def _either(node: Node, *names: str) -> Iterator[Node]:
    for name in names:
        yield from leaves(node.named(name))


def _json(node: Node) -> Iterator[Node]:
    yield _document(node)


_STEPS: Mapping[str, Callable[[Node], Iterator[Node]]] = {
    "@each": Node.items,
    "@json": _json,
    "@allow": _allowing,
    "@leaves": leaves,
    "@subjects": subjects,
    "@assuming": assuming,
    "@settings": settings,
    "@count": _count,
    "@required": _required,
    "@pairs": _pairs,
    "@deleting": _deleting,
    "@waits": waits,
    "@unowned": unowned,
    "@roles": roles,
    "@symmetric": symmetric,
}


def _document(node: Node) -> Node:
    """Return the JSON document in a text; one that does not parse plainly is as good as unknown."""
    if node.value is None:
        return node
    if not isinstance(node.value, str):
        return Node(None, True)
    try:
        said = json.loads(node.value, object_pairs_hook=_once)
        return Node(None, True) if _is_policy(said) and not _is_spelt(said) else Node(said)
    except (ValueError, RecursionError):  # the latter: nested deeper than any policy
        return Node(None, True)


_WORDS = {
    word.lower(): word
    for word in (
        "Statement", "Effect", "Action", "NotAction", "Principal", "NotPrincipal", "Condition",
        "Federated", "Resource", "NotResource",
    )
}  # fmt: skip


def _once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    """Return an object; raises ValueError for a member twice, of which readers take any."""
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a member twice")
    return dict(pairs)


def _is_spelt(value: JsonValue) -> bool:
    """Tell whether all words of a policy are written as they are read here."""
    if isinstance(value, list):
        return all(map(_is_spelt, value))
    if not isinstance(value, dict):
        return True
    names = all(_WORDS.get(name.lower(), name) == name for name in value)
    return names and all(map(_is_spelt, value.values()))


def _is_policy(value: JsonValue) -> bool:
    return isinstance(value, dict) and any(name.lower() == "statement" for name in value)


_LETS_NOTHING_IN = (
    ("Effect", "Deny"), ("effect", "Deny"),  # policies of AWS
    ("access", "Deny"), ("direction", "Outbound"),  # rules of Azure's security groups
    ("direction", "EGRESS"),  # firewalls of Google
    ("type", "egress"),  # rules of AWS' security groups
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
