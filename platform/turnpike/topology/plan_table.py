"""What is judged of Terraform plans: ``policies/data/plans.yaml``.

The planner keeps of a plan what this table of main names; the rules hold it against the same table.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import Name, ShortText

PLAN_TABLE_PATH = "policies/data/plans.yaml"

AttributePath = Annotated[
    str,
    StringConstraints(
        pattern=r"^(@settings|@roles|(@(allow|symmetric)\.)?[A-Za-z_]\w*"
        r"(\.([A-Za-z_]\w*|@each|@json|@allow|@leaves|@subjects|@settings|@count|@required"
        r"|@pairs|@deleting|@waits|@unowned|@assuming))*)$",
        max_length=200,
    ),
]
"""Names, and steps: each item of a list, the document in a text, statements and rules that let
something in, all texts below, the subjects of tokens that a statement trusts, settings, how many
items there are, ``unset`` for what is not said in a block that is there, what a statement lets do
to what, rules that delete and for how many days they wait, statements that speak of others than an
account's root or let somebody assume a role, an assignment's roles with their scope, and a key that
is symmetric."""

OptionalPath = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Za-z_]\w*(\.([A-Za-z_]\w*|@each|@json|@allow|@leaves))*)?$", max_length=200
    ),
]
Argument = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]
TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)]
TypePattern = Annotated[str, StringConstraints(pattern=r"^[a-z*][a-z0-9_*]*$", max_length=100)]
"""The name of a type, in which a star is any text: ``google_*_iam_member``."""

SourceName = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=200)
]
Amount = Annotated[float, Field(ge=0, le=1_000_000)]
Units = Annotated[float, Field(ge=0, le=1_000_000_000)]


class AllowedProvider(Part):
    """A provider that roots may use; whatever it is, it runs with the planner's credentials.

    ``regions`` are the fields of its configuration that say where things lie, ``locations`` those
    of each of its resources. ``arguments`` is all that a configuration may say of it before anybody
    has approved that.
    """

    source: ShortText
    regions: tuple[AttributePath, ...]
    locations: tuple[AttributePath, ...]
    arguments: tuple[Argument, ...]

    @property
    def name(self) -> str:
        """Return what a configuration calls it."""
        return self.source.rpartition("/")[2]


class AllowedBackend(Part):
    """A place for states that roots may use, and all that they may say of it."""

    type: Argument
    arguments: tuple[Argument, ...]


class Check(Part):
    """What must hold of an attribute of one type, wherever such a resource stands after the apply.

    ``one-of``: there is a value and every value is one of these; ``one-matching``: the same with
    patterns (RE2); ``some-of``: one of the values is, whatever the others are; ``none-of``: no
    value is; ``none-matching``: no value matches one of these patterns, but for those ``spared``;
    ``none-given`` and ``none-given-matching``: as ``none-of`` and ``none-matching``, for what is
    unknown wherever the configuration does not give it; ``none-beginning``: no value begins as one
    of these does; ``not-given``: the configuration does not give it at all, whatever it is;
    ``computed``: it is an attribute in ``computed_by``, known or not, or the configuration does not
    give it.

    Else unknown is no, unless the attribute is that of another resource, unchanged, named as
    ``TYPE.ATTRIBUTE`` in ``computed_by``, planned beside it, which is judged itself or harmless; or
    unless it begins as none of the values does that it may not be.
    """

    concern: Literal["exposure", "encryption", "audit", "deletion", "wildcard", "residency", "cost"]
    type: TypePattern
    attribute: AttributePath
    must: Literal[
        "one-of",
        "one-matching",
        "some-of",
        "none-of",
        "none-beginning",
        "none-given",
        "none-matching",
        "none-given-matching",
        "not-given",
        "computed",
    ]
    values: tuple[str, ...]
    spared: tuple[str, ...]
    computed_by: tuple[SourceName, ...]

    @model_validator(mode="after")
    def _says_what_is_meant(self) -> Self:
        if (self.must in {"not-given", "computed"}) == bool(self.values):
            raise ValueError("not-given and computed take no values, all other checks at least one")
        return self


class Companion(Part):
    """Another resource that each one of a type needs beside it, which is bound to it.

    ``by`` is the argument that binds, and ``names`` are the attributes by which it can name what it
    is bound to.
    """

    concern: Literal["exposure", "encryption", "deletion"]
    type: TypeName
    needs: TypeName
    by: AttributePath
    names: tuple[AttributePath, ...] = Field(min_length=1)


class Price(Part):
    """What one resource costs a month: ``monthly``, or by size what its attribute ``by`` names.

    ``times`` are attributes that say how many there are at most, each as many times; none: one.
    """

    type: TypeName
    monthly: Amount
    by: OptionalPath
    sizes: dict[ShortText, Amount]
    times: tuple[AttributePath, ...]


class Rate(Part):
    """What each unit costs a month ``beyond`` so many.

    Fewer than ``least``, or more than ``most``, have no price.
    """

    each: Amount
    beyond: Units
    least: Units
    most: Units


class Provision(Part):
    """What is ordered with a resource, beside its price: room on disks, or how fast they are.

    ``of`` are attributes that say how much, of which the most counts; ``unsaid`` is how much it is
    where nobody says. ``kind`` is the attribute that chooses the rate, ``usual`` what it is where
    nobody says. ``times`` are attributes that say how often all of it is ordered.
    """

    type: TypeName
    of: tuple[AttributePath, ...] = Field(min_length=1)
    unsaid: Units
    kind: OptionalPath
    usual: ShortText
    rates: dict[ShortText, Rate] = Field(min_length=1)
    times: tuple[AttributePath, ...]


class PlanTable(Document):
    """Everything that plans are held against, beside the environment's own limits.

    ``modules`` are beginnings of sources of modules that lie elsewhere, such as
    ``git::https://git.example/platform/``.
    """

    kind: Literal["PlanTable"]
    terraform: ShortText
    providers: tuple[AllowedProvider, ...] = Field(min_length=1)
    backends: tuple[AllowedBackend, ...]
    modules: tuple[ShortText, ...]
    anywhere: tuple[Name, ...]
    stateful: tuple[TypePattern, ...]
    keys: tuple[TypeName, ...]
    checks: tuple[Check, ...]
    companions: tuple[Companion, ...]
    free: tuple[TypeName, ...]
    prices: tuple[Price, ...]
    provisions: tuple[Provision, ...]

    def provider(self, source: str) -> AllowedProvider | None:
        """Return the provider of that source; None where roots may not use it."""
        return next((one for one in self.providers if one.source == source), None)

    def arguments_of_provider(self, name: str) -> tuple[str, ...] | None:
        """Return what may be said of the provider of that name; None where roots may not use it."""
        return next((one.arguments for one in self.providers if one.name == name), None)

    def arguments_of_backend(self, type_name: str) -> tuple[str, ...] | None:
        """Return what may be said of a backend; None where roots may not use it."""
        return next((one.arguments for one in self.backends if one.type == type_name), None)

    def keeps_state(self, type_name: str) -> bool:
        """Tell whether something is lost with a resource of a type."""
        return any(fnmatchcase(type_name, one) for one in self.stateful)

    def attributes_of(self, type_name: str) -> tuple[str, ...]:
        """Return the attributes of a type that are judged, sorted."""
        return tuple(sorted(set(self._attributes_of(type_name))))

    def _attributes_of(self, type_name: str) -> Iterator[str]:
        yield from (one.attribute for one in self.checks if fnmatchcase(type_name, one.type))
        for price in self.prices:
            if price.type == type_name:
                yield from filter(None, (price.by, *price.times))
        for part in self.provisions:
            if part.type == type_name:
                yield from filter(None, (*part.of, part.kind, *part.times))
        for companion in self.companions:
            if companion.needs == type_name:
                yield companion.by
            if companion.type == type_name:
                yield from companion.names


PLAN_TABLE: TypeAdapter[PlanTable] = TypeAdapter(PlanTable)
