"""What an installation is made of: the pinned packages, their licences, their known vulnerabilities.

python .ci/parts.py sbom FILE    a CycloneDX list of requirements.txt, checked against CycloneDX's own schema
python .ci/parts.py licences     each package of both requirements files whose licence is not one that is allowed
python .ci/parts.py audit        what pip-audit knows; fails where it could not ask about every package
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import ExpressionError, get_spdx_licensing
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
RUNTIME, DEVELOPMENT = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
SPDX = get_spdx_licensing()
WHAT_TO_DO = (
    "Read its licence. If it may be used, put its words into [words] or the package into [settled] of "
    ".ci/licences.toml, with what you read; if not, take another package."
)


@dataclass(frozen=True, slots=True)
class Part:
    """One pinned package. `licence` is an SPDX expression; '' where nothing says which it is."""

    name: str
    version: str
    licence: str
    needs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """`.ci/licences.toml`."""

    allowed: frozenset[str]
    words: dict[str, str]
    settled: dict[str, dict[str, str]]
    tests_only: dict[str, list[str]]


@cache
def rules() -> Rules:
    found = tomllib.loads((ROOT / ".ci/licences.toml").read_text())
    return Rules(frozenset(found["allowed"]), found["words"], found["settled"], found["tests_only"])


def parts(requirements: Path) -> Iterator[Part]:
    """Each pin of a requirements file; a package with two pins, for two platforms, is two parts."""
    for name, version in re.findall(
        r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", requirements.read_text(), flags=re.M
    ):
        try:
            told = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            yield Part(name, version, rules().settled.get(name, {}).get("licence", ""), frozenset())
            continue
        wanted = [Requirement(one) for one in told.requires or []]
        needs = frozenset(
            canonicalize_name(one.name)
            for one in wanted
            if one.marker is None or one.marker.evaluate({"extra": ""})
        )
        yield Part(name, version, licence_of(name, told.metadata), needs)


def licence_of(name: str, said: Any) -> str:
    """As a person settled it; else as the package says it: in SPDX's words, in a line, or in one classifier."""
    if name in rules().settled:
        return rules().settled[name]["licence"]
    classifiers = [
        one.rsplit(" :: ", 1)[1] for one in said.get_all("Classifier") or [] if one.startswith("License ::")
    ]
    for words in (
        said.get("License-Expression"),
        said.get("License"),
        *(classifiers if len(classifiers) == 1 else ()),
    ):
        known = rules().words.get((words or "").strip(), (words or "").strip())
        if known and _is_spdx(known):
            return known
    return ""


def _is_spdx(words: str) -> bool:
    try:
        return len(words) < 200 and SPDX.parse(words, validate=True, strict=True) is not None
    except ExpressionError:
        return False


def may_be_used(part: Part, *, in_tests: bool) -> bool:
    """Whether every licence it needs, or one of those to choose from, is an allowed one."""
    if not part.licence:
        return False
    if part.licence in rules().tests_only:
        return in_tests and part.name in rules().tests_only[part.licence]

    def holds(node: Any) -> bool:
        if getattr(node, "args", ()):
            return (any if node.operator.strip() == "OR" else all)(holds(one) for one in node.args)
        return str(node) in rules().allowed

    return holds(SPDX.parse(part.licence))


def refused() -> list[str]:
    """A sentence for each package that must not be here, and for each settled one that is not here any more."""
    runtime = {part.name for part in parts(RUNTIME)}
    everything = [*parts(RUNTIME), *(part for part in parts(DEVELOPMENT) if part.name not in runtime)]
    said = [
        f"{part.name} {part.version}: {part.licence or 'no licence that a program can read'}. {WHAT_TO_DO}"
        for part in everything
        if not may_be_used(part, in_tests=part.name not in runtime)
    ]
    gone = set(rules().settled) - {part.name for part in everything}
    return said + [
        f"{name} is settled in .ci/licences.toml and no longer a dependency: take it out." for name in gone
    ]


def bill(requirements: Path) -> str:
    """The CycloneDX document. Its serial number follows from the pins: the same ones are the same document."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    root = Component(
        name=ours["name"], version=ours["version"], type=ComponentType.APPLICATION, bom_ref=ours["name"],
        description=ours["description"],
    )  # fmt: skip
    document = Bom(serial_number=uuid5(NAMESPACE_URL, requirements.read_text()))
    document.metadata.component = root
    components, needs = {}, {}
    for part in parts(requirements):
        address = PackageURL("pypi", name=part.name, version=part.version)
        one = Component(
            name=part.name, version=part.version, type=ComponentType.LIBRARY, bom_ref=str(address), purl=address,
            licenses=[LicenseExpression(part.licence)] if part.licence else [],
        )  # fmt: skip
        document.components.add(one)
        components[part.name], needs[part.name] = one, part.needs
    for name, one in components.items():
        document.register_dependency(one, [components[need] for need in needs[name] if need in components])
    direct = {canonicalize_name(Requirement(one).name) for one in ours["dependencies"]}
    document.register_dependency(root, [components[name] for name in direct if name in components])
    text: str = make_outputter(document, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)
    if (problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)) is not None:
        raise SystemExit(f"The list is not as CycloneDX wants it: {problem}")
    return text


def audit() -> int:
    """pip-audit's findings. It passes packages that it could not ask about; here they are a failure."""
    command = [
        "pip_audit",
        "-r",
        str(RUNTIME),
        "--require-hashes",
        "--disable-pip",
        "-f",
        "json",
        "--progress-spinner",
        "off",
    ]
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    try:
        told = json.loads(done.stdout)["dependencies"]
    except ValueError:
        print(
            done.stderr[-2000:],
            "\nNot audited: no advisories could be read. This says nothing about the packages.",
        )
        return 2
    return judged(told)


def judged(told: list[dict[str, Any]]) -> int:
    """0: every package was asked about and none is vulnerable; 1: one is; 2: some could not be asked about."""
    for one in told:
        for found in one.get("vulns", []):
            print(
                f"{one['name']} {one['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'none'}"
            )
    skipped = [one["name"] for one in told if "skip_reason" in one]
    asked = len(told) - len(skipped)
    if any(one.get("vulns") for one in told):
        return 1
    if skipped or not told:
        print(
            f"Not audited: advisories could be read for {asked} of {len(told)} packages. Nothing is known of the rest:"
            f" {', '.join(skipped[:5])} … Run it where PyPI's own advisories (pypi.org) can be reached."
        )
        return 2
    print(f"{asked} packages, no known vulnerability.")
    return 0


def main(wish: str, *rest: str) -> int:
    if wish == "audit":
        return audit()
    if wish == "licences":
        print("\n".join(said := refused()) or "Every licence is one that is allowed.")
        return bool(said)
    file = Path(rest[0])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(bill(RUNTIME) + "\n")
    print(f"{file}: {sum(1 for _ in parts(RUNTIME))} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
