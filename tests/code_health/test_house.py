"""The house keeps its own promises: small files, hashed pins, safe settings, commands that exist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listed.stdout.splitlines()]


def production(**environment: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return {**kept, "RISKASSESS_MODE": "production", **environment}


def manage(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("folder", ["riskassess", "config", "templates"])
def test_no_file_tells_two_stories(folder: str) -> None:
    files = [file for file in tracked(f"{folder}/*.py", f"{folder}/*.html") if "migrations" not in file.parts]
    long = {file.name: len(file.read_text().splitlines()) for file in files}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    pins = re.findall(r"^[a-z0-9].*?==.*?(?=^[a-z0-9]|\Z)", text, flags=re.M | re.S)
    assert len(pins) > 50
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in text


def test_production_refuses_to_start_without_a_secret(tmp_path: Path) -> None:
    refused = manage("check", environment=production(RISKASSESS_VAR=str(tmp_path)))
    assert refused.returncode != 0
    assert "SECRET_KEY" in refused.stderr


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    settings = production(
        RISKASSESS_VAR=str(tmp_path), SECRET_KEY="k" * 20 + "0123456789" * 4, ALLOWED_HOSTS="risk.example.com"
    )
    checked = manage("check", "--deploy", "--fail-level", "WARNING", environment=settings)
    assert checked.returncode == 0, checked.stderr


def test_a_local_secret_is_made_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    environment = {**production(), "RISKASSESS_MODE": "local", "RISKASSESS_VAR": str(tmp_path)}
    for _ in range(2):
        assert manage("check", environment=environment).returncode == 0
    secret = tmp_path / "secret_key"
    assert len(secret.read_text()) > 50
    assert secret.stat().st_mode & 0o077 == 0


def test_no_rule_or_method_reads_the_clock() -> None:
    asks = re.compile(r"\b(date\.today|datetime\.now|timezone\.now|time\.time)\b")
    pure = tracked("riskassess/rules/*.py", "riskassess/scoring/*.py", "riskassess/kernel/*.py")
    assert [file.name for file in pure if asks.search(file.read_text())] == []


def test_data_of_others_stands_beside_its_licence() -> None:
    for folder in {
        file.parent for file in tracked("fixtures/catalog/*", "fixtures/regions/*", "tests/sheets/files/*")
    }:
        assert any(file.name.startswith("LICENSE") for file in folder.iterdir()), folder
