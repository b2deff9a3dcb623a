"""How large a workbook may be. Beyond these it is refused, with a message that says which limit it passed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds of one workbook; `rows` and `columns` hold for each sheet, the others for the whole."""

    file_bytes: int = 50_000_000
    inflated_bytes: int = 400_000_000
    sheets: int = 200
    rows: int = 200_000
    columns: int = 1_000
    cells: int = 5_000_000
    trusted_bytes: int = 60_000_000  # unpacked; a larger file is read in a child process without a look
    memory_bytes: int = 1_500_000_000  # of the child process that reads what cannot be proved harmless
    seconds: int = 30  # of work, of that child
    # Of a web page, told before or while it is read, for what goes beyond would only be refused after `seconds`:
    tags: int = 4_000_000  # judgement: signs that may begin one; about 1.8 million cells
    stray_signs: int = 100_000  # judgement: `<` that begin none; programs write `&lt;` for them
    unended: int = (
        10_000  # judgement: characters of a last tag that never ends, which are gone through again and again
    )


DEFAULT = Limits()
