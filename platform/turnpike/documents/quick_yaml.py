"""The quick way to read YAML: ``ryaml``, for text in which nothing can stand that it reads amiss.

``ryaml`` takes 0.1 ms a file where the events of libyaml take 1 ms, but it accepts anchors, tags
and words that YAML 1.1 reads differently, and tells no lines. So text goes to it only where no
character, mark or word that the strict profile refuses can stand, as far as a search can tell: a
search that is too careful only costs time, and a property test holds the two ways equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from pydantic import JsonValue

_NUMBER = r"[-+]?(?:0[xob]?[0-9a-fA-F_]+|[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)"
_PLAIN_NUMBER = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?"
# Patterns begin with the characters that they look for, and look behind for what stands before:
# so the search leaps from one to the next. A comment, or text within a literal: without a quote on
# the rest of the line no value follows.
_COMMENT = re.compile(r"#(?<=\s#)[^\n\"']*(?=\n)")
# All others libyaml takes for a line break or refuses, or readers differ about them.
_EVEN = (("\n", "\n"), (" ", "~"), ("\u00a1", "\u2027"), ("\u2030", "\ud7ff"))
# A document's bounds and a deep indent; a key that is a list, an object or in quotes.
_BOUNDS = ("\n---", "\n...", "\n%", "\n" + " " * 24)
_ODD_KEY = re.compile(r"[\]}\"'](?:(?<=[\]}])\s*:|(?<=[\"']):\S)")
# Where a value or a key begins, which these cannot: a mark, an empty key, a list in a list in a
# list, a word or number of two readings (but for those that both versions read alike), a date, a
# key that is no text.
_BEGINNING = re.compile(
    r"(?:[\[{,]\s*|[-:?]\s+|\n\s*)(?=[-+.:0-9~=<_&*!?%@`yYnNoOtTfF])"
    r"(?:[&*!?%@`=<~]|:(?=\s|\Z)|-\s+-\s+-\s"
    rf"|(?!(?:{_PLAIN_NUMBER}|true|false|null)(?=[\s,\]}}]|\Z))"
    r"(?:(?i:y|yes|n|no|on|off|true|false|null)|[-+]?\.(?i:inf|nan)"
    r"|[-+]?[0-9][0-9_,]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    rf"|{_NUMBER}(?:[eE][-+]?[0-9]+)?|[-+]?\.?_[0-9_.]*)(?=[\s,\[\]{{}}:#]|\Z)"
    r"|\d{4}-\d\d?-\d\d?|(?:true|false|null|[-0-9.]+)\s*:)"
)
# A key without a value, which may be a number or a word, in an object or (for all we know) a list.
_BARE_KEY = re.compile(rf"(?:\{{(?!\s*\}})|,)\s*(?:{_PLAIN_NUMBER}|true|false|null)?\s*[,}}]")
# A comment; or a value in quotes on one line, where nothing but a value can begin and end.
_QUOTED = re.compile(
    r"(?:^|[ \t])#[^\n]*"
    r"""|(?P<before>[\[{,][ ]*|:[ ]+|^[ ]*-[ ]+)(?:'(?:[^'\n]|'')*'|"(?:[^"\\\n]|\\.)*")"""
    r"(?=[ ]*(?:[,\]}]|$)|[ ]+#|:[ ])",
    re.MULTILINE,
)
_BRACKETS = re.compile(r"[\[\]{}]")
_DEEPEST = 12
_SEARCHES = (_ODD_KEY, _BEGINNING, _BARE_KEY)


def quick(text: str) -> JsonValue:
    """Return the value of a document that is certain to keep to the strict profile, else None."""
    if _is_odd(text) or _is_deep(text):
        return None
    if not _is_plain(_COMMENT.sub("", f"\n{text}\n")):
        bare = _without_quoted(f"\n{text}\n")
        if bare is None or not _is_plain(bare):
            return None
    from ryaml._ryaml import InvalidYamlError, loads  # its front door exports no types

    try:
        value: JsonValue = loads(text)
    except InvalidYamlError:  # the events of libyaml tell where and why
        return None
    return value


def _is_plain(bare: str) -> bool:
    return not (any(one in bare for one in _BOUNDS) or any(one.search(bare) for one in _SEARCHES))


def _without_quoted(text: str) -> str | None:
    """Return a text with a word for each value in quotes; None where it is unsure what is in them.

    It is sure where every quote is one of such a value's, and all brackets that a line opens are
    closed on it: then no line begins within quotes or brackets.
    """
    bare = _QUOTED.sub(lambda found: f"{found['before']}q" if found["before"] else "", text)
    if "'" in bare or '"' in bare:
        return None
    return bare if all(map(_is_even, bare.splitlines())) else None


def _is_even(line: str) -> bool:
    """Tell whether brackets open and close on a line, none of them before it was opened."""
    depths = (0, *_depths(line))
    return min(depths) == depths[-1] == 0


def _is_odd(text: str) -> bool:
    if text.isascii():  # most files: the same, answered in a tenth of the time
        return not text.replace("\n", "").isprintable()
    # A regular expression of the same takes as long to compile as a hundred files to read.
    return any(all(not a <= one <= z for a, z in _EVEN) for one in set(text))


def _is_deep(text: str) -> bool:
    """Tell whether flow collections nest deeply; brackets in text only make it more careful."""
    return any(depth > _DEEPEST for depth in _depths(text))


def _depths(text: str) -> Iterator[int]:
    """Yield how many brackets are open after each bracket."""
    return accumulate(1 if bracket in "[{" else -1 for bracket in _BRACKETS.findall(text))
