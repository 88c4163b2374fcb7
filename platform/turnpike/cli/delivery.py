"""``turnpike delivery``: is what runs in the clusters what main released, and if not, why?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from turnpike.cli.clone import clone_option, read_in
from turnpike.cli.output import emit, json_option, progress
from turnpike.cli.span import Span

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path

    from turnpike.cli.delivering import Round
    from turnpike.cluster.argocd_api import ArgoCdApi
    from turnpike.delivery.wanted import Wanted

_HELP = """
Compare what runs in the clusters with what main released, by digest, and say why it differs.

The truth is read through the Kubernetes API: Argo CD's Application, the object that carries the
artifact, its Deployments and its pods. Each target's cluster is the kubeconfig's context of the
name that environment.yaml gives the cluster; nothing is ever written there. What Argo CD itself
makes of it shows `tree`, and `sync` lets it look at main at once; both ask its own server.

\b
Exit codes: 0 in step, 1 out of step, 2 bad usage, 3 a cluster could not be read.
"""


@click.group(help=_HELP)
def command() -> None:
    """Look at a model in an environment's clusters."""


def _options(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb what all three take, and hand it the one object that all three look through."""

    @click.argument("model", metavar="TEAM/MODEL")
    @click.option("--environment", required=True, help="Whose targets are looked at.")
    @click.option("--target", "targets", multiple=True, help="Only this target; default: all.")
    @click.option("--kubeconfig", help="File with the contexts; default: KUBECONFIG's.")
    @click.option("--argocd-context", default="argocd", show_default=True,
                  help="Context of the cluster in which Argo CD keeps its objects.")  # fmt: skip
    @click.option("--argocd-namespace", default="argocd", show_default=True, help="Where there.")
    @clone_option
    @json_option
    @wraps(verb)
    def with_options(
        model: str, environment: str, targets: tuple[str, ...], kubeconfig: str | None,
        argocd_context: str, argocd_namespace: str, clone: Path | None, **rest: Any,  # noqa: ANN401 - as click calls
    ) -> None:  # fmt: skip
        from turnpike.cli.delivering import round_of
        from turnpike.cli.releasing import model_key

        place = (kubeconfig, argocd_context, argocd_namespace)
        read = read_in(clone)
        verb(round_of(read, model_key(model), environment, targets, place), **rest)

    return with_options


@command.command()
@_options
def status(look: Round, as_json: bool) -> None:
    """Say for each target whether it is in step with main, and what is out of step and why."""
    from turnpike.cli.delivering import code_of, lines_of, value_of

    seen = look.now()
    emit(as_json, value_of(seen), lines_of(seen))
    sys.exit(code_of(seen))


@command.command()
@click.option("--timeout", type=Span(), default="5m", show_default=True, help="How long at most.")
@_options
def wait(look: Round, as_json: bool, timeout: timedelta) -> None:
    """Wait until every target is in step with main as it is then; say what it waits for.

    Ends with exit code 1, and what is still out of step, when the time is over.
    """
    from turnpike.cli.delivering import code_of, lines_of, value_of

    seen = look.until_in_step(timeout.total_seconds(), progress)
    emit(as_json, value_of(seen), lines_of(seen))
    sys.exit(code_of(seen))


@command.command()
@_options
def diff(look: Round, as_json: bool) -> None:
    """Show, field by field, what the clusters have otherwise than main's manifests.

    A field that the manifests leave open is no difference.
    """
    from turnpike.cli.delivering import diff_lines, diff_value

    found = look.divergences()
    emit(as_json, diff_value(found), diff_lines(found))
    sys.exit(1 if any(one.found for one in found) else 0)


def _argocd_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb what it takes to ask Argo CD itself, and hand it that and the Applications."""

    @click.argument("model", metavar="TEAM/MODEL")
    @click.option("--environment", required=True, help="Whose targets are meant.")
    @click.option("--target", "targets", multiple=True, help="Only this target; default: all.")
    @click.option("--argocd-url", "url", required=True, envvar="TURNPIKE_ARGOCD_URL",
                  help="Address of Argo CD's server; default: TURNPIKE_ARGOCD_URL.")  # fmt: skip
    @clone_option
    @json_option
    @wraps(verb)
    def with_options(
        model: str, environment: str, targets: tuple[str, ...], url: str, clone: Path | None,
        *, as_json: bool,
    ) -> None:  # fmt: skip
        from turnpike.cli.asking_argocd import applications, argocd_at
        from turnpike.cli.releasing import model_key

        wanted = applications(read_in(clone), model_key(model), environment, targets)
        verb(argocd_at(url), wanted, as_json=as_json)

    return with_options


@command.command()
@_argocd_options
def tree(argocd: ArgoCdApi, wanted: Sequence[Wanted], as_json: bool) -> None:
    """Show what Argo CD made of each Application: its objects, their health, and what differs.

    Below each object stand those that were made for it, and the fields that a sync would change as
    Argo CD sees it. The account's token is in TURNPIKE_ARGOCD_TOKEN, or in the file that
    TURNPIKE_ARGOCD_TOKEN_FILE names. Whether what runs is what was released says `turnpike delivery
    status`, which takes nobody's word for it. Exit code 1 where something differs.
    """
    from turnpike.cli.asking_argocd import tree_lines, tree_value, trees

    seen = trees(argocd, wanted)
    emit(as_json, tree_value(seen), tree_lines(seen))
    sys.exit(1 if any(one.differs for one in seen) else 0)


@command.command()
@_argocd_options
def sync(argocd: ArgoCdApi, wanted: Sequence[Wanted], as_json: bool) -> None:
    """Let Argo CD look at main now, and apply what is there, instead of when it is due.

    It syncs by itself; this spares the wait, and tries again what it gave up. Nothing gets in that
    is not on main and signed, and nothing is removed. A sync window that is closed keeps it from
    nothing that somebody asks for, for what is on main the gate let in; one of its own syncs that
    waits for the window is ended. The account's token is in TURNPIKE_ARGOCD_TOKEN, or in the file
    that TURNPIKE_ARGOCD_TOKEN_FILE names.
    """
    from turnpike.cli.asking_argocd import sync_lines, sync_value, synced

    begun = synced(argocd, wanted)
    emit(as_json, sync_value(begun), sync_lines(begun))


@command.command()
@click.option("--environment", required=True, help="Whose clusters are looked at.")
@click.option("--target", "targets", multiple=True, help="Only this target; default: all.")
@click.option("--kubeconfig", help="File with the contexts; default: KUBECONFIG's.")
@click.option("--known", multiple=True, metavar="NAME",
              help="A mutating webhook or policy binding that you know of.")  # fmt: skip
@clone_option
@json_option
def admission(
    environment: str, targets: tuple[str, ...], kubeconfig: str | None, known: tuple[str, ...],
    clone: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say whether each cluster's admission is main's, and what changes objects in spite of it.

    Compares the policies and bindings of platform/argocd/admission with the cluster's, fields that
    Git does not name included, and names mutating webhooks and policies that reach namespaces of
    models, but for those of KServe and Knative themselves.
    """
    from turnpike.cli.delivering import code_of
    from turnpike.cli.looking_at_admission import (
        admission_lines,
        admission_value,
        look_at_admission,
    )

    monorepo = read_in(clone)
    seen = look_at_admission(monorepo, environment, targets, kubeconfig, frozenset(known))
    emit(as_json, admission_value(seen), admission_lines(seen))
    sys.exit(code_of(seen))


@command.command()
@clone_option
@json_option
def signers(clone: Path | None, as_json: bool) -> None:
    """Print whose signature Argo CD shall ask of a commit: Git's allowed_signers for the gate.

    The line above each key has the id that platform/argocd names it by. Print it anew, and give it
    to Argo CD, whenever policies/keys/ changes.
    """
    from datetime import UTC, datetime

    from turnpike.record.keys import keys_at
    from turnpike.signing.allowed_signers import allowed_signers, gate_signers, key_id

    read = read_in(clone)
    keys = gate_signers(keys_at(read.host, read.main), datetime.now(UTC))
    value = {"allowedSigners": allowed_signers(keys), "keys": [key_id(key) for key in keys]}
    emit(as_json, value, allowed_signers(keys).splitlines())
