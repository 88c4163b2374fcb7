"""``turnpike register`` trains and keeps nothing where it could not finish.

That it registers is tried with MLflow, in ``contracts/test_registration.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.cli.calling import refused, told
from unit.instance.aurora import Aurora, git
from unit.registration.manifests import route_folder, wine_folder


def test_outside_of_an_instance_nobodys_code_is_run(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path, train="open('ran', 'w').close()\n")
    assert refused(tmp_path, "register", str(folder)).exit_code == 2
    assert not list(tmp_path.rglob("ran"))


@pytest.mark.parametrize("words", [(), ("missing",), ("instance.yaml",)])
def test_what_is_no_folder_is_no_model(aurora: Aurora, words: tuple[str, ...]) -> None:
    with pytest.raises(AssertionError, match="FOLDER"):  # click itself refuses the call
        told(aurora.instance.folder, "register", *words)


def test_without_the_registrars_key_nothing_is_trained(aurora: Aurora, tmp_path: Path) -> None:
    folder = route_folder(tmp_path)
    before = (folder / "model.yaml").read_text()
    status = git(aurora.instance.monorepo, "status", "--short").stdout
    key = aurora.instance.key("registrar")
    away = key.rename(tmp_path / "away")
    try:
        error = refused(aurora.instance.monorepo, "register", str(folder))
    finally:
        away.rename(key)
    assert error.exit_code in {2, 3}
    assert error.solution
    assert (folder / "model.yaml").read_text() == before
    assert git(aurora.instance.monorepo, "status", "--short").stdout == status
