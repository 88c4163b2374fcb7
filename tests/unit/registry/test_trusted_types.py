"""The platform and the program in the container trust the same types."""

from __future__ import annotations

import ast
from pathlib import Path

from turnpike.registry.trusted_types import TRUSTED_TYPES


def _in_the_container() -> frozenset[str]:
    here = Path(__file__).resolve()
    root = next(folder for folder in here.parents if (folder / "tools/runner").is_dir())
    tree = ast.parse((root / "tools/runner/trusted_types.py").read_text(encoding="utf-8"))
    (names,) = (node for node in ast.walk(tree) if isinstance(node, ast.Tuple))
    return frozenset(ast.literal_eval(names))


def test_the_list_here_is_the_list_in_the_container() -> None:
    assert _in_the_container() == TRUSTED_TYPES


def test_no_trusted_type_can_call_or_import_what_it_is_given() -> None:
    roots = {name.partition(".")[0] for name in TRUSTED_TYPES}
    assert roots <= {"numpy", "sklearn"}
