"""The real cluster parts and the real Git host, built from their pinned modules.

etcd, Kubernetes' API server, controller manager and scheduler, kwok, Argo CD and a small Redis
come from one module; Gitea, Prometheus, kubectl and the gateway's oauth2-proxy, which pin other
versions, from one of their own each. What they need beside their programs (Argo CD's definitions,
kwok's stages, the custom resource definitions) is other people's text, so it is taken from the same
modules into the cache and never committed.
"""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from turnpike_setup.building import Workshop, build_once
from turnpike_setup.errors import SetupError
from turnpike_setup.go import ensure_go, required_version
from turnpike_setup.layout import CHECKOUT, Layout, digest_of
from turnpike_setup.progress import step

STACK = CHECKOUT / "tools" / "cluster"
GITEA = CHECKOUT / "tools" / "gitea"
KUBECTL = CHECKOUT / "tools" / "kubectl"
PROMETHEUS = CHECKOUT / "tools" / "prometheus"
OAUTH2_PROXY = CHECKOUT / "tools" / "oauth2_proxy"
CRDS = CHECKOUT / "tools" / "crds"

# Package to build: name of its program.
PROGRAMS = {
    "./cmd/miniredis": "miniredis",
    "go.etcd.io/etcd/server/v3": "etcd",
    "sigs.k8s.io/kwok/cmd/kwok": "kwok",
    "github.com/argoproj/argo-cd/v3/cmd": "argocd",
    "k8s.io/kubernetes/cmd/kube-apiserver": "kube-apiserver",
    "k8s.io/kubernetes/cmd/kube-controller-manager": "kube-controller-manager",
    "k8s.io/kubernetes/cmd/kube-scheduler": "kube-scheduler",
}
# Argo CD is one program that does what its name says.
ARGOCD = (
    "repo-server", "application-controller", "applicationset-controller", "server", "git-ask-pass",
)  # fmt: skip
SCRIPTS = ("git-verify-wrapper.sh", "git-ask-pass.sh", "gpg-wrapper.sh")
KEPT_KINDS = frozenset(
    (
        "CustomResourceDefinition", "ServiceAccount", "Role", "ClusterRole", "RoleBinding",
        "ClusterRoleBinding", "ConfigMap", "Secret",
    )
)  # fmt: skip
STAGES = (
    "node/fast/node-initialize", "node/heartbeat-with-lease/node-heartbeat-with-lease",
    "pod/fast/pod-ready", "pod/fast/pod-complete", "pod/fast/pod-delete",
)  # fmt: skip
DEFINITIONS = {
    "github.com/kserve/kserve": ("config/crd/full/serving.kserve.io_inferenceservices.yaml",),
    "github.com/prometheus-operator/prometheus-operator": (
        "example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml",
        "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
    ),
}
_KIND = re.compile(r"^kind: (\w+)", re.MULTILINE)


def cluster_path(layout: Layout) -> Path:
    """Folder of the cluster's programs, named after everything that they are built from."""
    sources = (STACK / "go.mod", STACK / "go.sum", STACK / "cmd" / "miniredis" / "main.go")
    return layout.cache / "cluster" / digest_of(*sources, CRDS / "go.sum")


def gitea_path(layout: Layout) -> Path:
    """Folder of Gitea's program and of the templates that it reads."""
    return layout.cache / "gitea" / digest_of(GITEA / "go.mod", GITEA / "go.sum")


def kubectl_path(layout: Layout) -> Path:
    """Folder of the kubectl with which runbooks are tried."""
    sources = (KUBECTL / "go.mod", KUBECTL / "go.sum", KUBECTL / "main.go")
    return layout.cache / "kubectl" / digest_of(*sources)


def prometheus_path(layout: Layout) -> Path:
    """Folder of the Prometheus that the clusters' tests read."""
    return layout.cache / "prometheus" / digest_of(PROMETHEUS / "go.mod", PROMETHEUS / "go.sum")


def oauth2_proxy_path(layout: Layout) -> Path:
    """Folder of the program that signs people in at the gateway."""
    sources = (OAUTH2_PROXY / "go.mod", OAUTH2_PROXY / "go.sum")
    return layout.cache / "oauth2-proxy" / digest_of(*sources)


def ensure_cluster(layout: Layout) -> Path:
    """Build the cluster's programs unless they are there; return their folder."""
    folder = cluster_path(layout)
    build_once(folder, "kube-apiserver", lambda workshop: _build_stack(layout, workshop))
    return folder


