"""Two documents, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from port_fake.contracts.drift.classes import Aspect, Change, Finding, unclear
from port_fake.contracts.drift.each import EndpointComparison
from port_fake.contracts.drift.endpoints import Endpoint, Endpoints
from port_fake.contracts.drift.equality import Classes, TooDeepError
from port_fake.contracts.drift.joining import Shape
from port_fake.contracts.drift.normal import Schemas
from port_fake.contracts.drift.shapes import ShapeComparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of it. *unsupported* names by tag what the document has and the fake has not."""

    title: str = ""
    published: int = 0
    compared: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    unsupported: Mapping[str, list[str]] = field(default_factory=dict)


def compared(fake: Any, published: Any) -> Comparison:
    """Compare the fake's document with the *published* one, whatever that may be."""
    if (reason := _foreign(published)) is not None:
        return Comparison(findings=[unclear("", reason)])
    mine, theirs = Endpoints(fake), Endpoints(published)
    shared = mine.found.keys() & theirs.found.keys()
    unsupported: dict[str, list[str]] = {}
    for key in sorted(theirs.found.keys() - shared, key=_by_path):
        endpoint = theirs.found[key]
        unsupported.setdefault(endpoint.tag or "no tag", []).append(told(endpoint))
    findings = [*_odd_version(published), *theirs.findings]
    if not shared:
        findings.append(unclear("", "nothing could be compared: no operation is in both documents"))
    else:
        findings += _operations(mine, theirs)
    pairs = [(mine.found[key], theirs.found[key]) for key in sorted(shared, key=_by_path)]
    findings += _schemas(fake, published, pairs)
    return Comparison(
        title=_title(published),
        published=len(theirs.found),
        compared=frozenset(told(one) for one, _ in pairs),
        findings=findings,
        unsupported=unsupported,
    )


def told(endpoint: Endpoint) -> str:
    """Return how an operation is named to a reader."""
    return f"{endpoint.method.upper()} {endpoint.path}"


def _by_path(key: str) -> tuple[str, str]:
    method, _, path = key.partition(" ")
    return path, method


def _foreign(raw: Any) -> str | None:
    if not isinstance(raw, dict):
        return "this is no OpenAPI document: it is not an object"
    if "swagger" in raw and "openapi" not in raw:
        return f"Swagger {raw['swagger']} is not understood, only OpenAPI 3"
    if "openapi" not in raw and "paths" not in raw:
        return "this is no OpenAPI document: it has neither a version nor paths"
    return None


def _odd_version(raw: Mapping[str, Any]) -> Iterator[Finding]:
    version = raw.get("openapi")
    if not isinstance(version, str) or not version.startswith(("3.0", "3.1")):
        said = "names no version of OpenAPI" if version is None else f"is OpenAPI {version}"
        yield unclear("#/openapi", f"the document {said}; it is read as 3.1")


def _title(raw: Mapping[str, Any]) -> str:
    info = raw.get("info")
    words = [info.get(word) for word in ("title", "version")] if isinstance(info, dict) else []
    return " ".join(str(word) for word in words if isinstance(word, (str, int, float)))


def _operations(mine: Endpoints, theirs: Endpoints) -> Iterator[Finding]:
    for key in sorted(mine.found.keys() - theirs.found.keys(), key=_by_path):
        yield Finding(aspect=Aspect.OPERATION, change=Change.GONE, operation=told(mine.found[key]))
    for key in sorted(theirs.found.keys() - mine.found.keys(), key=_by_path):
        yield Finding(aspect=Aspect.OPERATION, change=Change.NEW, operation=told(theirs.found[key]))


def _schemas(fake: Any, published: Any, pairs: list[tuple[Endpoint, Endpoint]]) -> list[Finding]:
    version = str(published.get("openapi", "3.1"))
    ours, theirs = Schemas(fake), Schemas(published, siblings=not version.startswith("3.0"))
    roots: list[tuple[Schemas, Shape]] = []
    for one, other in pairs:
        roots += [(ours, ours.shape(node)) for node in _nodes(one)]
        roots += [(theirs, theirs.shape(node)) for node in _nodes(other)]
    try:
        shapes = ShapeComparison(ours, theirs, Classes(roots))
    except TooDeepError:
        return [unclear("", "schemas lie in each other too deep to be compared")]
    findings: list[Finding] = []
    for one, other in pairs:
        found = EndpointComparison(one, other, shapes).findings()
        findings += [replace(finding, operation=told(one)) for finding in found]
    return findings


def _nodes(endpoint: Endpoint) -> Iterator[Any]:
    for parameter in endpoint.parameters.values():
        yield parameter.schema
    bodies = [*endpoint.answers.values(), *([endpoint.body] if endpoint.body else [])]
    for body in bodies:
        yield from body.contents.values()
        yield from (schema for _, schema in body.headers.values())
