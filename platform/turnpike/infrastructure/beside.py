"""What counts only for what stands beside it: one attribute alone tells nothing of these.

``*`` of a key is harmless to its account's root, a role for one store is not one for all of a
subscription, rules that delete may wait, and only symmetric keys rotate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from turnpike.infrastructure.nodes import Node, leaves, text_of

LATER = "(known after the apply)"
_ROOT = re.compile(r"arn:aws[a-z-]*:iam::[0-9]+:root|[0-9]{12}")
_WAITS = ("age", "days_since_noncurrent_time", "days_since_custom_time")
_SYMMETRIC = (
    ("customer_master_key_spec", "SYMMETRIC_DEFAULT"), ("key_usage", "ENCRYPT_DECRYPT"),  # AWS
    ("purpose", "ENCRYPT_DECRYPT"),  # Google
)  # fmt: skip


def unowned(statement: Node) -> Iterator[Node]:
    """Yield a statement of AWS unless it speaks of the roots of accounts, and of nobody else."""
    who = [*leaves(statement.named("Principal"))]
    for principal in statement.named("principals").items():
        who += leaves(principal if principal.is_hidden else principal.named("identifiers"))
    if not who or any(one.is_hidden or not _ROOT.fullmatch(text_of(one.value)) for one in who):
        yield statement


def roles(assignment: Node) -> Iterator[Node]:
    """Yield each role that an assignment of Azure names, with its scope, in small letters.

    Of a role by name the cloud tells the id later, and the other way round. A scope that is yet to
    be made is one thing, and no subscription.
    """
    scope = assignment.named("scope")
    where = LATER if scope.is_hidden else text_of(scope.value)
    for name in ("role_definition_name", "role_definition_id"):
        role = assignment.named(name)
        if role.value is not None and not role.is_hidden:
            yield Node(f"{text_of(role.value)} {where}".lower())


def waits(rule: Node) -> Iterator[Node]:
    """Yield for how many days a rule of a bucket of Google's waits, at least."""
    conditions = [*rule.named("condition").items()]
    said = [one.named(name) for one in conditions for name in _WAITS]
    if any(one.is_hidden for one in (*conditions, *said)):
        yield Node(None, unknown=True)
    else:
        yield Node(max((one.value for one in said if isinstance(one.value, int)), default=0))


def symmetric(key: Node) -> Iterator[Node]:
    """Yield a key that is symmetric, for all that is known."""
    told = ((key.named(name), usual) for name, usual in _SYMMETRIC)
    if all(one.is_hidden or one.value in (None, "", usual) for one, usual in told):
        yield key
