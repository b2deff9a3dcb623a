"""Commands over a file of cases: how cases are read, how answers and refusals are printed.

A file (or stdin) holds one case or a list of cases, as YAML or JSON. One case is answered by one object, a
list by a list of the same length; a case that is refused is answered by {"error": …} in its place.
"""

from __future__ import annotations

import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import yaml
from django.core.management.base import BaseCommand, CommandError

from riskassess.kernel.errors import InvalidInput

STDIN = "-"


class CaseCommand(BaseCommand):
    """Answers cases one by one. It asks neither the database nor the clock."""

    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="YAML or JSON: one case, or a list of cases; - reads stdin")
        parser.add_argument("--json", action="store_true", help="print the answers as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.prepare(options)
            cases = read_cases(options["file"])
        except InvalidInput as error:
            if options["json"]:
                self._print_json(refusal(error))
            self._refuse([str(error)])
        many = isinstance(cases, list)
        refusals: list[str] = []
        answers: list[dict[str, Any]] = []
        for number, case in enumerate(cases if many else [cases], 1):
            title = _title(case, number if many else 0)
            try:
                answer, words = self.answer(case)
            except InvalidInput as error:
                answer, words = refusal(error), ""
                refusals.append(f"{title}{error}")
            answers.append(answer)
            if words and not options["json"]:
                self.stdout.write(f"{title}{words}")
        if options["json"]:
            self._print_json(answers if many else answers[0])
        if refusals:
            self._refuse(refusals)

    def prepare(self, options: dict[str, Any]) -> None:
        """Reads the command's own options; a wrong one is an InvalidInput."""

    def answer(self, case: object) -> tuple[dict[str, Any], str]:
        """The answer as JSON data and in words. Raises InvalidInput."""
        raise NotImplementedError

    def _print_json(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False))

    def _refuse(self, messages: list[str]) -> NoReturn:
        raise CommandError("\n".join(messages), returncode=1)


def refusal(error: InvalidInput) -> dict[str, Any]:
    """What stands in place of an answer: where the trouble is, what it is, what would be right."""
    return {"error": {"where": error.where, "message": error.message, "hint": error.hint}}


def read_cases(name: str) -> Any:
    """The data of a file, or of stdin for “-”: JSON or YAML. Raises InvalidInput."""
    try:
        text = sys.stdin.read() if name == STDIN else Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidInput(
            f"The file cannot be read: {error.strerror}.", hint="Check its name.", where=name
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("The file is not UTF-8 text.", hint="Save it as UTF-8.", where=name) from error
    if not text.strip():
        raise InvalidInput("The file is empty.", hint="An empty case is {}.", where=name)
    return parse_cases(text, name)


def parse_cases(text: str, name: str) -> Any:
    """JSON where the text is that, else YAML. Raises InvalidInput with line and column."""
    try:
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_number)
    except (json.JSONDecodeError, RecursionError):
        if name.endswith(".json"):
            raise _unreadable(name, *_json_trouble(text)) from None
    try:
        return yaml.load(text, Loader=PlainLoader)  # noqa: S506  a safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _unreadable(name, str(error.problem or error), place) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(name, str(error)) from None


def _json_trouble(text: str) -> tuple[str, str]:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.msg, f"line {error.lineno}, column {error.colno}"
    except RecursionError:
        pass
    return "nested too deeply", ""


def _unreadable(name: str, problem: str, place: str = "") -> InvalidInput:
    return InvalidInput(
        f"The file cannot be read: {problem}{f' ({place})' if place else ''}.",
        hint="Write YAML or JSON.",
        where=name,
    )


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise InvalidInput(f"“{repeated}” is stated twice.", hint="Keep one of them.", where=repeated)
    return found


def _no_number(text: str) -> NoReturn:
    raise InvalidInput(f"{text} is no number.", hint="Use a number, or null for unknown.")


def _title(case: object, number: int) -> str:
    name = case.get("name", "") if isinstance(case, Mapping) else ""
    parts = [f"case {number}" if number else "", str(name or "")]
    return f"{' '.join(part for part in parts if part)}: " if any(parts) else ""


class PlainLoader(yaml.SafeLoader):
    """YAML in which only true and false are truths: NO is Norway, and `on` is a name."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, _ in node.value:
            if key.value != "<<" and isinstance(key, yaml.ScalarNode) and names.count(key.value) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"“{key.value}” is stated twice", key.start_mark
                )
        return super().construct_mapping(node, deep)


_BOOL = "tag:yaml.org,2002:bool"
PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOL]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
PlainLoader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
