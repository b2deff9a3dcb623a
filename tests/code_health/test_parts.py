"""What this program is made of is known, may be used, and is never called safe by somebody who could not ask."""

from __future__ import annotations

import importlib.util
import json
import sys
from email.message import Message
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("parts", ROOT / ".ci/parts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["parts"] = module
    spec.loader.exec_module(module)
    return module


def test_every_package_has_a_licence_that_is_allowed(tool: ModuleType) -> None:
    """A new dependency fails here until somebody has read its licence."""
    assert tool.refused() == []


def said(expression: str = "", line: str = "", *classifiers: str) -> Message:
    message = Message()
    for name, value in (("License-Expression", expression), ("License", line)):
        if value:
            message[name] = value
    for one in classifiers:
        message["Classifier"] = f"License :: OSI Approved :: {one}"
    return message


@pytest.mark.parametrize(
    ("metadata", "licence", "allowed"),
    [
        (said("MIT"), "MIT", True),
        (said("MIT OR GPL-3.0-only"), "MIT OR GPL-3.0-only", True),
        (said("MIT AND GPL-3.0-only"), "MIT AND GPL-3.0-only", False),
        (
            said("MPL-2.0 AND (Apache-2.0 OR AGPL-3.0-only)"),
            "MPL-2.0 AND (Apache-2.0 OR AGPL-3.0-only)",
            True,
        ),
        (said("AGPL-3.0-or-later"), "AGPL-3.0-or-later", False),
        (said("", "New BSD"), "BSD-3-Clause", True),
        (said("", "", "MIT License"), "MIT", True),
        (said("", "", "MIT License", "GNU General Public License v3 (GPLv3)"), "", False),
        (said("", "Copyright (c) 2018 somebody, all rights reserved"), "", False),
        (said(), "", False),
    ],
)
def test_a_licence_is_read_or_refused_and_never_guessed(
    tool: ModuleType, metadata: Message, licence: str, allowed: bool
) -> None:
    part = tool.Part("new-thing", "1.0", tool.licence_of("new-thing", metadata), frozenset())
    assert part.licence == licence
    assert tool.may_be_used(part, in_tests=True) is allowed


def test_what_is_for_tests_alone_is_not_shipped(tool: ModuleType) -> None:
    part = tool.Part("pdfix-sdk", "1.0", "LicenseRef-PDFix", frozenset())
    assert tool.may_be_used(part, in_tests=True)
    assert not tool.may_be_used(part, in_tests=False)
    assert not tool.may_be_used(tool.Part("other", "1.0", "LicenseRef-PDFix", frozenset()), in_tests=True)


def test_the_bill_of_materials_names_every_pin_once_and_what_needs_it(
    tool: ModuleType, tmp_path: Path
) -> None:
    file = tmp_path / "some/where/bill.json"
    assert tool.main("sbom", str(file)) == 0  # its schema is checked while it is written
    bill = json.loads(file.read_text())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "riskassess"
    named = {one["name"]: one for one in bill["components"]}
    assert set(named) == {part.name for part in tool.parts(ROOT / "requirements.txt")}
    assert "pytest" not in named
    assert named["django"]["licenses"] == [{"expression": "BSD-3-Clause"}]
    assert named["django"]["purl"] == f"pkg:pypi/django@{named['django']['version']}"
    needs = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    assert named["django"]["bom-ref"] in needs["riskassess"]
    assert named["sqlparse"]["bom-ref"] in needs[named["django"]["bom-ref"]]
    again = json.loads(tool.bill(ROOT / "requirements.txt"))
    assert again["serialNumber"] == bill["serialNumber"]


def test_what_could_not_be_asked_about_is_not_called_safe(
    tool: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """pip-audit itself says “No known vulnerabilities found” of packages that it could not ask about."""
    safe, mute = {"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "not found"}
    found = {"name": "c", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}
    assert tool.judged([safe]) == 0
    assert tool.judged([safe, mute]) == 2
    assert "Not audited" in capsys.readouterr().out
    assert tool.judged([mute, found]) == 1
    assert "c 1: PYSEC-1, mended in 2" in capsys.readouterr().out
    assert tool.judged([]) == 2
