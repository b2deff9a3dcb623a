"""Names of files that strangers send: what of them is kept and shown."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath


def shown_name(file_name: str) -> str:
    """The name of the file alone, printable and short enough to keep (255 characters)."""
    bare = PureWindowsPath(PurePosixPath(file_name).name).name
    clean = "".join(char for char in bare if char.isprintable()).strip() or "unnamed"
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[: 254 - len(ending[:10])]}.{ending[:10]}" if dot else clean[:255]
