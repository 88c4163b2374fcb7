"""Note in instance.yaml where the monorepo is hosted, and where models are registered."""

from __future__ import annotations

from turnpike.errors import InputError
from turnpike.instance.instance import Instance, instance_yaml
from turnpike.instance.locate import INSTANCE_FILE
from turnpike.topology.instance import HostAddress, RegistryAddress


def with_host(instance: Instance, address: HostAddress) -> Instance:
    """Return the instance with that host; raises InputError where it has another one already."""
    known = instance.document.forge
    if known is not None and known != address:
        raise InputError(
            f"{INSTANCE_FILE}: expected no host or {address.repository} at {address.address},"
            f" found {known.repository} at {known.address}",
            code="forge.connected",
            solution="An instance has one host; make another instance for another one.",
        )
    return Instance(instance.folder, instance.document.model_copy(update={"forge": address}))


def with_registry(instance: Instance, address: RegistryAddress) -> Instance:
    """Return the instance with that registry, in place of any other."""
    return Instance(instance.folder, instance.document.model_copy(update={"registry": address}))


def save(instance: Instance) -> None:
    """Write down in the instance's file what it is connected to."""
    file = instance.folder / INSTANCE_FILE
    partial = file.with_suffix(".partial")
    partial.write_bytes(instance_yaml(instance.document))
    partial.replace(file)