def ensure_gitea(layout: Layout) -> Path:
    """Build Gitea unless it is there; return its folder."""
    folder = gitea_path(layout)
    build_once(folder, "gitea", lambda workshop: _build_gitea(layout, workshop))
    return folder


def ensure_kubectl(layout: Layout) -> Path:
    """Build kubectl unless it is there; return its folder."""
    folder = kubectl_path(layout)
    build_once(folder, "kubectl", lambda workshop: _build_kubectl(layout, workshop))
    return folder


def ensure_prometheus(layout: Layout) -> Path:
    """Build Prometheus unless it is there; return its folder."""
    folder = prometheus_path(layout)
    build_once(folder, "prometheus", lambda workshop: _build_prometheus(layout, workshop))
    return folder


def ensure_oauth2_proxy(layout: Layout) -> Path:
    """Build oauth2-proxy unless it is there; return its folder."""
    folder = oauth2_proxy_path(layout)
    build_once(folder, "oauth2-proxy", lambda workshop: _build_oauth2_proxy(layout, workshop))
    return folder


def _build_stack(layout: Layout, workshop: Workshop) -> None:
    go, env = _go(layout, STACK), _environ(layout, STACK, cgo=False)
    version = _pinned(STACK, "k8s.io/kubernetes")
    name = "k8s.io/component-base/version"
    minor = version.split(".")[1]
    stamp = f"-X {name}.gitVersion={version} -X {name}.gitMajor=1 -X {name}.gitMinor={minor}"
    with step("cluster", "building etcd, Kubernetes, kwok and Argo CD, about twelve minutes"):
        _go_build(workshop, go, env, STACK, "", *PROGRAMS, stamp=stamp)
    for package, program in PROGRAMS.items():
        _rename(workshop.folder, _built_name(package), program)
    for role in ARGOCD:
        (workshop.folder / f"argocd-{role}").symlink_to("argocd")
    modules = _modules(
        workshop, go, env, STACK, "github.com/argoproj/argo-cd/v3", "sigs.k8s.io/kwok"
    )
    _take_argocd(modules["github.com/argoproj/argo-cd/v3"], workshop.folder)
    _take_stages(modules["sigs.k8s.io/kwok"] / "kustomize" / "stage", workshop.folder)
    _take_definitions(layout, workshop, go)


def _built_name(package: str) -> str:
    """What `go build` calls the program of a package: its last path element that is no version."""
    last = package.rsplit("/", 1)[-1]
    return package.rsplit("/", 2)[-2] if re.fullmatch(r"v\d+", last) else last


def _rename(folder: Path, built: str, program: str) -> None:
    if built != program:
        (folder / built).rename(folder / program)


def _take_argocd(module: Path, folder: Path) -> None:
    """Keep Argo CD's definitions without its workloads, and the scripts that it calls."""
    for script in SCRIPTS:
        shutil.copyfile(module / "hack" / script, folder / script)
        (folder / script).chmod(0o755)
    documents = (module / "manifests" / "install.yaml").read_text("utf-8").split("\n---\n")
    kept = [d for d in documents if (kind := _KIND.search(d)) and kind[1] in KEPT_KINDS]
    (folder / "argocd.yaml").write_text("\n---\n".join(kept), "utf-8")


def _take_stages(stages: Path, folder: Path) -> None:
    texts = [(stages / f"{name}.yaml").read_text("utf-8") for name in STAGES]
    (folder / "stages.yaml").write_text("\n---\n".join(texts), "utf-8")


def _take_definitions(layout: Layout, workshop: Workshop, go: Path) -> None:
    env = _environ(layout, CRDS, cgo=False)
    modules = _modules(workshop, go, env, CRDS, *DEFINITIONS)
    texts = [
        (modules[module] / file).read_text("utf-8").removeprefix("---\n")
        for module, files in DEFINITIONS.items()
        for file in files
    ]
    (workshop.folder / "definitions.yaml").write_text("\n---\n".join(texts), "utf-8")


