"""A cluster that somebody already has: looked at before anything is written, and given back.

With the person's own credentials the demonstration only looks, makes an account of its own, and
takes everything away at the end. All that it writes down is that account's token, which ends with
the account.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from turnpike.errors import InputError, Unavailable
from turnpike.loopback.cluster import Cluster
from turnpike.loopback.footprint import Footprint, Ref
from turnpike.loopback.inspecting import (
    answered,
    may_do_all,
    require_administrator,
    require_room,
)
from turnpike.loopback.kubeconfig import Context
from turnpike.loopback.leaving import MARK, take_away
from turnpike.loopback.node import GUEST
from turnpike.loopback.objects import Object, Objects

_ACCOUNT = "administrator"
_GRANTING_SECONDS = 30.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Met:
    """A cluster that answers, to a user who may do everything; ``uid`` tells it from others."""

    context: Context
    objects: Objects
    uid: str


@dataclass(frozen=True, slots=True)
class GivenCluster:
    """A cluster in which there is room for what a demonstration brings.

    ``missing`` are the definitions that it brings too, ``mark`` tells this demonstration from
    another one.
    """

    context: Context
    objects: Objects
    footprint: Footprint
    missing: Sequence[Ref]
    mark: str

    def enter(self, folder: Path) -> Cluster:
        """Make an account that may do everything; return the cluster as that account has it.

        ``folder`` keeps what is known of the cluster, under the folder's name. Raises InputError
        where another demonstration came first.
        """
        with answered(self.context):
            self._claim()
            self.objects.apply_all(_account())
            token = self.objects.token_of(_ACCOUNT, GUEST)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            trusted = Path(shutil.copyfile(self.context.certificate, folder / "ca.crt"))
            server, tls_name = self.context.server, self.context.tls_name
            cluster = Cluster(folder.name, folder, server, token, trusted, tls_name)
            cluster.keep()
            self._await_rights(Objects(cluster))
        return cluster

    def leave(self) -> tuple[str, ...]:
        """Take away everything that came, once nothing runs any more that would bring it again.

        Returns the definitions that stay, for others use them by now. Raises Unavailable where the
        cluster does not do it, naming what may be left. Where nothing came, nothing is done.
        """
        return take_away(self.context, self.objects, self.footprint, self.missing, self.mark)

    def _claim(self) -> None:
        """Come first: by its mark this demonstration knows at the end that it was here."""
        metadata = {"name": GUEST, "annotations": {MARK: self.mark}}
        if not self.objects.create({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}):
            raise InputError(
                f"context {self.context.name}: expected no namespace {GUEST}, found one by now",
                code="cluster.in-the-way",
                solution="Wait until the other demonstration has ended, or name another cluster.",
            )

    def _await_rights(self, objects: Objects) -> None:
        until = time.monotonic() + _GRANTING_SECONDS
        while not may_do_all(objects.api):
            if time.monotonic() > until:
                raise Unavailable(
                    f"context {self.context.name}: expected an account bound to cluster-admin to"
                    f" have its rights within {_GRANTING_SECONDS:.0f} s",
                    code="cluster.not-allowed",
                )
            time.sleep(_POLL_SECONDS)


def meet(context: Context, cache: Path) -> Met:
    """Connect to a cluster; ``cache`` is a folder of ours for what it serves.

    Raises Unavailable where nobody answers, InputError where the cluster is too old or the user may
    not do everything.
    """
    from turnpike.loopback.impatient import ImpatientClient

    with answered(context):
        objects = Objects.through(ImpatientClient(context.settings), cache)
        require_administrator(context, objects)
        system = objects.find("v1", "Namespace", "kube-system")
    return Met(context, objects, str(system["metadata"]["uid"]) if system else "")


def look_at(met: Met, footprint: Footprint) -> GivenCluster:
    """Look whether a demonstration may come; raises InputError where something is in the way."""
    with answered(met.context):
        missing = require_room(met.context, met.objects, footprint)
    return GivenCluster(met.context, met.objects, footprint, missing, secrets.token_hex(8))


def _account() -> tuple[Object, ...]:
    group = "rbac.authorization.k8s.io"
    account = {"kind": "ServiceAccount", "name": _ACCOUNT, "namespace": GUEST}
    return (
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": _ACCOUNT, "namespace": GUEST},
        },
        {
            "apiVersion": f"{group}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": GUEST},
            "roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [account],
        },
    )
