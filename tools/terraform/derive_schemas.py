"""Derive plugin/schemas.json from the published CDK bindings of the providers.

Run on demand, when a module uses a new type: `tools/terraform/check --derive`. It takes the
packages below by `npm pack` (their SHA-256 is pinned here), reads the JavaScript of the types that
the modules use, and writes names, types and uses; no text of theirs. What the bindings have lost
stands in docs/adr: exact item counts above one, sensitivity, and, for arguments of plain type,
whether an optional one is also computed.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from turnpike_terraform.tree import UsedType, used_types

HERE = Path(__file__).resolve().parent
OUTPUT = HERE / "plugin" / "schemas.json"
WHOLE = re.MULTILINE | re.DOTALL


@dataclass(frozen=True, slots=True)
class Package:
    """Bindings of one provider: npm package, its bytes' SHA-256, the provider's version."""

    name: str
    sha256: str
    provider_version: str


PACKAGES = {
    "google": Package(
        "@cdktf/provider-google@16.12.1",
        "c13e11596542ffb7412d5f4caa9376525fbef88d18cdedac03c9b3c392a1fc80",
        "6.50.0",
    ),
    "google-beta": Package(
        "@cdktf/provider-google-beta@16.12.1",
        "573cb241a3e378e79a3bd6a099caf3688d165b652b26fae260b65c9e3922acdf",
        "6.50.0",
    ),
    "azurerm": Package(
        "@cdktf/provider-azurerm@14.22.0",
        "aa709fe251c8d7029f15de7dcb11184ca27427e9b9db03db6b8e25ecdb9d742c",
        "4.54.0",
    ),
    "helm": Package(
        "@cdktf/provider-helm@10.5.0",
        "08183da6e9a495325edda69a423ee2f97e7df4b8ea3c0a2b2375e9652c67b9bd",
        "2.17.0",
    ),
}

PLAIN = {
    "string": "string",
    "boolean": "bool",
    "number": "number",
    "any": "dynamic",
    "stringList": ["list", "string"],
    "numberList": ["list", "number"],
    "stringMap": ["map", "string"],
    "numberMap": ["map", "number"],
    "booleanMap": ["map", "bool"],
}
GETTERS = {
    "String": "string",
    "Boolean": "bool",
    "Number": "number",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
}
REFERENCES = {
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
    "StringMapList": ["list", ["map", "string"]],
}

Type = str | list["Type"] | dict[str, "Type"]


class Unreadable(Exception):
    """The bindings are not of the form that this program reads."""


@dataclass(slots=True)
class Block:
    """Attributes as [type, use], and nested blocks."""

    attributes: dict[str, list[Type]] = field(default_factory=dict)
    blocks: dict[str, "Nested"] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """The form of schemas.json."""
        parts: dict[str, object] = {"attributes": dict(sorted(self.attributes.items()))}
        if self.blocks:
            parts["blocks"] = {name: at.document() for name, at in sorted(self.blocks.items())}
        return parts


@dataclass(slots=True)
class Nested:
    """A block in a block; `most` 0 is any number."""

    nesting: str
    least: int
    most: int
    block: Block

    def document(self) -> dict[str, object]:
        """The form of schemas.json."""
        counts = {"min": self.least, "max": self.most}
        counted = {name: count for name, count in counts.items() if count}
        return {"nesting": self.nesting} | counted | {"block": self.block.document()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One argument as the bindings write it in `synthesizeHclAttributes` and its like."""

    name: str
    value: str
    is_block: bool
    form: str
    storage: str


