"""Whole answers of a host from few words, by the models of the host's own description."""

from __future__ import annotations

import types
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

_PLAIN: dict[Any, Any] = {
    str: "x",
    int: 1,
    bool: False,
    float: 1.0,
    datetime: datetime(2026, 1, 1, tzinfo=UTC).isoformat(),
}


def sample(model: type[BaseModel], **said: Any) -> dict[str, Any]:
    """Return an answer with every field that the description demands; a word it lacks is refused.

    Values given as dictionaries go into the sample of the field's own model.
    """
    unknown = said.keys() - model.model_fields.keys()
    if unknown:
        raise ValueError(f"{model.__name__} has no {sorted(unknown)}")
    return {
        info.alias or name: _field(info, said[name]) if name in said else _made(info.annotation)
        for name, info in model.model_fields.items()
        if name in said or info.is_required()
    }


def _field(info: FieldInfo, said: Any) -> Any:
    model = next(_models(info.annotation), None)
    if isinstance(said, dict) and model is not None:
        return sample(model, **said)
    return said


def _models(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in {Union, types.UnionType}:
        for one in get_args(annotation):
            yield from _models(one)


def _made(annotation: Any) -> Any:
    """Return some value of a type: null or nothing where it may be, else the first choice."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, choices = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return choices[0]
    if origin in {Union, types.UnionType}:
        return None if type(None) in choices else _made(choices[0])
    if origin is list:
        return []
    if origin is dict or annotation is Any:
        return {}
    return sample(next(_models(annotation)))
