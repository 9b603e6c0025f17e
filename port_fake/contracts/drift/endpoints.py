"""The operations of a document, in the words of a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from port_fake.contracts.drift.classes import Finding, unclear
from port_fake.contracts.drift.references import DanglingError, escaped, followed

METHODS: Final = ("get", "put", "post", "delete", "patch", "options", "head", "trace", "query")
BESIDE: Final = frozenset(("summary", "description", "servers", "parameters", "$ref"))
IGNORED_HEADERS: Final = frozenset(("accept", "content-type", "authorization"))
"""Source: OpenAPI 3.1, Parameter Object: such definitions shall be ignored."""

STYLES: Final = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
VARIABLE: Final = re.compile(r"{[^{}]*}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter: how it is named and written, and its schema."""

    name: str
    where: str
    required: bool
    style: str
    deprecated: bool
    schema: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent: schemas by media type, and those of headers; or it cannot be *read*."""

    contents: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, tuple[bool, Any]] = field(default_factory=dict)
    read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One operation. *body* is None where none is read; *security* lists what opens it."""

    method: str
    path: str
    tag: str
    deprecated: bool
    parameters: Mapping[str, Parameter]
    body: Answer | None
    body_required: bool
    answers: Mapping[str, Answer]
    security: frozenset[frozenset[tuple[str, frozenset[str]]]]

    @property
    def key(self) -> str:
        """The method and the path without the names of its parameters."""
        return f"{self.method.upper()} {shape_of(self.path)}"


def shape_of(path: str) -> str:
    """Return *path* without the names of its parameters and without a slash at its end."""
    return VARIABLE.sub("{}", path).rstrip("/") or "/"


