"""Files: what is kept and shown of the names that strangers give them, and that there may be no room for one."""

from __future__ import annotations

import errno
from pathlib import PurePosixPath, PureWindowsPath

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_full(error: BaseException | None) -> bool:
    """Whether the system had no room left to write to, as Python says it or as libxml2 does."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return str(error) in {f"IO_{errno.errorcode[number]}" for number in FULL}


def shown_name(file_name: str) -> str:
    """The name of the file alone, printable and short enough to keep (255 characters)."""
    bare = PureWindowsPath(PurePosixPath(file_name).name).name
    clean = "".join(char for char in bare if char.isprintable()).strip() or "unnamed"
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 254 - len(ending[:10])]}.{ending[:10]}" if dot else clean[:255]
