"""AWS as moto plays it on loopback, and roots that are really planned and applied there."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from end_to_end.installed import PRODUCT
from turnpike.free_ports import free_ports

VERSION = "1.11.4"
PROVIDER = "registry.terraform.io/hashicorp/aws/5.100.0"
MIRRORS = ("/opt/tf-plugins", "~/.terraform.d/plugins", "/usr/local/share/terraform/plugins")
PATIENCE = 300  # seconds until the server answers
LOCK = b"""\
provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = "5.100.0"
  hashes = [
    "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=",
  ]
}
"""
SETTINGS = """\
terraform {{
  required_version = "~> 1.11.4"

  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "5.100.0"
    }}
  }}

  backend "s3" {{
    bucket       = "state"
    key          = "{name}"
    region       = "eu-central-1"
    encrypt      = true
    use_lockfile = true
  }}
}}

provider "aws" {{
  region = "eu-central-1"
}}
"""
BUCKET = """
resource "aws_s3_bucket" "this" {{
  bucket        = "{name}"
  force_destroy = false
}}

resource "aws_s3_bucket_public_access_block" "this" {{
  bucket                  = aws_s3_bucket.this.id
  block_public_acls       = {closed}
  block_public_policy     = {closed}
  ignore_public_acls      = {closed}
  restrict_public_buckets = {closed}
}}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {{
  bucket = aws_s3_bucket.this.id

  rule {{
    apply_server_side_encryption_by_default {{
      sse_algorithm = "aws:kms"
    }}
  }}
}}

resource "aws_s3_bucket_versioning" "this" {{
  bucket = aws_s3_bucket.this.id

  versioning_configuration {{
    status = "Enabled"
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A server that plays AWS, with a bucket for states; ``settings`` are the planner's."""

    endpoint: str
    settings: Mapping[str, str]

    def root(self, at: str, name: str, *, closed: bool = True) -> dict[str, bytes | None]:
        """Return the files of a root with one bucket of that name, in place of the product's."""
        text = SETTINGS.format(name=f"{at}/{name}")  # no test finds what another one left
        text += BUCKET.format(name=name, closed=str(closed).lower())
        emptied = {f"{at}/{name}": b"# in main.tf\n" for name in ("backend.tf", "versions.tf")}
        return {f"{at}/main.tf": text.encode(), f"{at}/.terraform.lock.hcl": LOCK, **emptied}

    def buckets(self) -> str:
        """Return the listing of all buckets."""
        with urllib.request.urlopen(self.endpoint, timeout=60) as answer:  # noqa: S310 - loopback
            return str(answer.read().decode())

    def suspend_versions(self, bucket: str) -> None:
        """Have a bucket keep no more versions, as somebody in the cloud's console would."""
        said = b"<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"
        asked = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.endpoint}/{bucket}?versioning", said, {"Content-Type": "text/xml"}, method="PUT"
        )
        urllib.request.urlopen(asked, timeout=60).close()  # noqa: S310 - loopback


def missing() -> str:
    """Return what of Terraform this machine lacks; empty where nothing."""
    found = shutil.which("terraform")
    said = (
        subprocess.run(["terraform", "version"], capture_output=True, text=True, check=False)
        if found
        else None
    )
    if said is None or f"v{VERSION}" not in said.stdout:
        return f"needs Terraform {VERSION} on PATH"
    return "" if _found() else f"needs {PROVIDER} in a mirror on this machine"


def mirror() -> Path:
    """Return the folder of providers on this machine."""
    found = _found()
    assert found, missing()
    return found


def _found() -> Path | None:
    folders = (
        Path(at).expanduser()
        for at in (os.environ.get("TURNPIKE_TERRAFORM_MIRROR") or "/", *MIRRORS)
    )
    return next((folder for folder in folders if (folder / PROVIDER).is_dir()), None)


@contextmanager
def cloud_on_loopback(folder: Path) -> Iterator[Cloud]:
    """Start the server, make the bucket for states, and stop it in the end."""
    (port,) = free_ports(1)
    endpoint = f"http://127.0.0.1:{port}"
    plugins = folder / "plugins.tfrc"
    plugins.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror()}"\n  }}\n}}\n'
    )
    with (folder / "moto.log").open("wb") as log:
        server = subprocess.Popen(
            [_programs() / "python", "-m", "turnpike_terraform.moto", str(port)],
            env={**os.environ, "PYTHONPATH": str(PRODUCT / "tools/terraform")},
            stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        _wait(server, endpoint)
        made = urllib.request.Request(f"{endpoint}/state", method="PUT")  # noqa: S310 - loopback
        urllib.request.urlopen(made, timeout=60).close()  # noqa: S310 - loopback
        settings = {
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_EC2_METADATA_DISABLED": "true",
            # Where the cloud is says the planner's environment, never a configuration.
            "AWS_ENDPOINT_URL": endpoint,
            "TF_CLI_CONFIG_FILE": str(plugins),
        }
        yield Cloud(endpoint, settings)
    finally:
        server.terminate()
        server.wait(120)


def _programs() -> Path:
    """Return the folder of the programs that tools/terraform runs with, set up where needed."""
    python = subprocess.run(
        [PRODUCT / "tools/setup/python"], capture_output=True, text=True, check=True
    )
    said = subprocess.run(
        [python.stdout.strip(), "-I", PRODUCT / "tools/setup", "terraform"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Path(said.stdout.strip()) / "bin"


def _wait(server: subprocess.Popen[bytes], endpoint: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{endpoint}/moto-api/", timeout=60).close()  # noqa: S310
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("expected moto to answer on loopback, it did not")
