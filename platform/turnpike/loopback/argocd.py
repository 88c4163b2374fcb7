"""Argo CD beside a cluster: its controllers as processes, each with its own account's rights.

The controllers believe themselves inside the cluster, so that it is a destination by its usual
name; the token of each is that of its own service account, so that Argo CD's RBAC is in force.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from turnpike.free_ports import LOOPBACK, free_ports
from turnpike.loopback.addresses import answers
from turnpike.loopback.control_plane import ControlPlane
from turnpike.loopback.processes import Processes

NAMESPACE = "argocd"
_MOUNTED = "/app/config/turnpike"
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
    plane: ControlPlane
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
            "ARGOCD_ASK_PASS_SOCK": str(self.home / "ask.sock"),
        }

    def component(self, name: str, *options: str) -> Sequence[str | Path]:
        kubeconfig = self.plane.folder / f"argocd-{name}.kubeconfig"
        program = self.programs / f"argocd-{name}"
        return [program, "--kubeconfig", kubeconfig, "--namespace", NAMESPACE, *options]


def start_argocd(
    programs: Path,
    signatures: Path,
    plane: ControlPlane,
    processes: Processes,
    *,
    resync_seconds: int = 10,
) -> ArgoCd:
    """Start Argo CD's components on a cluster in which its definitions stand already.

    ``signatures`` is ``platform/argocd/signatures``. The kubeconfigs of its accounts must have been
    written (``ControlPlane.kubeconfig_of``).
    Raises Unavailable where one of them does not start.
    """
    redis, repo, repo_metrics, app, sets, probe, hooks, api, api_metrics, dex = free_ports(10)
    home = plane.folder / "argocd"
    for name in ("home", "tmp", "tls", "ssh", "gpg", "gpg-keys", "plugins", "bin", "signatures"):
        (home / name).mkdir(parents=True, exist_ok=True)
    signers = _verify_signatures(home, signatures)
    at = _at
    setting = _Setting(programs, plane, home, at(redis), at(repo))
    shared = ("--repo-server-plaintext",)
    processes.start("redis", [programs / "miniredis", setting.redis])
    processes.start("argocd-repo-server", _repo_server(setting, repo, repo_metrics),
                    setting.environ("repo-server"))  # fmt: skip
    processes.start(
        "argocd-application-controller",
        setting.component(
            "application-controller", "--redis", setting.redis, "--repo-server",
            setting.repositories, *shared, "--metrics-port", str(app),
            "--app-resync", str(resync_seconds), "--app-resync-jitter", "0",
        ),
        setting.environ("application-controller"),
    )  # fmt: skip
    processes.start(
        "argocd-applicationset-controller",
        setting.component(
            "applicationset-controller", "--argocd-repo-server", setting.repositories, *shared,
            "--metrics-addr", at(sets), "--probe-addr", at(probe), "--webhook-addr", at(hooks),
        ),
        setting.environ("applicationset-controller"),
    )  # fmt: skip
    processes.start(
        "argocd-server",
        setting.component(
            "server", "--address", LOOPBACK, "--port", str(api), "--metrics-address", LOOPBACK,
            "--metrics-port", str(api_metrics), "--insecure", "--redis", setting.redis,
            "--repo-server", setting.repositories, *shared,
            "--dex-server", f"http://{at(dex)}",
        ),
        setting.environ("server"),
    )  # fmt: skip
    # The set controller tells nothing but its metrics when it is ready.
    ready = {
        "argocd-repo-server": f"http://{at(repo_metrics)}/healthz",
        "argocd-application-controller": f"http://{at(app)}/healthz",
        "argocd-applicationset-controller": f"http://{at(sets)}/metrics",
        "argocd-server": f"http://{at(api)}/healthz",
    }
    for name, url in ready.items():
        processes.wait_until(name, lambda url=url: answers(url))  # type: ignore[misc]
    return ArgoCd(f"http://{at(api)}", f"http://{at(api)}/api/webhook", signers)


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
