"""``terraform show -json`` of a plan, reduced to what is judged; everything else is left behind.

Source: https://developer.hashicorp.com/terraform/internals/json-format, format version 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from posixpath import join, normpath

from pydantic import JsonValue, ValidationError

from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError
from turnpike.evidence.plan import (
    TERRAFORM_PLAN_RESULT,
    Attribute,
    PlannedModule,
    PlannedProvider,
    TerraformPlan,
)
from turnpike.infrastructure.arguments import UNREAD, Argument, Configuration
from turnpike.infrastructure.attributes import UNKNOWN, attribute_at
from turnpike.infrastructure.nodes import Node
from turnpike.topology.plan_table import AllowedProvider, PlanTable

_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
_REFERENCE = re.compile(r"(?:data\.)?[a-z][a-z0-9_]*\.[A-Za-z_][\w-]*")
_NO_RESOURCES = ("var", "local", "each", "count", "module", "path", "self", "terraform")

_TAKEN_AWAY: tuple[JsonValue, ...] = (["delete"], ["forget"])

Json = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Planned:
    """Of what a plan is one: the root, its lock, the file of the plan, and when it was made.

    ``configuration`` is what was planned, as it is written.
    """

    root: str
    lock: Digest | None
    plan: Digest
    finished_at: datetime
    configuration: Configuration


@dataclass(frozen=True, slots=True)
class Written:
    """What was planned, as it is written, and each module's folder, by its address and a dot."""

    configuration: Configuration
    folders: Mapping[str, str]

    def argument(self, at: str, path: str) -> Argument:
        """Return what is written of a resource; of a module of elsewhere nobody has read it."""
        module, resource = _split(at)
        folder = self.folders.get(module)
        found = self.configuration.argument(folder, resource, path) if folder else UNREAD
        return replace(found, sources=tuple(f"{module}{one}" for one in found.sources))


def reduced(said: Json, about: Planned, table: PlanTable) -> TerraformPlan:
    """Return what is judged of a plan; ``said`` is Terraform's JSON.

    Raises InputError for a plan that is not whole, or of a form that this does not read, and for a
    resource with a provisioner: what that would do, no plan shows.
    """
    _require_whole(said)
    configuration = _mapping(said.get("configuration"))
    _require_no_provisioners(_mapping(configuration.get("root_module")), "")
    top = _mapping(configuration.get("root_module"))
    names = dict(_references(top, ""))
    written = Written(about.configuration, dict(folders_of(top, "", about.root)))
    value: dict[str, JsonValue] = {
        "root": about.root,
        "terraform": said.get("terraform_version"),
        "lock": about.lock,
        "plan": about.plan,
        "standing": _standing(_mapping(_under(said, "prior_state", "values", "root_module"))),
        "providers": [one.model_dump(mode="json") for one in _providers(said, table)],
        "modules": [
            one.model_dump(mode="json")
            for one in _modules(_mapping(configuration.get("root_module")), "")
        ],
        "resources": [
            _resource(_mapping(one), names, written, table)
            for one in _list(said, "resource_changes")
        ],
        "finished_at": about.finished_at.isoformat(),
    }
    try:
        return TERRAFORM_PLAN_RESULT.validate_json(canonical(value))
    except ValidationError as error:
        raise _unreadable(about.root, str(error.errors(include_url=False)[0])) from error


def _require_whole(said: Json) -> None:
    form = str(said.get("format_version", "none"))
    if not form.startswith("1.") or said.get("errored") or said.get("complete") is not True:
        raise _unreadable("terraform show", f"format {form}, complete {said.get('complete')!r}")
    if said.get("deferred_changes"):
        raise _unreadable("terraform show", "changes that are put off to a later plan")


def _require_no_provisioners(module: Json, prefix: str) -> None:
    """A provisioner is a program of the change's own that would run while applying."""
    for one in map(_mapping, _list(module, "resources")):
        if one.get("provisioners"):
            raise InputError(
                f"{prefix}{one.get('address')}: expected no provisioner, found one",
                code="terraform.provisioner",
                solution="Let a provider do it: what a provisioner does shows in no plan.",
            )
    for name, call in _mapping(module.get("module_calls")).items():
        inner = _mapping(_mapping(call).get("module"))
        _require_no_provisioners(inner, f"{prefix}module.{name}.")


def _unreadable(where: str, found: str) -> InputError:
    return InputError(
        f"{where}: expected a whole plan in Terraform's JSON of format 1, found {found[:500]}",
        code="terraform.plan-unreadable",
        solution="Plan again with the Terraform that policies/data/plans.yaml on main names.",
    )


def _resource(
    one: Json, names: Mapping[str, list[str]], written: Written, table: PlanTable
) -> JsonValue:
    change = _mapping(one.get("change"))
    after = Node(change.get("after"), change.get("after_unknown"), change.get("after_sensitive"))
    kind, at = str(one.get("type")), _at(one)
    stands = change.get("after") is not None
    if stands is (change.get("actions") in _TAKEN_AWAY):
        raise _unreadable(
            str(one.get("address")), f"{change.get('actions')} without what it leaves"
        )
    attributes = dict(_attributes(one, after, written, table)) if stands else {}
    return {
        "address": one.get("address"),
        "at": at,
        "type": kind,
        "mode": one.get("mode"),
        "provider": one.get("provider_name"),
        "actions": change.get("actions"),
        "stands": stands,
        "stateful": table.keeps_state(kind),
        "attributes": {path: found.model_dump(mode="json") for path, found in attributes.items()},
        "refers_to": list[JsonValue](names.get(at, [])),
    }