def _build_gitea(layout: Layout, workshop: Workshop) -> None:
    go, env = _go(layout, GITEA), _environ(layout, GITEA, cgo=True)
    package = "code.gitea.io/gitea"
    version = _pinned(GITEA, package).removeprefix("v")
    with step("gitea", "building Gitea with SQLite, about five minutes"):
        tags, stamp = "sqlite sqlite_unlock_notify", f"-X main.Version={version}"
        _go_build(workshop, go, env, GITEA, "gitea", package, tags=tags, stamp=stamp)
    module = _modules(workshop, go, env, GITEA, package)[package]
    for folder in ("templates", "options", "public"):
        if (module / folder).is_dir():
            shutil.copytree(module / folder, workshop.folder / "static" / folder)


def _build_kubectl(layout: Layout, workshop: Workshop) -> None:
    go, env = _go(layout, KUBECTL), _environ(layout, KUBECTL, cgo=False)
    with step("kubectl", "building kubectl, about two minutes"):
        _go_build(workshop, go, env, KUBECTL, "kubectl", ".")


def _build_prometheus(layout: Layout, workshop: Workshop) -> None:
    go, env = _go(layout, PROMETHEUS), _environ(layout, PROMETHEUS, cgo=False)
    with step("prometheus", "building Prometheus, about three minutes"):
        # Without its clients of clouds, which find targets there: lists of targets are enough.
        package = "github.com/prometheus/prometheus/cmd/prometheus"
        _go_build(workshop, go, env, PROMETHEUS, "prometheus", package, tags="remove_all_sd")


def _build_oauth2_proxy(layout: Layout, workshop: Workshop) -> None:
    go, env = _go(layout, OAUTH2_PROXY), _environ(layout, OAUTH2_PROXY, cgo=False)
    with step("oauth2-proxy", "building oauth2-proxy, about two minutes"):
        package = "github.com/oauth2-proxy/oauth2-proxy/v7"
        _go_build(workshop, go, env, OAUTH2_PROXY, "oauth2-proxy", package)


def _go_build(
    workshop: Workshop,
    go: Path,
    env: Mapping[str, str],
    module: Path,
    program: str,
    *packages: str,
    tags: str = "",
    stamp: str = "",
) -> None:
    """Build packages of a pinned module, small and without a path of this machine.

    ``program`` is what the one built is called; empty where several keep their own names. ``stamp``
    is what the linker writes into them.
    """
    with_tags = ("-tags", tags) if tags else ()
    workshop.run(
        [go, "build", "-trimpath", "-buildvcs=false", "-mod=readonly", *with_tags,
         "-ldflags", f"-s -w {stamp}".rstrip(), "-o", f"{workshop.folder}/{program}", *packages],
        env, cwd=module,
    )  # fmt: skip


def _go(layout: Layout, module: Path) -> Path:
    """Return Go; where the installed one is older, it brings the one that the module names."""
    required_version(module / "go.mod")
    return ensure_go(layout)


def _environ(layout: Layout, module: Path, *, cgo: bool) -> dict[str, str]:
    version = ".".join(map(str, required_version(module / "go.mod")))
    kept = {k: v for k, v in layout.environ.items() if k not in ("GOFLAGS", "GOROOT")}
    cc = shutil.which("gcc", path=layout.environ.get("PATH"))
    if cgo and cc is None:
        raise SetupError("expected a C compiler for SQLite, found none", "apt-get install gcc")
    # A toolchain comes as a Go module like any other; "auto" where no whole version is named.
    toolchain = f"go{version}+auto" if version.count(".") == 2 else "auto"
    return kept | {
        "CGO_ENABLED": str(int(cgo)),
        "GOWORK": "off",
        "GOTOOLCHAIN": toolchain,
    }


def _pinned(module: Path, package: str) -> str:
    text = (module / "go.mod").read_text("utf-8")
    pin = re.search(rf"^\s*(?:require\s+)?{re.escape(package)} (v\S+)", text, re.MULTILINE)
    if pin is None:
        raise SetupError(f"expected {package} in {module / 'go.mod'}", f"git checkout -- {module}")
    return pin[1]


def _modules(
    workshop: Workshop, go: Path, env: dict[str, str], module: Path, *paths: str
) -> dict[str, Path]:
    """Return each module's folder in Go's cache; Go itself compares what it gets with go.sum."""
    text = workshop.run([go, "mod", "download", "-json", *paths], env, cwd=module)
    decoder, folders = json.JSONDecoder(), {}
    text = text[text.index("{") :].strip()
    while text:
        found, end = decoder.raw_decode(text)
        folders[found["Path"]] = Path(found["Dir"])
        text = text[end:].lstrip()
    return folders
