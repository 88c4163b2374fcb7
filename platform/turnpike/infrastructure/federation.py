"""Whom a statement of AWS trusts by tokens of others: the subjects that its conditions name.

A token's subject is its repository and branch, or its namespace and account. A statement that asks
for none lets in everybody to whom the issuer gives tokens, so that it is told as the subject ``*``.
The keys of conditions and the claims of tokens:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from turnpike.infrastructure.nodes import Node, leaves, text_of

ANYBODY = "*"
# None of them holds where the token says nothing, as those with IfExists and ForAllValues do.
_BINDING = {
    f"{prefix}{name}"
    for prefix in ("", "ForAnyValue:")
    for name in ("StringEquals", "StringEqualsIgnoreCase", "StringLike")
}
_SUBJECT = ":sub"
_WEB_IDENTITY = "webidentity"
_SAML = ":saml-provider/"
_ASSUME = "sts:assumerole"


def subjects(statement: Node) -> Iterator[Node]:
    """Yield the subjects of tokens that one statement lets in; none where it trusts no tokens.

    The statement is one of a JSON policy, or a block of an ``aws_iam_policy_document``.
    """
    if _trusts_tokens(statement):
        anybody = Node(None, unknown=True) if _is_hidden(statement) else Node(ANYBODY)
        yield from list(_asked(statement)) or [anybody]


def assuming(statement: Node) -> Iterator[Node]:
    """Yield the statement where, for all that is known, it lets somebody assume a role."""
    actions = [*leaves(statement.named("Action")), *leaves(statement.named("actions"))]
    others = [*leaves(statement.named("NotAction")), *leaves(statement.named("not_actions"))]
    if others or any(one.is_hidden or _is_assuming(one) for one in actions):
        yield statement


def _is_assuming(action: Node) -> bool:
    return fnmatchcase(_ASSUME, text_of(action.value).lower())


def _trusts_tokens(statement: Node) -> bool:
    """Tell whether tokens may do for a principal; what is hidden may be one whom they do for."""
    federated = [*_federated(statement)]
    actions = [*leaves(statement.named("Action")), *leaves(statement.named("actions"))]
    named = any(_WEB_IDENTITY in text_of(one.value).lower() for one in actions)
    principals = [*leaves(statement.named("Principal")), *leaves(statement.named("principals"))]
    tokens = [one for one in federated if one.is_hidden or _SAML not in text_of(one.value)]
    return bool(tokens) or (named and bool(principals))


def _federated(statement: Node) -> Iterator[Node]:
    yield from leaves(statement.named("Principal").named("Federated"))
    for principal in statement.named("principals").items():
        kind = principal if principal.is_hidden else principal.named("type")
        if kind.is_hidden:
            yield kind
        elif kind.value == "Federated":
            yield from leaves(principal.named("identifiers"))


def _asked(statement: Node) -> Iterator[Node]:
    """Yield what the conditions want the subject to be."""
    for operator, asked in _members(statement.named("Condition")):
        for key, values in _members(asked):
            if _binds(operator, key):
                yield from leaves(values)
    for condition in statement.named("condition").items():
        said = [condition.named(name) for name in ("test", "variable")]
        if not any(one.is_hidden for one in said) and _binds(*(one.value for one in said)):
            yield from leaves(condition.named("values"))


def _is_hidden(statement: Node) -> bool:
    """Tell whether a condition may ask for a subject, for all that is known."""
    conditions = statement.named("condition").items()
    return any(
        place.is_hidden
        for one in conditions
        for place in (one, one.named("test"), one.named("variable"))
    )


def _members(node: Node) -> Iterator[tuple[str, Node]]:
    for name in node.value if isinstance(node.value, dict) else ():
        yield name, node.named(name)


def _binds(operator: object, key: object) -> bool:
    return operator in _BINDING and str(key).lower().endswith(_SUBJECT)