@dataclass(frozen=True, slots=True)
class Bindings:
    """The JavaScript and the declarations of one type."""

    code: str
    declarations: str

    def arguments(self, body: str) -> Iterator[Entry]:
        """The arguments in one function's body."""
        pattern = re.compile(
            r"^ +(\w+): \{\n +value: (.+),\n +isBlock: (true|false),\n"
            r' +type: "(\w+)",\n +storageClassType: "(\w+)",\n',
            re.MULTILINE,
        )
        for name, value, is_block, form, storage in pattern.findall(body):
            yield Entry(name, value, is_block == "true", form, storage)

    def function(self, name: str) -> str:
        """The body of a function at the top level of the file."""
        found = re.search(rf"^function {name}\(struct\) \{{\n(.*?)^\}}", self.code, WHOLE)
        if found is None:
            raise Unreadable(f"expected a function {name}")
        return found[1]

    def class_body(self, name: str) -> str:
        """The body of a class."""
        found = re.search(rf"^class {name} extends .*?\{{\n(.*?)^\}}", self.code, WHOLE)
        if found is None:
            raise Unreadable(f"expected a class {name}")
        return found[1]

    def required(self, interface: str) -> set[str]:
        """Names, in camel case, that an interface demands."""
        found = re.search(
            rf"^export interface {interface} (?:extends [\w.]+ )?\{{\n(.*?)^\}}",
            self.declarations, re.MULTILINE | re.DOTALL,
        )  # fmt: skip
        if found is None:
            raise Unreadable(f"expected an interface {interface}")
        return set(re.findall(r"^    readonly (\w+):", found[1], re.MULTILINE))


def camel(name: str) -> str:
    """The bindings' name of an argument."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def argument_type(entry: Entry) -> Type:
    """The type of an argument that is no block."""
    kind = PLAIN.get(entry.storage)
    if kind is None:
        raise Unreadable(f"{entry.name}: unknown type {entry.storage}")
    if isinstance(kind, list) and kind[0] == "list" and entry.form == "set":
        return ["set", kind[1]]
    return kind


def read_block(bindings: Bindings, body: str, interface: str, owner: str) -> Block:
    """A block: its arguments from a function's body, what is computed from the class `owner`."""
    block, required = Block(), bindings.required(interface)
    for entry in bindings.arguments(body):
        needed = camel(entry.name) in required
        if entry.is_block:
            block.blocks[entry.name] = read_nested(bindings, entry, needed)
        else:
            use = "required" if needed else "optional"
            block.attributes[entry.name] = [argument_type(entry), use]
    if owner:
        for name, kind in computed(bindings, owner):
            block.attributes.setdefault(name, [kind, "computed"])
    return block


def read_nested(bindings: Bindings, entry: Entry, needed: bool) -> Nested:
    """A nested block; the function in its value names the structure."""
    function = re.search(r"(\w+)ToHclTerraform", entry.value)
    if function is None:
        raise Unreadable(f"{entry.name}: expected a function in {entry.value}")
    structure = function[1][:1].upper() + function[1][1:]
    many = "listMapperHcl" in entry.value
    body = bindings.function(f"{function[1]}ToHclTerraform")
    owner = f"{structure}OutputReference"
    if f"class {owner} " not in bindings.code:
        owner = ""
    nesting = "single" if entry.form == "struct" else entry.form
    most = 0 if many or nesting == "single" else 1
    inner = read_block(bindings, body, structure, owner)
    return Nested(nesting, int(needed and nesting != "single"), most, inner)


def computed(bindings: Bindings, owner: str) -> Iterator[tuple[str, Type]]:
    """What a class says is computed and can't be set."""
    body = bindings.class_body(owner)
    marks = re.compile(
        r"^ +// (\w+) - computed: true, optional: false, required: false\n(?=(.+\n.*))",
        re.MULTILINE,  # looked at, not taken: one mark may stand right below another
    )
    for name, following in marks.findall(body):
        yield name, computed_type(bindings, name, following)


def computed_type(bindings: Bindings, name: str, following: str) -> Type:
    """The type of a computed attribute, from the getter or the field below its mark."""
    if getter := re.search(r"this\.get(\w+)Attribute\(", following):
        return GETTERS[getter[1]]
    if mapped := re.search(r"new cdktf\.(\w+)\(", following):
        return REFERENCES[mapped[1]]
    if listed := re.search(r"new (\w+)List\(this, \"\w+\", (true|false)\)", following):
        fields = dict(computed(bindings, f"{listed[1]}OutputReference"))
        return ["set" if listed[2] == "true" else "list", ["object", fields]]
    if getter := re.search(r"cdktf\.Fn\.tolist\(this\.get(\w+)Attribute", following):
        return ["set", GETTERS[getter[1]][1]]
    raise Unreadable(f"{name}: can't tell its type from {following}")


