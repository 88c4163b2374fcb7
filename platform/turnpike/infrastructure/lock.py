"""The provider lock of a root: what ``terraform init -lockfile=readonly`` will install and run.

Source: https://developer.hashicorp.com/terraform/language/files/dependency-lock
"""

from __future__ import annotations

import re

from turnpike.errors import InputError
from turnpike.topology.plan_table import PLAN_TABLE_PATH, PlanTable

_PROVIDER = re.compile(r'^\s*provider\s+"([^"]*)"\s*\{(.*?)^\}', re.MULTILINE | re.DOTALL)
_HASH = re.compile(r'"(?:h1|zh):[^"]+"')


def require_known_providers(text: str, path: str, table: PlanTable) -> None:
    """Raise InputError unless each locked provider is one of the table's, with hashes.

    A provider is a program of whoever made it, and it runs with the planner's credentials: this is
    asked before anything of a change is installed.
    """
    blocks = _PROVIDER.findall(text)
    if len(blocks) != len(re.findall(r"\bprovider\b", _without_comments(text))) or not blocks:
        raise _refused(path, "one block for each provider, and nothing else", "another form")
    for source, body in blocks:
        if table.provider(source) is None:
            known = ", ".join(one.source for one in table.providers)
            raise _refused(path, f"providers among {known}", source)
        if not _HASH.search(body):
            raise _refused(path, f"hashes of {source}", "none")


def _without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


def _refused(path: str, expected: str, found: str) -> InputError:
    return InputError(
        f"{path}: expected {expected}, found {found}",
        code="terraform.provider-refused",
        solution=f"Use providers that {PLAN_TABLE_PATH} on main names, locked by `terraform init`.",
    )
