"""The pages of the API's documentation: what the OpenAPI description says, in words for people who write programs.

Only what no description knows, such as what paging and idempotency are for, is written in the templates.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path as at
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from config.api_pages import Pages
from config.api_schema import PROBLEM_SCHEMA
from config.rendering import as_json
from riskassess.accounts.once import KEPT_FOR, LONGEST
from riskassess.accounts.roles import Can, roles_that
from riskassess.accounts.tokens import SCOPES

PREFIX = "/api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")
BY_KIND = {"list": "List", "retrieve": "Read one"}
DEEPEST = 3  # levels of fields inside fields; below, a record says it
# What an example says where the description has no example of its own.
BY_NAME: dict[str, Any] = {
    "offering": "acme-swift-1", "vendor": 7, "question": "DAT-TRN", "state": "known", "name": "Ticket system",
    "url": "https://tickets.example.com/hook", "use_case": "Drafting letters", "factors": ["DAT-TRN"],
    "contact_name": "Gita Rao", "claim": "no-training-on-prompts", "key": "DAT-TRN",
}  # fmt: skip
BY_TYPE: dict[str, Any] = {"integer": 1, "number": 0.5, "boolean": True, "string": "…", "object": {}}
BY_FORMAT = {"date": "2026-11-26", "date-time": "2026-11-26T09:00:00Z", "email": "gita@example.com"}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body; `depth` counts what it is inside of."""

    name: str
    kind: str
    words: str
    required: bool
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One status that an operation can answer with."""

    status: str
    words: str
    kinds: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]

    @property
    def is_good(self) -> bool:
        return self.status < "4"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    key: str
    method: str
    path: str
    title: str
    more: str
    scopes: tuple[Can, ...]
    parameters: tuple[Field, ...]
    sent: tuple[Field, ...]
    sent_as: str
    back: tuple[Field, ...]
    answers: tuple[Answer, ...]
    curl: str

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def roles(self) -> str:
        """Who has one of the rights, in words."""
        found = dict.fromkeys(role.label for can in self.scopes for role in roles_that(can))
        return ", ".join(found)


@dataclass(frozen=True, slots=True)
class Resource:
    """All operations below one name."""

    name: str
    about: str
    operations: tuple[Operation, ...]

    @property
    def label(self) -> str:
        return self.name.replace("-", " ").capitalize()


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What holds for all of the API, and its resources. No query."""
    problem = [_field(name, PROBLEM_SCHEMA, 0) for name in PROBLEM_SCHEMA["properties"]]
    scopes = [(can, ", ".join(role.label for role in roles_that(can))) for can in SCOPES]
    context = {
        "resources": resources(settings.SITE_URL),
        "problem": problem,
        "scopes": scopes,
        "rate": _rate(settings.API_RATE),
        "stranger_rate": _rate(settings.API_RATE_STRANGERS),
        "page_size": Pages.page_size,
        "most": Pages.max_page_size,
        "key_length": LONGEST,
        "kept_hours": int(KEPT_FOR.total_seconds() // 3600),
        "site": settings.SITE_URL,
    }
    return render(request, "api/index.html", context)


@require_safe
def resource(request: HttpRequest, name: str) -> HttpResponse:
    """One resource: what it takes, what it gives, how it says no. No query."""
    every = resources(settings.SITE_URL)
    found = next((one for one in every if one.name == name), None)
    if found is None:
        raise Http404(f"The API has no resource {name}.")
    return render(request, "api/resource.html", {"resource": found})


def _rate(setting: str) -> str:
    """`1200/min` in words."""
    number, _, period = setting.partition("/")
    words = {"s": "second", "m": "minute", "h": "hour", "d": "day"}
    return f"{int(number):,} times a {words[period[0]]}" if setting else "without limit"


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    """The OpenAPI description, made once a process: it follows from the code."""
    found = SchemaGenerator(api_version=None).get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    loaded: dict[str, Any] = json.loads(as_json(found))
    return loaded


@lru_cache(maxsize=4)
def resources(site: str) -> tuple[Resource, ...]:
    """The API's resources in the order of their names, with examples for the site at that address."""
    whole = description()
    found = [
        _operation(path, method, one[method], site)
        for path, one in whole["paths"].items()
        for method in METHODS
        if method in one
    ]
    by_name = groupby(sorted(found, key=_name), key=_name)
    return tuple(_resource(name, tuple(operations)) for name, operations in by_name)


def _name(operation: Operation) -> str:
    return operation.path.removeprefix(PREFIX).split("/", 1)[0]


def _resource(name: str, operations: tuple[Operation, ...]) -> Resource:
    listing = next(
        (one for one in operations if one.path == f"{PREFIX}{name}/" and not one.writes), operations[0]
    )
    # What says nothing of its own has the words of the whole resource, which stand above all of it.
    told = tuple(
        replace(one, title=BY_KIND.get(one.key.rpartition("_")[2], one.title))
        if one.title == listing.title
        else one
        for one in operations
    )
    return Resource(name, listing.title, told)


def _operation(path: str, method: str, said: dict[str, Any], site: str) -> Operation:
    words = said.get("description", "").strip()
    title, _, more = words.partition("\n\n")
    taken: dict[str, dict[str, Any]] = said.get("requestBody", {}).get("content", {})
    media, body = next(iter(taken.items()), ("", dict[str, Any]()))
    good = _good(said)
    back = good.get("content", {}).get("application/json", {}).get("schema", {})
    is_list = said["operationId"].endswith("_list")
    if is_list and (inner := _resolved(back).get("properties", {}).get("results")):
        back = inner
    return Operation(
        key=said["operationId"],
        method=method.upper(),
        path=path,
        title=_coded(title),
        more=_coded(more),
        scopes=tuple(Can(scope) for way in said["security"] for scope in way.get("accessToken", ())),
        parameters=tuple(_parameter(one) for one in said.get("parameters", ())),
        sent=tuple(_fields(body.get("schema", {}))),
        sent_as=media,
        back=tuple(_fields(back)),
        answers=tuple(_answer(status, answer) for status, answer in sorted(said["responses"].items())),
        curl=_curl(path, method, said, media, body.get("schema", {}), site),
    )


def _coded(words: str) -> SafeString:
    """Words on one line, in HTML: what stands between backticks is code."""
    parts = [conditional_escape(part) for part in " ".join(words.split()).split("`")]
    return SafeString("".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts)))


