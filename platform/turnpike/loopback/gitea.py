"""Gitea on loopback, with SQLite: a Git host with an API, and accounts that are made for it."""

from __future__ import annotations

import getpass
import os
import re
import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from turnpike.errors import Unavailable
from turnpike.free_ports import LOOPBACK, free_ports
from turnpike.loopback.addresses import answers
from turnpike.loopback.processes import Processes

_TOKEN = re.compile("[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class Gitea:
    """A running Gitea and its one administrator."""

    url: str
    administrator: str
    password: str
    program: Path
    settings: Path


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of a certificate for loopback and of its private key, both PEM."""

    certificate: Path
    key: Path


def start_gitea(
    programs: Path, folder: Path, processes: Processes, *, tls: Tls | None = None
) -> Gitea:
    """Start a new Gitea in a folder and return once it answers; raises Unavailable otherwise.

    With ``tls`` it is served over TLS, as those need it who take no other provider of sign-in.
    """
    (port,) = free_ports(1)
    url = f"{'https' if tls else 'http'}://{LOOPBACK}:{port}"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "app.ini"
    settings.touch(mode=0o600)
    settings.write_text(_settings(folder, programs / "static", url, tls), "utf-8")
    gitea = Gitea(url, "root-admin", secrets.token_urlsafe(16), programs / "gitea", settings)
    _run(gitea, "migrate")
    add_account(gitea, gitea.administrator, gitea.password, is_administrator=True)
    command: list[str | Path] = [gitea.program, "--config", settings, "web"]
    processes.start("gitea", command, _environ(folder))
    trusted = tls.certificate if tls else None
    processes.wait_until("gitea", lambda: answers(f"{url}/api/healthz", certificate=trusted))
    return gitea


def add_account(gitea: Gitea, name: str, password: str, *, is_administrator: bool = False) -> None:
    """Make an account that may log in at once."""
    words = ["--username", name, "--password", password, "--email", f"{name}@localhost.invalid"]
    more = ["--admin"] if is_administrator else []
    _run(gitea, "admin", "user", "create", *words, "--must-change-password=false", *more)


def token_of(gitea: Gitea, account: str, scopes: str) -> str:
    """Make a token of an account that may do what the scopes say, and return it."""
    words = ("--username", account, "--token-name", "turnpike", "--scopes", scopes, "--raw")
    said = _run(gitea, "admin", "user", "generate-access-token", *words)
    # Where it is slow it says so in between, in lines of its own.
    found = [line for line in said.splitlines() if _TOKEN.fullmatch(line)]
    if len(found) != 1:
        raise Unavailable(
            f"gitea: expected one line with a token of {account}, got {len(found)} of them",
            code="loopback.gitea",
        )
    return found[0]


def _run(gitea: Gitea, *words: str) -> str:
    done = subprocess.run(
        [gitea.program, "--config", gitea.settings, *words],
        env=dict(_environ(gitea.settings.parent)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode != 0:
        raise Unavailable(
            f"gitea {words[0]}: expected exit code 0, got {done.returncode}:\n{done.stdout[-800:]}",
            code="loopback.gitea",
        )
    return done.stdout


def _environ(folder: Path) -> Mapping[str, str]:
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return {"HOME": str(home), "PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"}


def _settings(folder: Path, static: Path, url: str, tls: Tls | None) -> str:
    secure = (
        f"PROTOCOL = https\nCERT_FILE = {tls.certificate}\nKEY_FILE = {tls.key}\n" if tls else ""
    )
    return f"""\
RUN_USER = {getpass.getuser()}
RUN_MODE = prod
WORK_PATH = {folder}
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
[server]
{secure}HTTP_ADDR = {LOOPBACK}
HTTP_PORT = {urlsplit(url).port}
ROOT_URL = {url}/
DISABLE_SSH = true
OFFLINE_MODE = true
LFS_START_SERVER = false
STATIC_ROOT_PATH = {static}
[database]
DB_TYPE = sqlite3
PATH = {folder}/gitea.db
[repository]
ROOT = {folder}/repositories
DEFAULT_BRANCH = main
[security]
INSTALL_LOCK = true
SECRET_KEY = {secrets.token_hex(32)}
INTERNAL_TOKEN = {secrets.token_hex(32)}
[service]
DISABLE_REGISTRATION = true
[webhook]
ALLOWED_HOST_LIST = loopback
[log]
LEVEL = warn
[indexer]
ISSUE_INDEXER_TYPE = db
[cron]
ENABLED = false
[actions]
ENABLED = false
[packages]
ENABLED = false
"""
