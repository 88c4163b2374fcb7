"""Make an instance: keys, genesis, record, host, clone, in one folder that appears whole."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.git.location import locate
from turnpike.git.objects import Identity
from turnpike.git.process import Git
from turnpike.git.repository import Repository
from turnpike.instance.genesis import Genesis, facts_of
from turnpike.instance.host import set_up_host, write_pins
from turnpike.instance.instance import (
    ROLES,
    Instance,
    instance_yaml,
)
from turnpike.instance.locate import INSTANCE_FILE, SETTING, open_instance
from turnpike.instance.making import making
from turnpike.instance.plan import GenesisPlan, plan_instance
from turnpike.judge.genesis import genesis_decision
from turnpike.judge.layout import (
    CLOUDS_PATH,
    CODEOWNERS_PATH,
    ORGANISATION_PATH,
    SCHEDULE_PATH,
    environment_of,
)
from turnpike.record.record import Record
from turnpike.record.statements import statement_of_decision
from turnpike.signing.keys import create_key
from turnpike.signing.process import SigningProcess
from turnpike.signing.ssh import create_ssh_key, sign_ssh
from turnpike.topology.instance import InstanceDocument
from turnpike.topology.key import Key
from turnpike.topology.organisation import ORGANISATION, Organisation

MAIN = "refs/heads/main"
CODE = "platform/turnpike"
KEYS_LAST = timedelta(days=730)
ROOT = Identity("Turnpike root", "root@turnpike.dev")
GATE = Identity("Turnpike gate", "gate@turnpike.dev")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants an instance to be.

    ``product`` is a clone of Turnpike, whose committed tree is taken. ``organisation`` replaces
    the product's organisation.yaml. With ``with_personas``, SSH keys are made for everybody who
    has none: right for a demonstration, wrong for a company.
    """

    folder: Path
    product: Path
    organisation: Path | None = None
    with_personas: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """An instance; ``is_new`` is false where it stood there already."""

    instance: Instance
    is_new: bool
    warnings: tuple[str, ...] = ()


def init(wish: Wish, now: datetime) -> Made:
    """Make the instance that is wished for, unless its folder holds one; in about a second.

    Killed in the middle, it leaves nothing at its folder, and the next run starts over. Raises
    InputError or InvalidDocument for what cannot be used, Interrupted where another process is
    making the same instance.
    """
    folder = wish.folder.absolute()
    is_new = not (folder / INSTANCE_FILE).exists()
    if is_new:
        with Repository(wish.product) as product, making(folder) as partial:
            _Maker(wish, product, partial, folder, now.replace(microsecond=0)).make()
    return Made(open_instance(folder), is_new, _warnings(wish.product) if is_new else ())


