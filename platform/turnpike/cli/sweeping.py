"""The parts of a sweep, put together for one instance."""

from __future__ import annotations

import secrets
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from turnpike.change.sweep import Sweep, ground_at, reads_the_clock
from turnpike.change.sweep_cache import SweepCache
from turnpike.change.sweep_judging import Shelves
from turnpike.cli.wiring import now
from turnpike.errors import InputError
from turnpike.installation.naming import cache_folder
from turnpike.opa.evaluation import Evaluation
from turnpike.registry.interface import digests_in
from turnpike.signing.private_file import read_private, write_private

if TYPE_CHECKING:
    from turnpike.change.policies import Policies
    from turnpike.cli.wiring import House
    from turnpike.documents.identifiers import Digest

_SECRET_BYTES = 32
_SEAL_KEY = "sweep-seal.key"


def sweep_of(house: House, revision: str) -> Sweep:
    """Return the sweep of a revision, by what main says now."""
    repository, main = house.host, house.main
    policies, record = house.policies(), house.record

    @cache
    def digests() -> dict[tuple[str, str], Digest]:
        """All at once, and only for a main that has a model: a new instance has no registry."""
        return digests_in(house.registry)

    shelves = Shelves(
        repository, record.at_tip(), lambda name, version: digests().get((name, version))
    )
    tools = policies.tools(repository, main)
    ground = ground_at(repository, house.instance.genesis, main, shelves, tools, now())
    evaluation = Evaluation(policies.bundle, policies.program, part=2000)
    commit = repository.resolve(revision)
    return Sweep(ground, shelves, commit, evaluation.decide, _cache(house, policies))


def _cache(house: House, policies: Policies) -> SweepCache | None:
    """Return the cache of the instance; None without its secret, or where a rule has a clock."""
    secret = seal_secret(house)
    if secret is None or reads_the_clock(policies.files):
        return None
    return SweepCache(cache_folder() / "sweeps" / f"{house.instance.genesis}.jsonl", secret)


def seal_secret(house: House) -> bytes | None:
    """Return what seals the caches of an instance, made when first asked for.

    It lies beside the role keys, and is worth no more than they are, and no less. None where it
    can't be had.
    """
    file = house.instance.folder / "keys" / _SEAL_KEY
    with suppress(InputError, OSError):
        if not file.exists():
            write_private(file, secrets.token_bytes(_SECRET_BYTES))
        secret = read_private(file)
        if len(secret) == _SECRET_BYTES:
            return secret
    return None