class Endpoints:
    """Reads the operations of the document *raw*; *findings* tells what is not understood."""

    def __init__(self, raw: Any) -> None:
        self.findings: list[Finding] = []
        self._raw = raw
        self._place = "#"
        self.found: dict[str, Endpoint] = {}
        self._read()

    def _read(self) -> None:
        paths = self._table(self._raw, "paths")
        prefix = _prefix(self._raw.get("servers"))
        for path, node in paths.items():
            if not path.startswith("/"):
                if not path.startswith("x-"):
                    self._odd(f"#/paths/{escaped(path)}", "a path does not begin with a slash")
                continue
            self._place = f"#/paths/{escaped(path)}"
            item = self._followed(node)
            if not isinstance(item, dict):
                self._odd(self._place, "a path holds no operations")
                continue
            self._item(prefix + path, item)

    def _item(self, path: str, item: dict[str, Any]) -> None:
        place = self._place
        for word in item:
            self._place = f"{place}/{escaped(word)}"
            if word in METHODS:
                self._operation(word, path, item)
            elif word not in BESIDE and not word.startswith("x-"):
                self._odd(self._place, f"a path has an unknown key {word!r}")

    def _operation(self, method: str, path: str, item: dict[str, Any]) -> None:
        node = item[method]
        if not isinstance(node, dict):
            self._odd(self._place, "an operation is not an object")
            return
        tags = node.get("tags")
        tag = tags[0] if isinstance(tags, list) and tags else ""
        responses = self._table(node, "responses")
        made = Endpoint(
            method=method,
            path=path,
            tag=tag if isinstance(tag, str) else "",
            deprecated=node.get("deprecated") is True,
            parameters=self._parameters(path, item, node),
            body=self._answer(node["requestBody"], "requestBody")
            if "requestBody" in node
            else None,
            body_required=self._is_required(node.get("requestBody")),
            answers={
                _code(code): self._answer(one, f"response {code}")
                for code, one in responses.items()
                if not code.startswith("x-")
            },
            security=self._security(node),
        )
        if made.key in self.found:
            self._odd(self._place, f"{made.key} is described twice; the first one counts")
        self.found.setdefault(made.key, made)

    def _parameters(
        self, path: str, item: dict[str, Any], node: dict[str, Any]
    ) -> dict[str, Parameter]:
        found: dict[str, Parameter] = {}
        for owner in (item, node):
            own: dict[str, Parameter] = {}
            listed = owner.get("parameters") or []
            if not isinstance(listed, list):
                self._odd(self._place, "parameters are not a list")
                continue
            for raw in listed:
                for key, parameter in self._parameter(path, raw):
                    if key in own:
                        self._odd(self._place, f"the {key} is described twice")
                    own[key] = parameter
            found |= own
        return found

    def _parameter(self, path: str, raw: Any) -> Iterator[tuple[str, Parameter]]:
        node = self._followed(raw)
        if not isinstance(node, dict):
            if not _is_reference(raw):
                self._odd(self._place, "a parameter is not an object")
            return
        name, where = node.get("name"), node.get("in")
        if not isinstance(name, str) or not isinstance(where, str) or where not in STYLES:
            self._odd(self._place, "a parameter lacks a name, or a place that is known")
            return
        if where == "header":
            name = name.lower()
            if name in IGNORED_HEADERS:
                return
        key = f"{where} parameter {name}"
        if where == "path":
            variables = [one[1:-1] for one in VARIABLE.findall(path)]
            if name not in variables:
                self._odd(self._place, f"the path has no parameter {name!r}")
                return
            key = f"path parameter {variables.index(name) + 1}"
            if node.get("required") is not True:
                self._odd(self._place, f"the path parameter {name!r} is not required; it is")
        style = node.get("style", STYLES[where])
        explode = node.get("explode", style == "form")
        reserved = ", reserved" if node.get("allowReserved") is True else ""
        empty = ", empty" if node.get("allowEmptyValue") is True else ""
        content = self._contents(node)
        yield (
            key,
            Parameter(
                name=name,
                where=where,
                required=where == "path" or node.get("required") is True,
                style=f"{style}{', exploded' if explode else ''}{reserved}{empty}",
                deprecated=node.get("deprecated") is True,
                schema=next(iter(content.values())) if content else node.get("schema", True),
            ),
        )

    def _answer(self, raw: Any, called: str) -> Answer:
        node = self._followed(raw)
        if not isinstance(node, dict):
            if not _is_reference(raw):
                self._odd(self._place, f"{called} is not an object")
            return Answer(read=False)
        headers = {}
        for name, header in self._table(node, "headers", optional=True).items():
            one = self._followed(header)
            if isinstance(one, dict) and name.lower() not in IGNORED_HEADERS:
                headers[name.lower()] = (one.get("required") is True, one.get("schema", True))
        return Answer(contents=self._contents(node), headers=headers)

    def _is_required(self, raw: Any) -> bool:
        try:
            node = followed(raw, self._raw)
        except DanglingError:
            return False
        return isinstance(node, dict) and node.get("required") is True

    def _contents(self, owner: dict[str, Any]) -> dict[str, Any]:
        contents: dict[str, Any] = {}
        for media, node in self._table(owner, "content", optional=True).items():
            if not isinstance(node, dict):
                self._odd(self._place, f"the content {media} is not an object")
                continue
            contents[media.partition(";")[0].strip().lower()] = node.get("schema", True)
        return contents

    def _security(self, node: dict[str, Any]) -> frozenset[frozenset[tuple[str, frozenset[str]]]]:
        listed = node.get("security", self._raw.get("security", []))
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            self._odd(self._place, "security is not a list of objects")
            return frozenset()
        ways = frozenset(
            frozenset((self._scheme(name), _names(scopes)) for name, scopes in one.items())
            for one in listed
        )
        return ways or frozenset((frozenset(),))

    def _scheme(self, name: str) -> str:
        components = self._raw.get("components")
        schemes = components.get("securitySchemes") if isinstance(components, dict) else None
        scheme = self._followed(schemes.get(name)) if isinstance(schemes, dict) else None
        if not isinstance(scheme, dict):
            self._odd(self._place, f"the security scheme {name!r} is not defined")
            return name
        words = [scheme.get(word) for word in ("type", "in", "scheme", "name")]
        kind = " ".join(str(word).lower() for word in words if isinstance(word, str))
        return kind or name

    def _table(self, owner: dict[str, Any], word: str, *, optional: bool = False) -> dict[str, Any]:
        node = self._followed(owner.get(word))
        if isinstance(node, dict):
            return {str(key): value for key, value in node.items()}
        if node is not None or not (optional or _is_reference(owner.get(word))):
            found = "is missing" if node is None else "is not an object"
            self._odd(self._place, f"{word} {found}")
        return {}

    def _followed(self, node: Any) -> Any:
        try:
            return followed(node, self._raw)
        except DanglingError as error:
            self._odd(self._place, str(error))
            return None

    def _odd(self, place: str, reason: str) -> None:
        self.findings.append(unclear(place, reason))


def _is_reference(raw: Any) -> bool:
    """Say whether *raw* refers to something: if it leads nowhere, that has been told."""
    return isinstance(raw, dict) and "$ref" in raw


def _names(scopes: Any) -> frozenset[str]:
    return frozenset(str(one) for one in scopes) if isinstance(scopes, list) else frozenset()


def _code(code: str) -> str:
    return code.upper() if code.lower() != "default" else "default"


def _prefix(servers: Any) -> str:
    """Return the path that all servers have in common, as ``https://host/v1`` has."""
    if not isinstance(servers, list):
        return ""
    urls = [one.get("url") for one in servers if isinstance(one, dict)]
    try:
        paths = {urlsplit(url).path.rstrip("/") for url in urls if isinstance(url, str)}
    except ValueError:
        return ""
    return paths.pop() if len(paths) == 1 else ""
