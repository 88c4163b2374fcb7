"""One cluster as somebody has it who may administer it: started on this machine, or given."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

_KUBECONFIG = "admin.kubeconfig"
_ONE = "one"  # what its only cluster, user and context are called


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster: its address, an administrator's token, and the certificate to trust.

    ``folder`` keeps what is known of it, ``tls_name`` is whom the certificate is for where that is
    not the address's host.
    """

    name: str
    folder: Path
    server: str
    token: str
    certificate: Path
    tls_name: str = ""

    @classmethod
    def kept_in(cls, folder: Path) -> Self:
        """Return the cluster whose administrator's kubeconfig was written into a folder."""
        document = json.loads((folder / _KUBECONFIG).read_text("utf-8"))
        about, user = document["clusters"][0]["cluster"], document["users"][0]["user"]
        trusted, tls_name = Path(about["certificate-authority"]), about.get("tls-server-name", "")
        return cls(folder.name, folder, about["server"], user["token"], trusted, tls_name)

    @property
    def kubeconfig(self) -> Path:
        """Return the administrator's kubeconfig."""
        return self.folder / _KUBECONFIG

    @property
    def certified(self) -> str:
        """Return whom its certificate is for, whichever way its address is spelled."""
        return self.tls_name or urlsplit(self.server).hostname or ""

    def keep(self) -> None:
        """Write the administrator's kubeconfig."""
        self._write(self.kubeconfig, self.token)

    def kubeconfig_of(self, account: str, token: str) -> Path:
        """Write the kubeconfig of another account, and return it."""
        return self._write(self.folder / f"{account}.kubeconfig", token)

    def as_entry(self) -> dict[str, str]:
        """Return what a kubeconfig says about a cluster."""
        named = {"tls-server-name": self.tls_name} if self.tls_name else {}
        return {"server": self.server, "certificate-authority": str(self.certificate), **named}

    def _write(self, file: Path, token: str) -> Path:
        context = {"cluster": _ONE, "user": _ONE, "namespace": "default"}
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": _ONE,
            "clusters": [{"name": _ONE, "cluster": self.as_entry()}],
            "users": [{"name": _ONE, "user": {"token": token}}],
            "contexts": [{"name": _ONE, "context": context}],
        }
        return write_private(file, json.dumps(document))  # JSON is YAML


def write_private(file: Path, text: str) -> Path:
    """Write a file that nobody else may read, and return it."""
    file.touch(mode=0o600)
    file.write_text(text, "utf-8")
    return file