class _Maker:
    """Makes the parts of one instance in their order; ``home`` is where it will stand."""

    def __init__(
        self, wish: Wish, product: Repository, partial: Path, home: Path, now: datetime
    ) -> None:
        self._wish = wish
        self._product = product
        self._partial = partial
        self._home = home
        self._now = now

    def make(self) -> None:
        """Make everything, the instance's own document last."""
        for private in ("keys", "people"):
            (self._partial / private).mkdir(mode=0o700)
        source = self._product.resolve("HEAD")
        organisation = self._organisation(source)
        ssh_keys = self._people(read(ORGANISATION, organisation, self._named()))
        root = create_ssh_key(self._partial / "keys" / "root.key", "root")
        keys = self._role_keys()
        files = self._product.files(source)
        plan = plan_instance(source, files, organisation, ssh_keys, keys)
        with Repository.create(self._partial / "host.git") as host:
            commit = self._commit(host, source, plan)
            genesis = self._genesis(host, commit, plan, keys)
            self._record(host, genesis)
            host.update_ref(MAIN, commit, None)
            host.materialise(commit, [CODE], self._partial / "installation")
        document = self._document(plan.organisation, commit, root, keys)
        self._finish(document)

    # --- keys -------------------------------------------------------------------------------

    def _organisation(self, source: ObjectId) -> bytes:
        if self._wish.organisation is not None:
            return _read_file(self._wish.organisation)
        content = self._product.read(source, ORGANISATION_PATH)
        if content is None:
            raise InputError(
                f"The product's committed tree lacks {ORGANISATION_PATH}.",
                solution="Name a file with your company's organisation.",
                code="instance.no-product",
            )
        return content

    def _named(self) -> str:
        return str(self._wish.organisation or ORGANISATION_PATH)

    def _people(self, organisation: Organisation) -> Mapping[str, str]:
        """Make SSH keys for the bots and, on demand, for the personas; return the public halves."""
        mute = [bot.id for bot in organisation.bots if not bot.ssh_keys]
        if self._wish.with_personas:
            mute += [person.id for person in organisation.people if not person.ssh_keys]
        people = self._partial / "people"
        return {name: create_ssh_key(people / name / "id_ed25519", name) for name in mute}

    def _role_keys(self) -> tuple[Key, ...]:
        folder, until = self._partial / "keys", self._now + KEYS_LAST
        return tuple(create_key(role, role, folder, self._now, until) for role in ROLES)

    # --- commits ----------------------------------------------------------------------------

    def _commit(self, host: Repository, source: ObjectId, plan: GenesisPlan) -> ObjectId:
        product_tree = self._product.commit(source).tree
        _copy_tree(self._product, host, product_tree)
        tree, new = host.tree_with(product_tree, plan.changes)
        root = self._partial / "keys" / "root.key"
        return host.write_commit(
            tree, (), ROOT, ROOT, plan.message, self._now,
            lambda signed: sign_ssh(root, "git", signed), new=new,
        )  # fmt: skip

    def _genesis(
        self, host: Repository, commit: ObjectId, plan: GenesisPlan, keys: tuple[Key, ...]
    ) -> Genesis:
        entries = host.files(commit, [CODEOWNERS_PATH, "policies", "environments"])
        wanted = {path: e.object for path, e in entries.items() if _is_ground(path)}
        blobs = host.blobs(wanted.values())
        code = host.tree_id(commit, CODE)
        assert code is not None  # noqa: S101 - plan_instance has asked for it
        return Genesis(
            commit=commit,
            tree=host.commit(commit).tree,
            code=code,
            git=host.version(),
            organisation=plan.organisation,
            keys=keys,
            files={path: blobs[blob] for path, blob in wanted.items()},
            when=self._now,
        )

    def _record(self, host: Repository, genesis: Genesis) -> None:
        facts = facts_of(genesis)
        statement = statement_of_decision(genesis_decision(facts))
        gate = next(key for key in genesis.keys if key.role == "gate")
        with SigningProcess(gate, self._partial / "keys" / "gate.key") as signer:
            Record(host).append(
                [signer.sign(statement)], None, GATE, self._now, signer.sign_commit,
                facts=canonical_document(facts),
            )  # fmt: skip

    # --- folders ----------------------------------------------------------------------------

    def _document(
        self, organisation: Organisation, genesis: ObjectId, root: str, keys: tuple[Key, ...]
    ) -> InstanceDocument:
        return InstanceDocument(
            api_version="turnpike.dev/v1",
            kind="Instance",
            name=organisation.name,
            created_at=self._now,
            genesis=genesis,
            root_key=root,
            gate_key=next(key.id for key in keys if key.role == "gate"),
        )

    def _finish(self, document: InstanceDocument) -> None:
        made = Instance(self._partial, document)
        set_up_host(made.host, Path(sys.executable))
        write_pins(made.pins, document)
        made.registry.mkdir()
        made.store().mkdir(parents=True)
        self._clone(made)
        (self._partial / INSTANCE_FILE).write_bytes(instance_yaml(document))

    def _clone(self, made: Instance) -> None:
        Git(made.host).run("clone", "--quiet", str(made.host), str(made.monorepo))
        clone = Git(made.monorepo / ".git")
        clone.run("config", "remote.origin.url", str(self._home / "host.git"))
        clone.run("config", SETTING, str(self._home))


def _is_ground(path: str) -> bool:
    fixed = path in {CODEOWNERS_PATH, SCHEDULE_PATH, CLOUDS_PATH} or path.startswith("policies/")
    return fixed or bool(environment_of(path))


def _copy_tree(source: Repository, target: Repository, tree: ObjectId) -> None:
    """Copy a tree with all that it holds, and no history, in one pack."""
    packed = source.refs.git.run(
        "pack-objects", "--stdout", "--revs", "-q", stdin=f"{tree}\n".encode()
    )
    target.refs.git.run("index-pack", "--stdin", stdin=packed.out)


def _warnings(product: Path) -> tuple[str, ...]:
    """Say what of the product's work tree did not come along."""
    location = locate(product)
    if location.git_dir == product.absolute():
        return ()
    answer = Git(location.git_dir).run(f"--work-tree={product.absolute()}", "status", "--porcelain")
    changed = answer.out.decode("utf-8", "replace").splitlines()
    if not changed:
        return ()
    return (f"{len(changed)} changes in {product} are not committed, and are not in the instance.",)


def _read_file(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(
            f"{file}: expected an organisation.yaml that can be read: {error.strerror}.",
            solution="Name the file of your company's organisation.",
            code="instance.no-organisation",
        ) from error
