"""Finds credentials in what a change brings, by the forms that their issuers gave them.

A found one never becomes a fact: only its place and its kind do, and the document that holds it is
not parsed, because facts stay on the record for ever. The forms are those that issuers document;
the last one takes a long random value under a telling name.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from turnpike.judge.facts import Leak

_FORMS = {
    "a private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY",
    "an AWS access key": r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})",
    "a GitLab token": r"\bgl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{20,}",
    "a Google API key": r"\bAIza[A-Za-z0-9_-]{35}",
    "a Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
    "an Azure account key": r"\bAccountKey=[A-Za-z0-9+/]{80,}={0,2}",
    "a provider's API key": r"\bsk-(?:ant-|proj-|live-)?[A-Za-z0-9_-]{32,}",
    "a Stripe key": r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}",
    "a Hugging Face token": r"\bhf_[A-Za-z0-9]{30,}",
    "a package index's token": r"\b(?:pypi-AgEI[A-Za-z0-9_-]{50,}|npm_[A-Za-z0-9]{36})",
    "a JSON web token": r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
    "a password in an address": r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,80}:[^\s/:@]{3,80}@",
}
_HINTS = (
    "PRIVATE KEY", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-",
    "gldt-", "glrt-", "glptt-", "glcbt-", "AIza", "xox", "AccountKey=", "sk-", "k_live_", "k_test_",
    "hf_", "pypi-", "npm_", "eyJ", "://",
)  # fmt: skip
"""What each form holds: a line without any of them is not looked at more closely."""
_NAMES = ("passw", "secret", "token", "key", "creden")
"""The same of telling names, in lower case."""
_FOLLOWED = {"sk-": re.compile(r"sk-(?<!\wsk-)[A-Za-z0-9_-]{32}")}
"""What must come after a hint that stands in many a file, as in "risk-", or there it is none.

The pattern begins with the hint's own letters, so that the search leaps from one to the next.
"""
_ANY = re.compile("|".join(f"({form})" for form in _FORMS.values()))
_KINDS = tuple(_FORMS)
_NAMED = re.compile(
    r"(?i)\b[a-z0-9_-]{0,40}(?:password|passwd|secret|token|api[_-]?key|access[_-]?key|credential)"
    r"[a-z0-9_-]{0,20}[\"']?\s{0,3}[:=]\s{0,3}[\"']?([A-Za-z0-9+/=_.~-]{16,200})"
)
_LEAST_BITS = 3.3
"""Bits of entropy for each character above which a value looks random; English is below 3.3."""


def leaks_in(path: str, content: bytes) -> Iterator[Leak]:
    """Yield the place and the kind of each credential in a text file, in the order of its lines."""
    text = content.decode("utf-8", "replace")
    lines, folded = text.splitlines(), text.casefold()
    found = _lines_with(_HINTS, text, lines) | _lines_with(_NAMES, folded, folded.splitlines())
    for number in sorted(found):
        if kind := _form_in(lines[number]) or _named_in(lines[number]):
            yield Leak(path=path, line=number + 1, secret=kind)


def _lines_with(marks: Iterable[str], text: str, lines: Sequence[str]) -> set[int]:
    """Return the places of the lines that hold a mark; most files hold none of most marks."""
    held = [mark for mark in marks if mark in text and _is_hint(mark, text)]
    return {number for mark in held for number, line in enumerate(lines) if mark in line}


def _is_hint(mark: str, text: str) -> bool:
    return mark not in _FOLLOWED or _FOLLOWED[mark].search(text) is not None


def _form_in(line: str) -> str:
    found = _ANY.search(line)
    return _KINDS[(found.lastindex or 1) - 1] if found else ""


def _named_in(line: str) -> str:
    named = _NAMED.search(line)
    return "a random value under a telling name" if named and _looks_random(named[1]) else ""


def _looks_random(value: str) -> bool:
    mixed = any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return mixed and _bits_of(value) > _LEAST_BITS


def _bits_of(value: str) -> float:
    """Return the entropy of a character of the value, in bits (Shannon)."""
    shares = [count / len(value) for count in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares)
