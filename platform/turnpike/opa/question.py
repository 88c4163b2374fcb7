"""A batch as OPA is asked about it: in parts, each of which says once what its inputs share."""

from __future__ import annotations

import os
from collections.abc import Callable

from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.opa.bundle import QUERY

# The gate's answer to whole inputs, put together from what ``batch_json`` says once.
QUESTION = (
    QUERY + ' with input as {"batch": [whole | some n, own in input.own;'
    " change := input.changes[input.of[n]];"
    " whole := {name: value | some part in [own, change]; some name, value in part}]}"
)
PART = 600
"""Inputs a part at most: OPA's memory for one stays small, and every core gets some."""

Part = tuple[PolicyInput, ...]


def answered_in_parts(batch: Part, ask: Callable[[Part], Answer], size: int = PART) -> Answer:
    """Return what is answered to all parts of a batch, in its order; they are asked side by side.

    Raises what ``ask`` raises of any of them.
    """
    parts = _parts(batch, size)
    if len(parts) == 1:
        return ask(parts[0])
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        answers = pool.map(ask, parts)
        return Answer(results=tuple(one for answer in answers for one in answer.results))


def _parts(batch: Part, most: int) -> list[Part]:
    """Return parts of about one size: asking about a small rest costs as much as about a part."""
    runs = -(-len(batch) // most)
    size = -(-len(batch) // max(runs, 1)) or 1
    return [batch[n : n + size] for n in range(0, len(batch), size)]
