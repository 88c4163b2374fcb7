"""Argo CD beside a cluster: its controllers as processes, each with its own account's rights.

The controllers believe themselves inside the cluster, so that it is a destination by its usual
name; the token of each is that of its own service account, so that Argo CD's RBAC is in force.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from turnpike.errors import InputError
from turnpike.free_ports import LOOPBACK, free_ports
from turnpike.loopback.addresses import answers
from turnpike.loopback.cluster import Cluster
from turnpike.loopback.processes import Processes

NAMESPACE = "argocd"
_MOUNTED = "/app/config/turnpike"
_SOCKET = "ask.sock"
_LONGEST_SOCKET = 107  # unix(7): sun_path, with the zero at its end
ACCOUNTS = (
    "argocd-application-controller", "argocd-applicationset-controller", "argocd-server",
)  # fmt: skip

# Argo CD asks `git rev-list` who signed. Before 2.40, which Debian 12 does not have yet, that reads
# no settings for signatures, so that nothing is ever signed; `git log` always read them.
_GIT = """\
#!/bin/sh
case "$*" in
rev-list*%G?*)
  shift
  for word; do
    shift
    [ "$word" = --no-commit-header ] || set -- "$@" "$word"
  done
  exec '{git}' log "$@"
  ;;
esac
exec '{git}' "$@"
"""


@dataclass(frozen=True, slots=True)
class ArgoCd:
    """A running Argo CD: the address of its API, and where a Git host sends its webhooks.

    Its ApplicationSets hear only GitHub's, GitLab's and Azure's: after a push to another host they
    look when their ``requeueAfterSeconds`` are over.

    It takes only commits that one of ``allowed_signers`` signed; while there is no such file, none.
    """

    server: str
    webhook: str
    allowed_signers: Path


@dataclass(frozen=True, slots=True)
class _Setting:
    """What all of its components share."""

    programs: Path
    plane: Cluster
    home: Path
    redis: str
    repositories: str

    def environ(self, component: str) -> Mapping[str, str]:
        return {
            "PATH": os.pathsep.join(
                (str(self.home / "bin"), str(self.programs), os.environ["PATH"])
            ),
            "GIT_CONFIG_SYSTEM": str(self.home / "signatures" / "gitconfig"),
            "HOME": str(self.home / "home"),
            "TMPDIR": str(self.home / "tmp"),
            "KUBECONFIG": str(self.plane.folder / f"argocd-{component}.kubeconfig"),
            "ARGOCD_FAKE_IN_CLUSTER": "true",
            "ARGOCD_CONTROLLER_REPLICAS": "1",
            "ARGOCD_TLS_DATA_PATH": str(self.home / "tls"),
            "ARGOCD_SSH_DATA_PATH": str(self.home / "ssh"),
            "ARGOCD_GNUPGHOME": str(self.home / "gpg"),
            "ARGOCD_GPG_DATA_PATH": str(self.home / "gpg-keys"),
            "ARGOCD_PLUGINSOCKFILEPATH": str(self.home / "plugins"),
            "ARGOCD_ASK_PASS_SOCK": str(self.home / _SOCKET),
        }

    def component(self, name: str, *options: str) -> Sequence[str | Path]:
        kubeconfig = self.plane.folder / f"argocd-{name}.kubeconfig"
        program = self.programs / f"argocd-{name}"
        return [program, "--kubeconfig", kubeconfig, "--namespace", NAMESPACE, *options]


def start_argocd(
    programs: Path,
    signatures: Path,
    plane: Cluster,
    processes: Processes,
    *,
    resync_seconds: int = 10,
) -> ArgoCd:
    """Start Argo CD's components on a cluster in which its definitions stand already.

    ``signatures`` is ``platform/argocd/signatures``. The kubeconfigs of its accounts must have been
    written (``Cluster.kubeconfig_of``).
    Raises Unavailable where one of them does not start, InputError for a folder with too long a
    path.
    """
    ports = _Ports(*free_ports(len(_Ports._fields)))
    home = plane.folder / "argocd"
    _require_room(home / _SOCKET)
    for name in ("home", "tmp", "tls", "ssh", "gpg", "gpg-keys", "plugins", "bin", "signatures"):
        (home / name).mkdir(parents=True, exist_ok=True)
    signers = _verify_signatures(home, signatures)
    setting = _Setting(programs, plane, home, _at(ports.redis), _at(ports.repo))
    processes.start("redis", [programs / "miniredis", setting.redis])
    for name, command in _components(setting, ports, resync_seconds).items():
        processes.start(f"argocd-{name}", command, setting.environ(name))
    for name, url in _ready(ports).items():
        processes.wait_until(f"argocd-{name}", partial(answers, url))
    api = f"http://{_at(ports.api)}"
    return ArgoCd(api, f"{api}/api/webhook", signers)


def _require_room(socket: Path) -> None:
    size = len(os.fsencode(socket))
    if size > _LONGEST_SOCKET:
        raise InputError(
            f"{socket}: expected a path of at most {_LONGEST_SOCKET} bytes, which is all that the"
            f" address of a socket has room for, got one of {size}",
            code="loopback.long-path",
            solution="Name a folder with a shorter path.",
        )


class _Ports(NamedTuple):
    """Where each listens, on loopback; nobody does at ``dex``, whom the API server is told of."""

    redis: int
    repo: int
    repo_metrics: int
    controller: int
    sets: int
    sets_probe: int
    sets_hooks: int
    api: int
    api_metrics: int
    dex: int


def _components(
    setting: _Setting, ports: _Ports, resync_seconds: int
) -> Mapping[str, Sequence[str | Path]]:
    """Return the command of each component, in the order in which they start."""
    repositories = (setting.repositories, "--repo-server-plaintext")
    return {
        "repo-server": _repo_server(setting, ports.repo, ports.repo_metrics),
        "application-controller": setting.component(
            "application-controller", "--redis", setting.redis, "--repo-server", *repositories,
            "--metrics-port", str(ports.controller),
            "--app-resync", str(resync_seconds), "--app-resync-jitter", "0",
        ),
        "applicationset-controller": setting.component(
            "applicationset-controller", "--argocd-repo-server", *repositories,
            "--metrics-addr", _at(ports.sets), "--probe-addr", _at(ports.sets_probe),
            "--webhook-addr", _at(ports.sets_hooks),
        ),
        "server": setting.component(
            "server", "--address", LOOPBACK, "--port", str(ports.api),
            "--metrics-address", LOOPBACK, "--metrics-port", str(ports.api_metrics), "--insecure",
            "--redis", setting.redis, "--repo-server", *repositories,
            "--dex-server", f"http://{_at(ports.dex)}",
        ),
    }  # fmt: skip


def _ready(ports: _Ports) -> Mapping[str, str]:
    """Return where each component answers once it is ready.

    The set controller tells nothing but its metrics then.
    """
    return {
        "repo-server": f"http://{_at(ports.repo_metrics)}/healthz",
        "application-controller": f"http://{_at(ports.controller)}/healthz",
        "applicationset-controller": f"http://{_at(ports.sets)}/metrics",
        "server": f"http://{_at(ports.api)}/healthz",
    }


def _verify_signatures(home: Path, signatures: Path) -> Path:
    """Let its Git verify commits as in ``signatures``; return the file that names who may sign."""
    folder = home / "signatures"
    program = Path(shutil.copy(signatures / "gate-signature", folder))
    text = (signatures / "gitconfig").read_text("utf-8")
    (folder / "gitconfig").write_text(text.replace(_MOUNTED, str(folder)), "utf-8")
    git, gpg = (home / "bin" / name for name in ("git", "gpg"))
    git.write_text(_GIT.format(git=shutil.which("git")), "utf-8")
    # The repo-server makes itself a GnuPG key at its start, for a keyring that no commit of the
    # gate needs. GnuPG would leave an agent running behind it.
    gpg.write_text("#!/bin/sh\n", "utf-8")
    for one in (program, git, gpg):
        one.chmod(0o700)
    return folder / "allowed_signers"


def _repo_server(setting: _Setting, port: int, metrics: int) -> Sequence[str | Path]:
    """The one component that needs no cluster; without TLS it must be told to trust nobody's."""
    return [
        setting.programs / "argocd-repo-server", "--address", LOOPBACK, "--port", str(port),
        "--metrics-address", LOOPBACK, "--metrics-port", str(metrics), "--redis", setting.redis,
        "--disable-tls", "--client-ca-path", "", "--revision-cache-expiration", "5s",
        "--loglevel", "warn",
    ]  # fmt: skip


def _at(port: int) -> str:
    return f"{LOOPBACK}:{port}"
