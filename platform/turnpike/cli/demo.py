"""``turnpike demo``: the whole road once, with real parts."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from turnpike.cli.base_code import continue_from_base
from turnpike.cli.output import as_word, emit, json_option
from turnpike.cli.story.chapters import Story
from turnpike.cli.story.teller import Teller
from turnpike.cli.story.workshop import Workshop
from turnpike.cli.wiring import House
from turnpike.errors import InputError, UsageError
from turnpike.installation.naming import cache_folder
from turnpike.installation.set_up import set_up
from turnpike.instance.locate import open_instance
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.loopback.processes import ENDING, uninterrupted

if TYPE_CHECKING:
    from turnpike.cli.story.borrowed import Borrowed

PRODUCT = Path(__file__).resolve().parents[3]
_PRODUCT = "TURNPIKE_DEMO_PRODUCT"
_STEPS = "TURNPIKE_DEMO_STEPS"


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the demonstration's instance is made; default: below the cache folder.",
)
@click.option(
    "--sandbox",
    type=click.Choice(["container", "bubblewrap"]),
    help="Validate in this sandbox; default: containers where an engine answers.",
)
@click.option(
    "--cluster",
    is_flag=True,
    help="Tell it on real servers instead: Gitea, two clusters, Argo CD and Prometheus.",
)
@click.option(
    "--context",
    "contexts",
    multiple=True,
    metavar="[ROLE=]NAME",
    help="With --cluster: use a cluster that you have, as production's or, with shared=NAME, as the"
    " one for dev, staging and Argo CD. May be given for both.",
)
@click.option("--quiet", is_flag=True, help="Print only the closing table.")
@json_option
def command(
    folder: Path | None,
    sandbox: str | None,
    cluster: bool,
    contexts: tuple[str, ...],
    quiet: bool,
    as_json: bool,
) -> None:
    """Walk the whole road: from a pull request to a served model, with refusals on the way.

    Makes an instance with personas, trains and registers five models, validates them without a
    network, gets them denied, approved, merged, released, promoted, served, refused, rolled back
    and audited. Everything that runs is real; everything that is made lies in one folder.

    With --cluster one model goes the road on a real Git host and into two real clusters, all on
    loopback. The servers are built once, which takes twenty minutes, and need 4 GiB of memory.
    Nothing of them stays: neither a process nor the folder, also after Ctrl-C.

    With --context NAME production's models go into a cluster that you have: NAME is a context of
    the files of KUBECONFIG, or a cluster of kind or k3d. Its user must be a cluster-admin. Nothing
    is written before all was looked at, and at the end everything that came is taken away again.
    On a node that runs nothing, pods only seem to run. The kubeconfig stays as it is.
    """
    place = (folder or cache_folder() / ("demo-cluster" if cluster else "demo")).absolute()
    teller = Teller(quiet=quiet or as_json)
    if cluster:
        from turnpike.cli.story.borrowed import Borrowed

        borrowed = Borrowed.of(contexts, os.environ, Path.cwd())
        with _gone_afterwards(place):
            if borrowed.names and _PRODUCT not in os.environ:
                _look(borrowed)
            _on_servers(teller, _workshop(teller, place, cluster=True), sandbox, borrowed)
        emit(as_json, teller.as_json(), teller.closing())
        return
    if contexts:
        raise UsageError("--context: expected --cluster beside it, got none")
    workshop = _workshop(teller, place, cluster=False)
    monorepo = open_instance(place).monorepo
    Story(teller, workshop, sandbox).tell()
    lines = [
        *teller.closing(),
        "",
        "Try next:",
        f"  cd {as_word(monorepo)}",
        "  ./turnpike status",
        "  ./turnpike history oncology/tumour-malignancy",
        "  ./turnpike new oncology/my-first-model",
    ]
    emit(as_json, teller.as_json(), lines)


def _workshop(teller: Teller, place: Path, *, cluster: bool) -> Workshop:
    """Make the instance where that is not done yet, and work in its clone from here on."""
    product = os.environ.get(_PRODUCT)
    if product is None:
        _begin(teller, place, cluster)
        _go_on_from_genesis(teller, place, cluster=cluster)
        product = str(PRODUCT)
    teller.take_over(os.environ.get(_STEPS, "[]"))
    house = House(open_instance(place))
    os.chdir(house.instance.monorepo)
    return Workshop(place, Path(product), house.organisation)


def _on_servers(
    teller: Teller, workshop: Workshop, sandbox: str | None, borrowed: Borrowed
) -> None:
    from turnpike.cli.story.cluster_chapters import ClusterStory

    ClusterStory(teller, workshop, PRODUCT, sandbox, borrowed).tell()


def _look(borrowed: Borrowed) -> None:
    """Look at the given clusters before anything else is done, and leave nothing of that here."""
    with tempfile.TemporaryDirectory() as folder:
        borrowed.look(Path(folder), PRODUCT)


@contextmanager
def _gone_afterwards(place: Path) -> Iterator[None]:
    """Remove the folder whatever ends the block: its end, a failure, Ctrl-C or SIGTERM.

    The process replaces itself by the one of the genesis in the middle, and holds both signals back
    meanwhile: here they are let in again.
    """
    if _PRODUCT not in os.environ:
        _clear(place)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        yield
    finally:
        with uninterrupted():
            os.chdir(PRODUCT)
            if place.exists():
                shutil.rmtree(place)


def _begin(teller: Teller, place: Path, cluster: bool) -> None:
    """Show the parts, and make the instance; one of an earlier demonstration is removed first."""
    teller.say("Turnpike: from a pull request to a served model, with nothing but judged commits.")
    with teller.chapter("Set up", "all parts are there"):
        set_up("all")
        teller.run("doctor", expect=None)
    with teller.chapter("Make an instance", "genesis, keys by role, embedded host, record"):
        _clear(place)
        with _organisation(cluster) as words:
            teller.run("init", str(place), "--with-personas", *words, shows="genesis")


def _clear(place: Path) -> None:
    """Remove an earlier demonstration; raises InputError for a folder that is anything else."""
    if (place / "instance.yaml").exists():
        shutil.rmtree(place)
    elif place.exists() and any(place.iterdir()):
        raise InputError(
            f"--folder {place}: expected a folder that is empty, or of an earlier demo",
            solution="Name another folder.",
        )


@contextmanager
def _organisation(cluster: bool) -> Iterator[tuple[str, ...]]:
    """Name the example company's organisation, in which everybody has an account on Gitea too."""
    if not cluster:
        yield ()
        return
    text = (PRODUCT / ORGANISATION_PATH).read_text("utf-8")
    both = re.sub(r"(?m)^( +)embedded: (\S+)$", r"\g<0>\n\1gitea: \2", text)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "organisation.yaml")
        file.write_text(both, "utf-8")
        yield "--organisation", str(file)


def _go_on_from_genesis(teller: Teller, place: Path, *, cluster: bool) -> None:
    """Let the story be told by the code in the genesis: that is what judges in this instance."""
    os.environ[_PRODUCT] = str(PRODUCT)
    os.environ[_STEPS] = json.dumps(teller.as_json())
    if cluster:  # nobody could clean up between the two processes
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    continue_from_base(place)
    if cluster:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
