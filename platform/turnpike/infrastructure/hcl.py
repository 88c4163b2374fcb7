"""The blocks and arguments of a file of HCL, as the parser leaves them: expressions as texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=256)
def parsed(content: bytes) -> dict[str, Any]:
    """Return a file's blocks and arguments, to be read alone; raises ValueError where it is no HCL.

    What is checked first is then read for what it gives each argument, and parsing takes long.
    """
    import hcl2
    from hcl2.utils import SerializationOptions
    from lark.exceptions import LarkError

    bare = SerializationOptions(with_comments=False, explicit_blocks=False)
    try:
        text = content.decode("utf-8") + "\n"
        said: dict[str, Any] = hcl2.loads(text, serialization_options=bare)
    except (LarkError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
    return said


def labelled(said: Mapping[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the first label and the body of each block of a kind; of data the body goes deeper."""
    for block in said.get(kind, ()):
        for label, body in block.items():
            if isinstance(body, dict):  # without a label Terraform refuses it
                yield unquoted(label), body


def unquoted(value: object) -> str:
    """Return a label or a literal as it is meant: the parser leaves the quotes on."""
    text = str(value)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
