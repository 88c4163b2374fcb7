"""Copies of inputs that an unprivileged user can read."""

from pathlib import Path

from turnpike.sandbox.interface import Mount
from turnpike.sandbox.staging import staged


def test_a_private_folder_is_readable_in_its_copy_and_gone_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "artifact"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "model").write_bytes(b"model")
    (folder / "inner" / "model").chmod(0o600)
    (folder / "inner").chmod(0o700)
    with staged((Mount(folder, "/inputs/artifact"),)) as (mount,):
        copy = mount.source / "inner" / "model"
        assert copy.read_bytes() == b"model"
        assert copy.stat().st_mode & 0o777 == 0o644
        assert copy.parent.stat().st_mode & 0o777 == 0o755
        assert mount.source.parent.stat().st_mode & 0o077 == 0
        assert mount.target == "/inputs/artifact"
    assert not mount.source.parent.exists()


def test_a_link_is_copied_as_a_link_and_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    folder = tmp_path / "artifact"
    folder.mkdir()
    (folder / "link").symlink_to(secret)
    with staged((Mount(folder, "/inputs/artifact"),)) as (mount,):
        assert (mount.source / "link").is_symlink()
    assert secret.stat().st_mode & 0o777 != 0o777
