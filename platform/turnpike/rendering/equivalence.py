"""Whether one manifest means the same on every target, but for what was declared to differ.

Each target is rendered twice: as it is, and with its texts (name, storage, registry, ...) replaced
by marks that are the same everywhere. Where a text may stand, by ``environments/clouds.yaml``, and
nothing else of it differs, the marked form is compared; everywhere else the real one. So neither a
text in an undeclared place nor a path of the code that one target's text opens goes unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import KubernetesObject
from turnpike.rendering.paths import Path, Place, keyed, shown
from turnpike.rendering.render import objects_of
from turnpike.topology.clouds import TargetText
from turnpike.topology.environment import Target

NOTHING = "nothing"
"""What a target has where another one has something."""

_TEXTS: tuple[TargetText, ...] = ("name", "region", "cluster", "residency", "storage", "images")
_LONGEST = 200
# No text of a manifest is this one: it would not survive YAML.
_ABSENT = "\0absent"


@dataclass(frozen=True, slots=True)
class Difference:
    """A path at which targets differ undeclared, with what each of them has there as JSON."""

    path: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Rendering:
    """The objects of one target by kind: as they are, and with declared texts replaced."""

    target: str
    real: JsonValue
    neutral: JsonValue


def undeclared_differences(
    deployments: Sequence[Deployment], everything: Place
) -> tuple[Difference, ...]:
    """Return where the renderings of one release on several targets differ, undeclared.

    All are held against the first; ``everything`` is the place of all objects. Raises
    InvalidDocument where one cannot be rendered.
    """
    renderings = [_rendered(deployment, everything) for deployment in deployments]
    paths: dict[Path, None] = {}
    for other in renderings[1:]:
        found = _differing(renderings[0].neutral, other.neutral, (), everything)
        paths |= dict.fromkeys(found)
    return tuple(
        Difference(
            shown(path), {one.target: _at(one.real, one.neutral, path) for one in renderings}
        )
        for path in sorted(paths)
    )


def _rendered(deployment: Deployment, everything: Place) -> _Rendering:
    real = _by_kind(objects_of(deployment))
    marks = {text: f"any-{text}-{deployment.artifact_hex[:16]}" for text in _TEXTS}
    marked = _by_kind(objects_of(_with_marks(deployment, marks)))
    neutral = _Neutral(deployment.target, marks).of(real, marked, everything)
    return _Rendering(deployment.target.name, real, neutral)


def _by_kind(objects: Sequence[KubernetesObject]) -> JsonValue:
    """Return the objects by kind; by kind and name where there are more of one kind."""
    kinds = [str(one["kind"]) for one in objects]
    return {
        kind if kinds.count(kind) == 1 else f"{kind} {_name(one)}": one
        for kind, one in zip(kinds, objects, strict=True)
    }


def _name(item: KubernetesObject) -> str:
    metadata = item["metadata"]
    return str(metadata["name"]) if isinstance(metadata, dict) else ""


def _with_marks(deployment: Deployment, marks: Mapping[TargetText, str]) -> Deployment:
    scheme = deployment.target.storage.partition("://")[0]
    texts: dict[str, str] = {text: marks[text] for text in _TEXTS}
    texts["storage"] = f"{scheme}://{marks['storage']}"
    target = deployment.target.model_copy(update=texts)
    environment = deployment.environment.model_copy(update={"targets": (target,)})
    return replace(deployment, environment=environment, target=target)


@dataclass(frozen=True, slots=True)
class _Neutral:
    """Takes marks over into a real rendering, wherever they say no less than the real text."""

    target: Target
    marks: Mapping[TargetText, str]

    def of(self, real: JsonValue, marked: JsonValue, place: Place) -> JsonValue:
        """Return the real value with each declared text of the target as its mark."""
        if place.is_silent:
            return real
        if isinstance(real, str) and isinstance(marked, str):
            return self._text(real, marked, place)
        if isinstance(real, dict) and isinstance(marked, dict) and real.keys() == marked.keys():
            neutral = dict(real)
            for key, one in real.items():
                if one != (its := marked[key]):
                    neutral[key] = self.of(one, its, place.below(key))
            return neutral
        if isinstance(real, list) and isinstance(marked, list) and len(real) == len(marked):
            return [
                one if one == its else self.of(one, its, place.below(step))
                for one, its, step in zip(real, marked, _steps(real), strict=True)
            ]
        return real

    def _text(self, real: str, marked: str, place: Place) -> str:
        """Return the marked text where the target's own texts give the real one again."""
        again = neutral = marked
        for text in place.texts:
            mark = self.marks[text]
            if mark not in again and mark not in neutral:
                continue
            value = str(getattr(self.target, text))
            if text == "storage":
                scheme, _, value = value.partition("://")
                neutral = neutral.replace(f"{scheme}://{mark}", mark)
            again = again.replace(mark, value)
        return neutral if again == real else real


def _steps(items: list[JsonValue]) -> list[str]:
    named = keyed(items)
    return list(named) if named else [str(number) for number in range(len(items))]


def _differing(one: JsonValue, other: JsonValue, path: Path, place: Place) -> Iterator[Path]:
    """Yield the paths at which two values differ, undeclared."""
    if place.is_free:
        return
    if isinstance(one, dict) and isinstance(other, dict):
        yield from _in_mappings(one, other, path, place)
    elif isinstance(one, list) and isinstance(other, list):
        yield from _in_lists(one, other, path, place)
    elif one != other:
        yield path


def _in_mappings(
    one: Mapping[str, JsonValue], other: Mapping[str, JsonValue], path: Path, place: Place
) -> Iterator[Path]:
    for key in (*one, *(key for key in other if key not in one)):
        mine, its = one.get(key, _ABSENT), other.get(key, _ABSENT)
        if mine == its:
            continue
        yield from _differing(mine, its, (*path, key), place.below(key))


def _in_lists(
    one: list[JsonValue], other: list[JsonValue], path: Path, place: Place
) -> Iterator[Path]:
    mine, its = keyed(one), keyed(other)
    if mine is None or its is None:
        mine, its = ({str(n): item for n, item in enumerate(items)} for items in (one, other))
    elif [name for name in mine if name in its] != [name for name in its if name in mine]:
        yield path  # the same steps in another order
    yield from _in_mappings(mine, its, path, place)


def _at(real: JsonValue, neutral: JsonValue, path: Path) -> str:
    """Return what really stands at a path of the neutral form, as JSON."""
    for step in path:
        found = _below(real, neutral, step)
        if found is None:
            return NOTHING
        real, neutral = found
    text = json.dumps(real, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _below(real: JsonValue, neutral: JsonValue, step: str) -> tuple[JsonValue, JsonValue] | None:
    if isinstance(real, dict) and isinstance(neutral, dict):
        return (real[step], neutral[step]) if step in neutral else None
    if isinstance(real, list) and isinstance(neutral, list):
        steps = _steps(neutral)
        number = steps.index(step) if step in steps else None
        return None if number is None else (real[number], neutral[number])
    return None
