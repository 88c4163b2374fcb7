"""Objects to YAML that YAML 1.1 (Kubernetes, Argo CD) and YAML 1.2 read alike, always the same.

Plain style only for text that no reading could take for another type; all other text in double
quotes, and nothing but ASCII in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import yaml
from pydantic import JsonValue

# Starts with a letter or a slash, so it is no number, date or time in any version of YAML.
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*( [A-Za-z0-9_./(-][A-Za-z0-9_./()-]*)*\Z")
_WORDS = frozenset(("y", "yes", "n", "no", "on", "off", "true", "false", "null", "nan", "inf"))
_UNFOLDED = 2**20


class _Dumper(yaml.CSafeDumper):
    """PyYAML's C dumper without anchors, and with the choice of quotes described above."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> yaml.Node:
    is_plain = _PLAIN.match(text) is not None and text.lower() not in _WORDS
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="" if is_plain else '"')


_Dumper.add_representer(str, _represent_text)


def dump(objects: Iterable[Mapping[str, JsonValue]], comment: str) -> bytes:
    """Return the objects as YAML documents below one line of comment, keys in their own order."""
    documents = [dict(item) for item in objects]
    text: str = yaml.dump_all(
        documents,
        Dumper=_Dumper,
        allow_unicode=False,
        default_flow_style=False,
        explicit_start=len(documents) > 1,
        sort_keys=False,
        width=_UNFOLDED,
    )
    return f"# {comment}\n{text}".encode("ascii")