def _good(said: dict[str, Any]) -> dict[str, Any]:
    """The first answer that is no error."""
    return next((one for status, one in said["responses"].items() if status.startswith("2")), {})


def _parameter(said: dict[str, Any]) -> Field:
    required = bool(said.get("required")) and said["in"] != "path"
    where = "" if said["in"] == "query" else f", in the {'address' if said['in'] == 'path' else said['in']}"
    words = _coded(said.get("description", ""))
    return Field(said["name"], f"{_kind(said['schema'])}{where}", words, required)


def _answer(status: str, said: dict[str, Any]) -> Answer:
    headers = tuple(
        (name, _coded(one.get("description", ""))) for name, one in said.get("headers", {}).items()
    )
    return Answer(status, _coded(said.get("description", "")), tuple(said.get("content", {})), headers)


def _fields(schema: dict[str, Any], depth: int = 0) -> list[Field]:
    """The fields of an object or of the objects in an array, each followed by those inside it."""
    whole = _resolved(schema)
    if whole.get("type") == "array":
        return _fields(whole.get("items", {}), depth)
    found: list[Field] = []
    for name, inner in whole.get("properties", {}).items():
        found.append(_field(name, whole, depth))
        if depth + 1 < DEEPEST:
            found += _fields(inner, depth + 1)
    return found


