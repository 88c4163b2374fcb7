"""What a planner says of one Terraform plan: reduced to what is judged, and to nothing secret."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, TypeAdapter

from turnpike.documents.document import Part
from turnpike.documents.identifiers import DigestText, PlainText, ShortText
from turnpike.documents.moment import Moment

Action: TypeAlias = Literal["no-op", "create", "read", "update", "delete", "forget"]
Address = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Value = Annotated[str, StringConstraints(max_length=500)]


class Attribute(Part):
    """The texts at one place of a resource or provider; null and empty lists are no text.

    ``known`` is false for what Terraform knows only after the apply, for what is marked sensitive
    (neither is stored), and for what is too long to be judged; ``values`` are then the others.

    ``given`` tells whether the configuration says anything there. Of what is not known, ``begins``
    are the literal beginnings of all texts that it says; ``sources`` are the attributes of other
    resources that stand there unchanged, without any where something else stands among them.
    """

    known: bool
    values: tuple[Value, ...]
    given: bool = True
    begins: tuple[Value, ...] = ()
    sources: tuple[Address, ...] = ()


class PlannedResource(Part):
    """A resource, or data that is read while applying: what becomes of it.

    ``at`` is the address without the keys of ``count`` and ``for_each``; ``refers_to`` are those of
    what its configuration names in the same module. ``stands`` tells whether it is there after the
    apply, ``stateful`` whether what it keeps is lost with it.
    """

    address: Address
    at: Address
    type: ShortText
    mode: Literal["managed", "data"]
    provider: ShortText
    actions: tuple[Action, ...] = Field(min_length=1, max_length=2)
    stands: bool
    stateful: bool
    attributes: dict[str, Attribute]
    refers_to: tuple[Address, ...]

    @property
    def is_destroyed(self) -> bool:
        """Tell whether what stands is taken away or out of sight, whatever comes in its place."""
        return bool({"delete", "forget"} & set(self.actions))


class PlannedProvider(Part):
    """A provider's configuration; ``regions`` are where what it makes lies, by its own word."""

    source: ShortText
    judged: bool
    regions: Attribute


class PlannedModule(Part):
    """A module that is called; ``version`` is what the call demands, null where it says nothing."""

    at: Address
    source: PlainText
    version: ShortText | None


class TerraformPlan(Part):
    """What one plan of one root does, and of which bytes that is said.

    The statement's subject is the digest of the root's inputs. ``plan`` is the digest of the file
    that ``terraform apply`` takes, ``lock`` that of the root's provider lock, ``standing`` how many
    resources the state had before.
    """

    root: ShortText
    terraform: ShortText
    lock: DigestText | None
    plan: DigestText
    standing: int = Field(ge=0)
    providers: tuple[PlannedProvider, ...]
    modules: tuple[PlannedModule, ...]
    resources: tuple[PlannedResource, ...]
    finished_at: Moment

    def count(self, action: Action) -> int:
        """Return how many managed resources are created, updated or deleted."""
        return sum(one.mode == "managed" and action in one.actions for one in self.resources)


class TerraformApply(Part):
    """What a planner says of one apply: that it begins, and then how it ended.

    The statement's subject is the digest of the plan's file. ``decision`` is the one that let the
    plan in. A beginning without an end is an apply of which nobody knows how it ended.
    """

    root: ShortText
    plan: DigestText
    decision: DigestText
    state: Literal["begun", "applied", "failed"]
    at: Moment


TERRAFORM_PLAN_RESULT: TypeAdapter[TerraformPlan] = TypeAdapter(TerraformPlan)
TERRAFORM_APPLY_RESULT: TypeAdapter[TerraformApply] = TypeAdapter(TerraformApply)
