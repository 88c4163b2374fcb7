"""What a configuration gives each argument, and from where, as it is written.

Terraform's JSON of a plan names what an expression refers to, but neither what a function makes of
that nor what a ``dynamic`` block holds. Of what is unknown until the apply this alone tells whether
anybody gave it, and whether it comes unchanged from a resource that is judged itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from turnpike.infrastructure.hcl import labelled, parsed, unquoted

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_OWN_KEYS = r"(?:\[(?:each\.key|count\.index)\])?"
_KEYS = r"(?:\[[^\[\]()]*\])?"
_NO_ITERATOR = r"(?!(?:key|value)\b)"
_AT = rf"(?:data\.)?[a-z][a-z0-9]*_[a-z0-9_]*\.{_NO_ITERATOR}[A-Za-z_][\w-]*"
_TRAVERSAL = re.compile(
    rf'"?\$\{{(?P<at>{_AT}){_OWN_KEYS}(?P<keys>{_KEYS})\.(?P<name>[a-z_]\w*)\}}"?'
)
_INTERPOLATION = re.compile(r"[$%]\{")
_HEREDOC = '"<<'
_MODES = {"resource": "", "data": "data."}


@dataclass(frozen=True, slots=True)
class Argument:
    """What is written at one path: whether anything is, and what is sure of it before the apply.

    ``begins`` are the literal beginnings of all texts there, ``sources`` the attributes of other
    resources of the module that stand there unchanged; without any where something else does. A key
    is told unless it is the resource's own, ``each.key`` or ``count.index``.
    """

    given: bool
    begins: tuple[str, ...]
    sources: tuple[str, ...]


UNREAD = Argument(given=True, begins=(), sources=())
"""Of what nobody has read: as good as given by anybody."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The bodies of resources and data, by folder and address; several where one overrides."""

    bodies: Mapping[tuple[str, str], tuple[dict[str, Any], ...]]

    def argument(self, folder: str, at: str, path: str) -> Argument:
        """Return what is written at a path of ``policies/data/plans.yaml`` of one resource.

        What is asked for in a block counts as given wherever the block is.
        """
        bodies = self.bodies.get((folder, at))
        if bodies is None:
            return UNREAD
        steps = [step for step in path.split(".") if not step.startswith("@")]
        asked_of_block = path.endswith(".@required")
        if asked_of_block:
            steps.pop()
        found = [one for body in bodies for one in _expressions(body, steps) if one is not None]
        texts = [one for one in found if isinstance(one, str) and not asked_of_block]
        return Argument(bool(found), _beginnings(texts), _sources(texts))


def configuration_of(files: Mapping[str, bytes]) -> Configuration:
    """Return what files of HCL hold, which have all been found to be readable."""
    bodies: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(path for path in files if path.endswith(".tf")):
        for at, body in _declared(parsed(files[path])):
            bodies[path.rpartition("/")[0], at].append(body)
    return Configuration({place: tuple(found) for place, found in bodies.items()})


def _declared(said: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the address and the body of each resource and data source of a file."""
    for mode, prefix in _MODES.items():
        for kind, named in labelled(said, mode):
            for name, body in named.items():
                yield f"{prefix}{kind}.{unquoted(name)}", body


def _expressions(place: object, steps: Sequence[str]) -> Iterator[object]:
    """Yield what is written below; an expression on the way stands for all that it makes."""
    if isinstance(place, list):
        for item in place:
            yield from _expressions(item, steps)
    elif isinstance(place, dict):
        for found in _named(place, steps[0]) if steps else place.values():
            yield from _expressions(found, steps[1:])
    elif isinstance(place, str) or not steps:
        yield place


def _named(body: dict[str, Any], name: str) -> Iterator[object]:
    for key, value in body.items():
        plain = unquoted(key)
        if plain == name or not _NAME.fullmatch(plain):  # the latter: a key that is computed
            yield value
    for label, block in labelled(body, "dynamic"):
        if label == name:
            yield block.get("content")


def _beginnings(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({_beginning(text) for text in texts}))


def _beginning(text: str) -> str:
    """Return what a template says before anything is put in; nothing where that is not plain."""
    if text.startswith(_HEREDOC) or not text.startswith('"'):
        return ""
    said = _INTERPOLATION.split(unquoted(text), maxsplit=1)[0]
    return "" if "\\" in said else said[:500]


def _sources(texts: Sequence[str]) -> tuple[str, ...]:
    found = [_TRAVERSAL.fullmatch(text) for text in texts if not _is_literal(text)]
    told = [f"{one['at']}{one['keys']}.{one['name']}" for one in found if one]
    return tuple(sorted(set(told))) if len(told) == len(found) else ()


def _is_literal(text: str) -> bool:
    return text.startswith('"') and not _INTERPOLATION.search(text)
