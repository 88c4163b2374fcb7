"""Whether another host is asked first follows from instance.yaml alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from turnpike.cli.base_code import _follow_host
from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.instance.connect import save, with_host
from turnpike.instance.instance import Instance
from turnpike.topology.instance import INSTANCE, HostAddress
from unit.instance.aurora import Aurora

ADDRESS = HostAddress(
    host="gitea", address="http://127.0.0.1:9", repository="aurora/monorepo", bot="turnpike-bot"
)


CLOSING = """
import os, sys
from pathlib import Path
from turnpike.cli.base_code import _close_repositories
from turnpike.git.repository import Repository
opened = Repository(Path(sys.argv[1]))
print(len(os.listdir(os.environ["TMPDIR"])))
_close_repositories()
print(len(os.listdir(os.environ["TMPDIR"])), flush=True)
os._exit(0)  # nothing runs at its end, as when it is replaced
"""


def copied(aurora: Aurora, folder: Path) -> Instance:
    """Return an instance of only its file."""
    content = (aurora.instance.folder / "instance.yaml").read_bytes()
    (folder / "instance.yaml").write_bytes(content)
    return Instance(folder, read(INSTANCE, content, "instance.yaml"))


def test_an_instance_with_the_embedded_host_asks_nobody(aurora: Aurora) -> None:
    _follow_host(aurora.instance.folder)


def test_a_connected_instance_asks_its_host(
    aurora: Aurora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TURNPIKE_GITEA_TOKEN", raising=False)
    connected = with_host(copied(aurora, tmp_path), ADDRESS)
    save(connected)
    with pytest.raises(InputError, match="TURNPIKE_GITEA_TOKEN"):
        _follow_host(connected.folder)


def test_what_is_open_is_closed_before_the_process_is_replaced(
    aurora: Aurora, tmp_path: Path
) -> None:
    # In a process of its own: all that is open in this one belongs to other tests.
    done = subprocess.run(
        [sys.executable, "-c", CLOSING, str(aurora.instance.host)],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    assert done.stdout.split() == ["1", "0"]
