"""Contexts of somebody's kubeconfig files, read as kubectl reads them and never written."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from turnpike.errors import InputError

if TYPE_CHECKING:
    from kubernetes.client import Configuration

MADE_BY = ("kind", "k3d")
"""Who calls the context of a cluster NAME ``kind-NAME``, or ``k3d-NAME``."""

_UNKNOWN = "cluster.no-context"
_UNUSABLE = "cluster.context"


@dataclass(frozen=True, slots=True)
class Context:
    """One context: the settings of the official client hold its address and its credentials."""

    name: str
    settings: Configuration

    @property
    def server(self) -> str:
        """Return the address of the API server."""
        return str(self.settings.host)

    @property
    def certificate(self) -> Path:
        """Return the file with the certificates that are trusted."""
        return Path(str(self.settings.ssl_ca_cert))

    @property
    def tls_name(self) -> str:
        """Return whom the certificate is for; empty where that is the host of the address."""
        return str(self.settings.tls_server_name or "")


def files_of(environ: Mapping[str, str], folder: Path) -> str:
    """Return what KUBECONFIG names, or its default, with paths that hold in other folders too."""
    named = environ.get("KUBECONFIG") or "~/.kube/config"
    paths = (folder / Path(one).expanduser() for one in named.split(os.pathsep) if one)
    return os.pathsep.join(map(str, paths))


def context_named(name: str, files: str, credentials: Path) -> Context:
    """Return the context of a name, or of the kind or k3d cluster of that name.

    ``files`` are as in KUBECONFIG; what the user's part holds as data goes into files that nobody
    else may read, in the folder ``credentials``. A plugin that the user's part names is called.
    Raises InputError for a name that no context or several have, and for a context that leaves open
    whom it trusts or that goes through somebody else.
    """
    from kubernetes import client, config
    from kubernetes.config.kube_config import KubeConfigMerger

    settings = client.Configuration()
    credentials.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _readable(files):
        found = KubeConfigMerger(files).config  # of two entries of one name the first counts
        merged = {} if found is None else found.value
        chosen = _chosen(name, _names(merged), files)
        context = _entry(merged, "contexts", chosen, "context")
        _require_direct(chosen, _entry(merged, "clusters", context.get("cluster"), "cluster"))
        _require_own(chosen, _entry(merged, "users", context.get("user"), "user"))
        config.load_kube_config(
            files, chosen, settings, persist_config=False, temp_file_path=str(credentials)
        )
    settings.proxy, settings.retries = None, False
    return Context(chosen, settings)


@contextmanager
def _readable(files: str) -> Iterator[None]:
    """Raise InputError for what the client falls over; it reads a file as it comes.

    What the file says is not repeated, for it may be a credential.
    """
    from kubernetes.config import ConfigException
    from yaml import YAMLError

    try:
        yield
    except (ConfigException, YAMLError, OSError, ValueError, TypeError, AttributeError,
            KeyError) as error:  # fmt: skip
        raise InputError(
            f"{files}: expected kubeconfigs, got one that cannot be read: {type(error).__name__}",
            code=_UNUSABLE,
            solution="See that `kubectl config view` can read it, and that the files exist that it"
            " names.",
        ) from None


def _names(merged: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(one.value["name"]) for one in merged.get("contexts", ()))


def _chosen(name: str, there: Sequence[str], files: str) -> str:
    if name in there:
        return name
    found = [f"{maker}-{name}" for maker in MADE_BY if f"{maker}-{name}" in there]
    if len(found) == 1:
        return found[0]
    what = f"several: {', '.join(found)}" if found else "none"
    raise InputError(
        f"--context {name}: expected one context, or one cluster of kind or k3d, of that name in"
        f" {files}, found {what}; there are: {', '.join(sorted(there)) or 'none'}",
        code=_UNKNOWN,
        solution="Name one of these as it stands, or the file in KUBECONFIG.",
    )


def _entry(merged: Mapping[str, Any], kind: str, name: object, part: str) -> Mapping[str, Any]:
    for one in merged.get(kind, ()):
        if one.value["name"] == name and isinstance(found := one.value.get(part), dict):
            return found
    return {}


def _require_direct(name: str, cluster: Mapping[str, Any]) -> None:
    """Raise InputError unless the cluster is reached without a proxy, and by a trusted name."""
    server = str(cluster.get("server", ""))
    if cluster.get("insecure-skip-tls-verify"):
        found, next_step = "insecure-skip-tls-verify", "Give it the cluster's certificate instead."
    elif cluster.get("proxy-url"):
        found, next_step = "proxy-url", "Name a context that reaches the cluster without a proxy."
    elif not server.startswith("https://"):
        found, next_step = f"the server {server!r}", "Name a context whose server is https://HOST."
    elif not any(cluster.get(f"certificate-authority{end}") for end in ("", "-data")):
        found, next_step = "no certificate-authority", "Give it the cluster's certificate."
    else:
        return
    raise InputError(
        f"context {name}: expected a cluster that is reached at once and trusted by the certificate"
        f" that the kubeconfig names, found {found}",
        code=_UNUSABLE,
        solution=next_step,
    )


def _require_own(name: str, user: Mapping[str, Any]) -> None:
    """Raise InputError for a user who acts as somebody else, whom the client would not become."""
    if any(key == "as" or key.startswith("as-") for key in user):
        raise InputError(
            f"context {name}: expected a user who acts as themselves, found one who impersonates",
            code=_UNUSABLE,
            solution="Name a context whose user is a cluster-admin by their own rights.",
        )
