"""Files that are meant to do harm: each is refused in words, within seconds and within the memory allowed."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import time
import zipfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.limits import Limits
from riskassess.sheets.safety import is_harmless
from riskassess.sheets.workbook import Workbook, open_workbook
from tests.sheets.hostile import ATTACKS, HARMLESS, SHEET, ods, ods_cell, sheet, xlsx
from tests.sheets.xlsb import xlsb

FILES = Path(__file__).parent / "files"
SECONDS = 20  # on a machine that tests share; the slowest takes 4 alone
MEMORY = 700  # MB of a process that opens any of them, its own start included

_WITHOUT_ROOM = """
import resource, sys
from riskassess.kernel.files import is_full
from riskassess.sheets.workbook import open_workbook
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, resource.RLIM_INFINITY))
try:
    open_workbook(sys.stdin.buffer.read(), "a.ods")
except OSError as error:
    print("no room" if is_full(error) else error)
"""

_MEASURED = """
import pickle, resource, sys
from pathlib import Path
from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.workbook import open_workbook
data, name = pickle.loads(sys.stdin.buffer.read())
try:
    open_workbook(data, name)
except InvalidInput:
    pass
# A process's own ru_maxrss starts with what the tests held when they made it; the high-water mark does not.
status = Path("/proc/self/status").read_text()
own = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) // 1024)
"""


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_in_words_and_soon(attack: str):
    name, build = ATTACKS[attack]
    data = build()
    started = time.monotonic()
    with pytest.raises(InvalidInput) as caught:
        open_workbook(data, name)
    assert time.monotonic() - started < SECONDS
    assert caught.value.message
    assert caught.value.hint
    assert caught.value.where.startswith(name)


@pytest.mark.parametrize("oddity", HARMLESS)
def test_what_is_only_strange_is_read(oddity: str):
    name, build = HARMLESS[oddity]
    started = time.monotonic()
    assert open_workbook(build(), name).sheets[0].rows >= 1
    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize(
    "attack",
    [
        "zip bomb with a lying directory",
        "fifty million commas",
        "one endless line",
        "rows repeated a billion times",
    ],
)
def test_an_attack_takes_no_more_memory_than_allowed(attack: str):
    name, build = ATTACKS[attack]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED],
        input=pickle.dumps((build(), name)),
        capture_output=True,
        check=True,
    )
    assert int(done.stdout) < MEMORY


def far_cell_after(spaces: int) -> bytes:
    cell = b'<c r="XFD1048576"' + b" " * 1_500_000 + b"><v>2</v></c>"
    return sheet(b'<row r="1">' + b" " * spaces + cell + b"</row>")


def test_no_far_cell_hides_where_a_long_part_is_cut_in_two():
    """However the part is read, a piece of it ends within the cell's place."""
    start = zipfile.ZipFile(io.BytesIO(far_cell_after(0))).read(SHEET).index(b'"XFD')
    for ends in (1_000_000, 21_000_000, 22_000_000):
        data = far_cell_after(ends - start - 2)
        assert zipfile.ZipFile(io.BytesIO(data)).read(SHEET)[:ends].endswith(b'<c r="X')
        assert not is_harmless(zipfile.ZipFile(io.BytesIO(data)), "a.xlsx")


def test_the_memory_that_reading_may_take_is_a_setting():
    rows = "".join(f"<table:table-row>{ods_cell('x' * 1000) * 20}</table:table-row>" for _ in range(2000))
    data = ods(rows)
    assert open_workbook(data, "a.ods").sheets[0].rows == 2000
    with pytest.raises(InvalidInput, match="too much memory"):
        open_workbook(data, "a.ods", Limits(memory_bytes=150_000_000))


def test_a_full_disk_is_not_laid_at_the_file_s_door():
    """What was read waits in a file; there being no room for it says nothing of the workbook."""
    rows = "".join(f"<table:table-row>{ods_cell('x' * 1000) * 20}</table:table-row>" for _ in range(2000))
    limited = subprocess.run(
        [sys.executable, "-c", _WITHOUT_ROOM], input=ods(rows), capture_output=True, check=True
    )
    assert limited.stdout.decode().strip() == "no room"


def test_so_is_the_time():
    with pytest.raises(InvalidInput, match="too much memory or time"):
        open_workbook(ods(f"<table:table-row>{ods_cell('x')}</table:table-row>"), "a.ods", Limits(seconds=0))


def test_an_old_workbook_with_a_password_is_told_from_a_damaged_one():
    data = bytearray((FILES / "made_by_hand.xls").read_bytes())
    second_record = data.index(b"\x09\x08\x10\x00") + 20
    data[second_record : second_record + 2] = b"\x2f\x00"  # as Excel marks an encrypted stream
    with pytest.raises(InvalidInput, match="protected with a password"):
        open_workbook(bytes(data), "a.xls")


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.xlsb", "a.ods", "a.csv"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused_or_read(name: str, share: float):
    data = whole(name)
    opened_or_refused(data[: int(len(data) * share)], name)


@cache
def whole(name: str) -> bytes:
    """A sound file of the kind that the name ends in."""
    if name.endswith("xls"):
        return (FILES / "made_by_hand.xls").read_bytes()
    if name.endswith("xlsb"):
        return xlsb([["Model"], ["a"], [None]], hidden_row=1, hidden_column=1, merged=(0, 0, 0, 1))
    if name.endswith("ods"):
        merged = ods_cell("Model", 'table:number-columns-spanned="2"')
        return ods(f"<table:table-row>{merged}</table:table-row>")
    if name.endswith("csv"):
        return 'Model;Price\n"a;b";2,5\n'.encode("utf-16")
    return xlsx(["Model", "Price"], ["a", "=1+1"], ["b", "#REF!"])


def opened_or_refused(data: bytes, name: str) -> None:
    try:
        assert isinstance(open_workbook(data, name, Limits(seconds=20)), Workbook)
    except InvalidInput:
        return


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv", "a.xls", "a.xlsb", "a.ods"])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_mutated_file_is_read_or_refused_and_nothing_else(name: str, data: st.DataObject):
    content = bytearray(whole(name))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    opened_or_refused(bytes(content), name)
