"""YAML -> checked, frozen entries. What is wrong is told with its file and entry; nothing is guessed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import yaml
from django.conf import settings

from riskassess.kernel.errors import InvalidInput

BRIEFING = Path(settings.BASE_DIR) / "fixtures" / "briefing"
REGIONS = Path(settings.BASE_DIR) / "fixtures" / "regions" / "cloud_regions.csv"
T = TypeVar("T")


class _OnceLoader(yaml.SafeLoader):
    """The safe loader, except that a key written twice is an error, where YAML would drop the first."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise InvalidInput(f"{key} is written twice, line {node.start_mark.line + 1}.")
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """A mapping from a YAML file. Raises InvalidInput that names the file."""
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=_OnceLoader)  # noqa: S506  a safe loader
    except (OSError, yaml.YAMLError, InvalidInput) as error:
        raise InvalidInput(f"It cannot be read: {error}", where=path.name) from error
    if not isinstance(found, dict):
        raise InvalidInput("It holds no entries.", hint="Write `key: {…}`, one entry each.", where=path.name)
    return found


def entries(name: str, kind: type[T], folder: Path = BRIEFING) -> dict[str, T]:
    """The entries of one file of the briefing, by their key."""
    path = folder / f"{name}.yaml"
    return {key: build(kind, raw, f"{path.name}, {key}") for key, raw in read_yaml(path).items()}


def build(kind: type[T], raw: Any, where: str) -> T:
    """A mapping as the dataclass `kind`. Unknown, missing and misfit keys are refused."""
    if not isinstance(raw, Mapping):
        raise InvalidInput(f"{raw!r} is no mapping.", where=where)
    fields = {field.name: field for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    required = {name for name, field in fields.items() if not _has_default(field)}
    for problem, names in (("unknown", set(raw) - set(fields)), ("missing", required - set(raw))):
        if names:
            raise InvalidInput(
                f"{problem.capitalize()}: {', '.join(sorted(map(str, names)))}.",
                hint=f"Allowed: {', '.join(fields)}.",
                where=where,
            )
    hints = get_type_hints(kind)
    return kind(**{name: _convert(hints[name], value, f"{where}, {name}") for name, value in raw.items()})


def _has_default(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is not missing or field.default_factory is not missing


def _convert(hint: Any, value: Any, where: str) -> Any:
    """A value as its annotation wants it; a list of entries becomes a tuple of dataclasses."""
    if hint is Any:
        return value
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise InvalidInput(f"{value!r} is no list.", where=where)
        inner = get_args(hint)[0]
        return tuple(_convert(inner, one, f"{where} {number}") for number, one in enumerate(value, start=1))
    if dataclasses.is_dataclass(hint):
        return build(hint, value, where)  # type: ignore[arg-type]
    allowed = tuple(get_origin(one) or one for one in (get_args(hint) if _is_union(hint) else (hint,)))
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        wanted = " or ".join(one.__name__ for one in allowed)
        raise InvalidInput(f"{value!r} is no {wanted}.", where=where)
    return value


def _is_union(hint: Any) -> bool:
    return isinstance(hint, UnionType)