def _field(name: str, whole: dict[str, Any], depth: int) -> Field:
    schema = whole["properties"][name]
    words = schema.get("description") or _resolved(schema).get("description", "")
    is_own = schema.get("description") or "enum" not in _resolved(schema)
    return Field(
        name,
        _kind(schema),
        _coded(words) if is_own else "",
        name in whole.get("required", ()),
        depth,
    )


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference stands for; of alternatives the first that is not null."""
    for several in ("allOf", "oneOf", "anyOf"):
        if several in schema:
            given = [
                one for one in schema[several] if one.get("type") != "null" and one.get("enum") != [None]
            ]
            return {
                **_resolved(given[0] if given else {}),
                **{k: v for k, v in schema.items() if k != several},
            }
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return {
            **description()["components"]["schemas"][name],
            **{k: v for k, v in schema.items() if k != "$ref"},
        }
    return schema


def _kind(schema: dict[str, Any]) -> str:
    """What values a schema takes, in words: `integer`, `one of open, closed`, `list of date`, and whether null."""
    whole = _resolved(schema)
    given = whole.get("type", "")
    kinds = [given] if isinstance(given, str) else list(given)
    alternatives = [one.get("type") for several in ("oneOf", "anyOf") for one in schema.get(several, ())]
    nullable = "null" in kinds or "null" in alternatives
    kind = next((one for one in kinds if one not in ("null", "")), "anything")
    if "enum" in whole:
        kind = "one of " + ", ".join(str(one) for one in whole["enum"] if one not in (None, ""))
    elif kind == "array":
        kind = f"list of {_kind(whole.get('items', {}))}"
    elif _is_file(whole):
        kind = "file"
    elif whole.get("format") in ("date", "date-time", "email", "uuid", "uri", "decimal"):
        kind = {"date-time": "moment", "uri": "address"}.get(whole["format"], whole["format"])
    elif kind == "object" and isinstance(whole.get("additionalProperties"), dict):
        kind = "object by name"
    limits = _limits(whole)
    return f"{kind}{limits}{', or null' if nullable else ''}"


def _is_file(whole: dict[str, Any]) -> bool:
    return whole.get("format") == "binary" or "contentMediaType" in whole


def _limits(whole: dict[str, Any]) -> str:
    least, most = whole.get("minimum"), whole.get("maximum")
    if most is not None and abs(most) > 2**31:  # what the database holds, and nobody sends
        most = None
    if least is not None and most is not None:
        return f", {least} to {most}"
    if "maxLength" in whole:
        return f", at most {whole['maxLength']} letters"
    return ""


def _curl(path: str, method: str, said: dict[str, Any], media: str, body: dict[str, Any], site: str) -> str:
    """A call that can be pasted into a shell, with TOKEN set there."""
    address = path
    for one in said.get("parameters", ()):
        if one["in"] == "path":
            made = _example(one["name"], one["schema"])
            address = address.replace("{" + one["name"] + "}", "12" if made == 1 else str(made))
    query = [
        f"{one['name']}={_example(one['name'], one['schema'])}"
        for one in said.get("parameters", ())
        if one["in"] == "query" and one.get("required")
    ]
    lines = ['curl -H "Authorization: Bearer $TOKEN"']
    lines += (
        [f"  -X {method.upper()}"]
        if method not in ("get", "post") or (method == "post" and not media)
        else []
    )
    lines += ['  -H "Idempotency-Key: $(uuidgen)"'] if method == "post" else []
    if media == "application/json":
        lines += [
            "  -H 'Content-Type: application/json'",
            f"  -d '{json.dumps(_sample(body), ensure_ascii=False)}'",
        ]
    elif media:
        lines += [
            f"  -F {name}={'@FILE' if value is None else value}" for name, value in _sample(body).items()
        ]
    good = _good(said)
    is_file = good.get("content") and "application/json" not in good["content"]
    lines += ["  -OJ"] if is_file else []
    tail = "?" + "&".join(query) if query else ""
    return " \\\n".join([*lines, f"  '{site}{address}{tail}'"])


def _sample(schema: dict[str, Any]) -> dict[str, Any]:
    """The least that a body takes; of one without anything required, its first field."""
    whole = _resolved(schema)
    every = whole.get("properties", {})
    names = [name for name in every if name in whole.get("required", ())] or list(every)[:1]
    return {name: _example(name, every[name]) for name in names}


def _example(name: str, schema: dict[str, Any]) -> Any:
    whole = _resolved(schema)
    if "enum" in whole:
        return next(one for one in whole["enum"] if one not in (None, ""))
    if _is_file(whole):
        return None
    kinds = whole.get("type", "string")
    kind = kinds if isinstance(kinds, str) else next(one for one in kinds if one != "null")
    named = BY_NAME.get(name)
    if named is not None and isinstance(named, type(BY_TYPE.get(kind, []))):
        return named
    if kind == "array":
        item = whole.get("items", {})
        inner = _sample(item) if _resolved(item).get("properties") else _example(name.removesuffix("s"), item)
        return [inner]
    if whole.get("format") in BY_FORMAT:
        return BY_FORMAT[whole["format"]]
    return _sample(schema) if whole.get("properties") else BY_TYPE[kind]


urlpatterns = [at("", index, name="index"), at("<slug:name>/", resource, name="resource")]
