"""What a root's configuration may say before anybody has approved it.

Terraform plans with the planner's credentials whatever a pull request holds. Some of what a
configuration can say needs no apply to do harm: a provider can be sent to another address, or told
to run a program for its credentials; a backend, a state and a module of elsewhere can be anything;
``file()`` reads the machine. All of that is refused before Terraform is started, unless
``policies/data/plans.yaml`` on main names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from turnpike.errors import InvalidDocument, Problem
from turnpike.infrastructure.hcl import labelled, parsed, unquoted
from turnpike.topology.plan_table import PLAN_TABLE_PATH, PlanTable

_BETWEEN = r"(?:\s|/\*.*?\*/|#[^\n]*\n|//[^\n]*\n)*"
_READS = re.compile(
    rf"\b(?P<name>(?:file|templatefile|pathexpand|abspath)[a-z0-9]*){_BETWEEN}\(", re.DOTALL
)
_BELOW = r"(?:[A-Za-z0-9_*?{},-]|\.(?!\.)|/)+"
_OWN_FILE = re.compile(rf'\s*(?:"\$\{{path\.module\}}/{_BELOW}"|path\.module\s*,\s*"{_BELOW}")')
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_LOCAL = re.compile(r"\.\.?/")
_STATE_OF_ELSEWHERE = "terraform_remote_state"

_Refused = tuple[str, str, str]
"""A field, what was expected there, and what was found."""


def require_plain_configuration(files: Mapping[str, bytes], table: PlanTable) -> None:
    """Raise InvalidDocument where a configuration says what main does not let it say.

    ``files`` are all inputs of a root, by path. Of the parts that are read, whatever is not known
    to be harmless is refused; so is a file that can't be read.
    """
    problems = tuple(problem for path in sorted(files) for problem in _in_file(path, files, table))
    if problems:
        raise InvalidDocument(problems)


def _in_file(path: str, files: Mapping[str, bytes], table: PlanTable) -> Iterator[Problem]:
    if path.endswith(".tf.json"):
        yield Problem(path, 0, "", "configuration in HCL: *.tf", "JSON")
    if not path.endswith(".tf"):
        return
    try:
        said = parsed(files[path])
    except ValueError as error:
        yield Problem(path, 0, "", "HCL that can be read", str(error).splitlines()[0][:200])
        return
    for field, expected, actual in _refused(said, table):
        yield Problem(path, 0, field, f"{expected} ({PLAN_TABLE_PATH})", actual)


def _refused(said: dict[str, Any], table: PlanTable) -> Iterator[_Refused]:
    for name, body in labelled(said, "provider"):
        yield from _arguments(f"provider.{name}", body, table.arguments_of_provider(name))
    for settings in said.get("terraform", ()):
        yield from _of_settings(settings, table)
    for kind in _kinds_of_data(said):
        yield from _of_data(kind, table)
    for kind, _ in labelled(said, "ephemeral"):
        yield (
            f"ephemeral.{kind}",
            "nothing that acts while it is planned, and shows in no plan",
            kind,
        )
    for name, body in labelled(said, "module"):
        source = unquoted(body.get("source"))
        if not (_LOCAL.match(source) or any(map(source.startswith, table.modules))):
            yield f"module.{name}.source", "a module of this repository, or one of modules", source
    for text in _texts(said):
        yield from _reading(text)


def _of_settings(settings: dict[str, Any], table: PlanTable) -> Iterator[_Refused]:
    for name, body in labelled(settings, "backend"):
        yield from _arguments(f"backend.{name}", body, table.arguments_of_backend(name))
    if "cloud" in settings:
        yield "terraform.cloud", "a backend", "a workspace of elsewhere"


def _kinds_of_data(said: dict[str, Any]) -> Iterator[str]:
    """Yield the types of all data that is read, in checks as well."""
    for place in (said, *(body for _, body in labelled(said, "check"))):
        yield from (kind for kind, _ in labelled(place, "data"))


def _of_data(kind: str, table: PlanTable) -> Iterator[_Refused]:
    if kind == _STATE_OF_ELSEWHERE or not _PLAIN.fullmatch(kind):
        yield f"data.{kind}", "data of a provider, no state of another root", kind
    if kind in table.keys:
        yield f"data.{kind}", "no key or password that lives long", kind


def _reading(text: str) -> Iterator[_Refused]:
    for match in _READS.finditer(text):
        if not _OWN_FILE.match(text, match.end()):
            actual = text[match.start() : match.end() + 40]
            yield match["name"], 'a file below "${path.module}/"', actual


def _arguments(
    field: str, body: dict[str, Any], allowed: tuple[str, ...] | None
) -> Iterator[_Refused]:
    if allowed is None:
        yield field, "one that the table names", "another one"
        return
    for name in body:
        if name not in allowed:
            yield f"{field}.{name}", f"arguments among {', '.join(allowed)}", name


def _texts(value: object) -> Iterator[str]:
    """Yield every text and expression in a body, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