def read_type(bindings: Bindings, name: str) -> Block:
    """A resource, a data source, or a provider."""
    owner = re.search(
        r"^class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider) ",
        bindings.code, re.MULTILINE,
    )  # fmt: skip
    if owner is None:
        raise Unreadable(f"{name}: expected a class of a resource, a data source or a provider")
    body = bindings.class_body(owner[1])
    synthesis = body.partition("synthesizeHclAttributes()")[2]
    block = read_block(bindings, synthesis, f"{owner[1]}Config", owner[1])
    if "id" in block.attributes and block.attributes["id"][1] == "optional":
        block.attributes["id"] = ["string", "optional computed"]
    return block


def unpack(package: Package, folder: Path) -> Path:
    """Take a package by npm, compare its digest, and unpack it."""
    subprocess.run(
        ["npm", "pack", "--silent", package.name], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )
    (archive,) = folder.glob("*.tgz")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if digest != package.sha256:
        raise Unreadable(f"{package.name}: expected SHA-256 {package.sha256}, got {digest}")
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return folder / "package" / "lib"


def bindings_of(library: Path, provider: str, name: str, data: bool) -> Bindings:
    """The files of one type; its folder is named after it."""
    short = name.removeprefix(f"{provider}_").replace("_", "-")
    candidates = [f"data-{provider}-{short}"] if data else [short, f"{short}-resource"]
    folder = next((library / at for at in candidates if (library / at).is_dir()), None)
    if folder is None:
        raise Unreadable(f"{name}: the bindings have no folder {' or '.join(candidates)}")
    return Bindings(texts(folder, "js"), texts(folder, "d.ts"))


def texts(folder: Path, suffix: str) -> str:
    """All files of one kind below a folder as one; large types are spread over several."""
    together = "\n".join(
        file.read_text(encoding="utf-8") for file in sorted(folder.rglob(f"*.{suffix}"))
    )
    return re.sub(r"\b\w*structs\w*_\d+\.(?=\w)", "", together)


def derive_provider(
    provider: str, package: Package, library: Path, used: set[UsedType]
) -> dict[str, object]:
    """Everything of one provider that schemas.json holds."""
    own = bindings_of(library, provider, "provider", data=False)
    if f"providerVersion: '{package.provider_version}'" not in own.code:
        raise Unreadable(f"{package.name}: expected bindings of {package.provider_version}")
    document: dict[str, object] = {
        "version": package.provider_version,
        "package": package.name,
        "provider": read_type(own, provider).document(),
    }
    for key, kind in (("resources", "resource"), ("data", "data")):
        names = sorted(at.name for at in used if at.provider == provider and at.kind == kind)
        document[key] = {
            name: read_type(bindings_of(library, provider, name, kind == "data"), name).document()
            for name in names
        }
    return document


def written(document: Mapping[str, Mapping[str, object]]) -> str:
    """JSON with one type a line, so that a difference can be read."""
    lines = []
    for provider, parts in document.items():
        members = []
        for key, value in parts.items():
            if key in {"resources", "data"} and isinstance(value, dict) and value:
                inner = ",\n".join(f"{json.dumps(n)}:{compact(v)}" for n, v in value.items())
                members.append(f"{json.dumps(key)}:{{\n{inner}\n}}")
            else:
                members.append(f"{json.dumps(key)}:{compact(value)}")
        lines.append(f"{json.dumps(provider)}:{{" + ",\n".join(members) + "}")
    return "{" + ",\n".join(lines) + "}\n"


def compact(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), sort_keys=False)


def main(modules: Path) -> int:
    """Derive all providers and write the file."""
    used, document = used_types(modules), {}
    with tempfile.TemporaryDirectory() as scratch:
        for provider, package in PACKAGES.items():
            folder = Path(scratch, provider)
            folder.mkdir()
            library = unpack(package, folder)
            document[provider] = derive_provider(provider, package, library, used)
    OUTPUT.write_text(written(document), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
