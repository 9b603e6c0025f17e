"""Entities found by queries: those of all blueprints at once, or those of one, page by page."""

import hmac
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, NotRequired, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.definitions.search import COMPONENTS
from port_fake.dialects.port.entities import IDS, TAG, ReadQuery, Stored, chosen
from port_fake.dialects.port.wire import entity_json
from port_fake.engine.people import Caller
from port_fake.errors import InvalidError
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.schema import array, number, opened, ref, text
from port_fake.surface.schema import closed as schema_closed
from port_fake.surface.values import Document, closed
from port_fake.world.search.search import Mark
from port_fake.world.world import World

PAGE: Final = 200
"""How many entities a page has when no ``limit`` is given.

Source: OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/entities/search.
"""

SEARCH: Final = Document(COMPONENTS["SearchQuery"], COMPONENTS)
ENTITY_SEARCH: Final = Document(COMPONENTS["EntitySearchQuery"], COMPONENTS)

_PAGE_WISHES: Final = {
    "include": array(text()),
    "exclude": array(text()),
    "limit": number(minimum=1, maximum=1000, default=PAGE),
    "from": text(),
}

# What a query must be is checked by the handlers: the language tells better what is wrong.
SearchBody: TypeAlias = Annotated[
    dict[str, Any], Document(opened(), COMPONENTS, shown=COMPONENTS["SearchQuery"])
]
PageBody: TypeAlias = Annotated[
    dict[str, Any],
    Document(
        schema_closed({"query": {}, **_PAGE_WISHES}),
        COMPONENTS,
        shown=schema_closed({"query": ref("EntitySearchQuery"), **_PAGE_WISHES}),
    ),
]

EVERYTHING: Final[Mapping[str, Any]] = {"combinator": "and", "rules": []}


@closed
class FoundEnvelope(TypedDict):
    """An answer that holds the entities that were found, and their blueprints."""

    ok: Literal[True]
    matchingBlueprints: NotRequired[list[str]]
    failedBlueprints: NotRequired[list[str]]
    entities: list[Stored]


@closed
class PageEnvelope(TypedDict):
    """An answer that holds a page of entities; *next* asks for the one after it."""

    ok: bool
    next: NotRequired[str]
    entities: list[Stored]


def search_entities(world: World, call: Call[ReadQuery, SearchBody]) -> FoundEnvelope:
    """Answer with the entities of any blueprint that a query means, oldest first.

    Raises: InvalidError.
    Source: OpenAPI 1.0, POST /v1/entities/search; docs, search and query.
    Assumed: ``matchingBlueprints`` are those of the entities found.
    """
    _must_fit(SEARCH, call.body, "body", world, call.caller)
    found = world.search.find(call.body, call.caller)
    return {
        "ok": True,
        "matchingBlueprints": list(dict.fromkeys(one.key.blueprint for one in found)),
        "entities": [chosen(entity_json(one), call.query) for one in found],
    }


def search_blueprint_entities(world: World, call: Call[Nothing, PageBody]) -> PageEnvelope:
    """Answer with a page of the entities of a blueprint that a query means, oldest first.

    Raises: NotFoundError, InvalidError.
    Source: OpenAPI 1.0, POST /v1/blueprints/{blueprint_identifier}/entities/search.
    Assumed: without a query, every entity is meant; ``next`` is left out on the last page.
    """
    body, blueprint = call.body, call.path["blueprint_identifier"]
    world.census.of(blueprint)
    query = body.get("query", EVERYTHING)
    _must_fit(ENTITY_SEARCH, query, "body/query", world, call.caller)
    page = world.search.page(
        query,
        call.caller,
        blueprint=blueprint,
        limit=int(body.get("limit", PAGE)),
        after=_mark(world, blueprint, body["from"]) if "from" in body else None,
    )
    wishes: ReadQuery = {"include": body.get("include", []), "exclude": body.get("exclude", [])}
    envelope: PageEnvelope = {
        "ok": True,
        "entities": [chosen(entity_json(one), wishes) for one in page.entities],
    }
    if page.after is not None:
        envelope["next"] = _cursor(world, blueprint, page.after)
    return envelope


def _must_fit(document: Document, query: Any, place: str, world: World, caller: Caller) -> None:
    """Refuse a query that the language does not know, or that its schema forbids.

    The language goes first: it names the rule and the reason, and it is fast, whereas a schema
    of many alternatives takes seconds to say what is wrong with a thousand rules.

    Raises:
        InvalidError: It is not such a query.
    """
    world.search.find(query, caller, limit=0)
    document.check(query, place)


def _cursor(world: World, blueprint: str, mark: Mark) -> str:
    created_at, identifier = mark
    content = json.dumps([created_at.isoformat(), identifier]).encode()
    return urlsafe_b64encode(_seal(world, blueprint, content) + content).decode()


def _mark(world: World, blueprint: str, cursor: str) -> Mark:
    try:
        raw = b64decode(cursor, altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    content = raw[_SEAL_LENGTH:]
    if not hmac.compare_digest(raw[:_SEAL_LENGTH], _seal(world, blueprint, content)):
        raise InvalidError(
            f"body/from: {cursor!r} is not the 'next' of a search of blueprint {blueprint!r}"
        )
    created_at, identifier = json.loads(content)
    return datetime.fromisoformat(created_at), identifier


_SEAL_LENGTH: Final = 8


def _seal(world: World, blueprint: str, content: bytes) -> bytes:
    """Return what tells a cursor of this organisation and blueprint from all others."""
    key = json.dumps([world.id, world.client_secret, blueprint]).encode()
    return hmac.digest(key, content, sha256)[:_SEAL_LENGTH]


OPERATIONS: Final = (
    Operation(
        name="search-entities",
        tag=TAG,
        route="POST /v1/entities/search",
        handler=search_entities,
        scopes=("read:entities",),
    ),
    Operation(
        name="search-blueprint-entities",
        tag=TAG,
        route="POST /v1/blueprints/{blueprint_identifier}/entities/search",
        handler=search_blueprint_entities,
        scopes=("read:entities",),
        nonempty=IDS,
        body_required=False,
    ),
)