def _attributes(
    one: Json, after: Node, written: Written, table: PlanTable
) -> Iterator[tuple[str, Attribute]]:
    at, provider = _at(one), table.provider(str(one.get("provider_name")))
    for path in table.attributes_of(str(one.get("type"))):
        yield path, _told(attribute_at(after, path), written.argument(at, path))
    for path in provider.locations if provider else ():
        found = _told(attribute_at(after, path), written.argument(at, path))
        if found.values or not (found.known or _lies_as_configured(found, provider)):
            yield path, found


def _lies_as_configured(found: Attribute, provider: AllowedProvider | None) -> bool:
    """Tell whether a place that nobody gives is that of the provider, which is judged itself."""
    return not found.given and bool(provider and provider.regions)


def _told(found: Attribute, argument: Argument) -> Attribute:
    return found.model_copy(
        update={
            "given": argument.given,
            "begins": () if found.known else argument.begins,
            "sources": argument.sources,
        }
    )


def _at(one: Json) -> str:
    """Return the address in the configuration, in which no instance has a key."""
    module = _KEY.sub("", str(one.get("module_address") or ""))
    data = "data." if one.get("mode") == "data" else ""
    return f"{module}{'.' if module else ''}{data}{one.get('type')}.{one.get('name')}"


def _split(at: str) -> tuple[str, str]:
    """Return the module's address with its dot, and the resource's own in it."""
    own = 3 if ".data." in f".{at}" else 2
    names = at.split(".")
    return "".join(f"{name}." for name in names[:-own]), ".".join(names[-own:])


def folders_of(module: Json, prefix: str, folder: str) -> Iterator[tuple[str, str]]:
    """Yield each module of this repository by its address and a dot, with its folder."""
    yield prefix, folder
    for name, call in _mapping(module.get("module_calls")).items():
        source = str(_mapping(call).get("source"))
        if source.startswith(("./", "../")):
            inner = _mapping(_mapping(call).get("module"))
            yield from folders_of(inner, f"{prefix}module.{name}.", normpath(join(folder, source)))


def _references(module: Json, prefix: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each resource of the configuration with those that its arguments name."""
    for one in map(_mapping, _list(module, "resources")):
        found = {
            f"{prefix}{match[0]}"
            for text in _named_in(one.get("expressions"))
            if (match := _REFERENCE.match(text)) and text.partition(".")[0] not in _NO_RESOURCES
        }
        yield f"{prefix}{one.get('address')}", sorted(found)
    for name, call in _mapping(module.get("module_calls")).items():
        yield from _references(
            _mapping(_under(_mapping(call), "module")), f"{prefix}module.{name}."
        )


def _named_in(expressions: JsonValue) -> Iterator[str]:
    if isinstance(expressions, list):
        for one in expressions:
            yield from _named_in(one)
    elif isinstance(expressions, dict):
        for name, one in expressions.items():
            if name == "references" and isinstance(one, list):
                yield from (text for text in one if isinstance(text, str))
            else:
                yield from _named_in(one)


def _modules(module: Json, prefix: str) -> Iterator[PlannedModule]:
    for name, call in sorted(_mapping(module.get("module_calls")).items()):
        at, said = f"{prefix}module.{name}", _mapping(call)
        version = said.get("version_constraint")
        yield PlannedModule(
            at=at, source=str(said.get("source")), version=str(version) if version else None
        )
        yield from _modules(_mapping(said.get("module")), f"{at}.")


def _providers(said: Json, table: PlanTable) -> Iterator[PlannedProvider]:
    """Yield each configured provider with the regions that its configuration names."""
    found = _mapping(_under(said, "configuration", "provider_config"))
    for _, one in sorted(found.items()):
        config = _mapping(one)
        source = str(config.get("full_name"))
        allowed = table.provider(source)
        regions = [_configured(config, path, said) for path in (allowed.regions if allowed else ())]
        yield PlannedProvider(
            source=source,
            judged=allowed is not None,
            regions=Attribute(
                known=all(region.known for region in regions),
                values=tuple(sorted({text for region in regions for text in region.values})),
            ),
        )


def _configured(config: Json, name: str, said: Json) -> Attribute:
    """Return an argument of a provider: a constant, or a variable of the root; else unknown."""
    expression = _mapping(_under(config, "expressions", name))
    if "constant_value" in expression:
        return attribute_at(Node(expression["constant_value"]), "@leaves")
    named = expression.get("references")
    if named and isinstance(named, list) and len(named) == 1 and not config.get("module_address"):
        variable = str(named[0]).removeprefix("var.")
        found = _under(said, "variables", variable, "value")
        return attribute_at(Node(found), "@leaves") if isinstance(found, str) else UNKNOWN
    return UNKNOWN


def _standing(module: Json) -> int:
    """Count the resources that the state had; data is no resource."""
    own = sum(_mapping(one).get("mode") == "managed" for one in _list(module, "resources"))
    return own + sum(_standing(_mapping(one)) for one in _list(module, "child_modules"))


def _under(value: Json, *names: str) -> JsonValue:
    found: JsonValue = dict(value)
    for name in names:
        found = _mapping(found).get(name)
    return found


def _mapping(value: JsonValue) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Json, name: str) -> list[JsonValue]:
    found = value.get(name)
    return found if isinstance(found, list) else []
