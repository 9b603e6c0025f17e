"""The organisation itself, and the exchange of its credentials for a token."""

from hashlib import sha256
from typing import Annotated, Any, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.definitions.organisation import (
    ORGANISATION_CHANGES,
    ORGANISATION_REPLACEMENT,
)
from port_fake.dialects.port.tokens import exchange
from port_fake.dialects.port.wire import OK, Ok
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.schema import closed as schema_closed
from port_fake.surface.schema import text
from port_fake.surface.values import Document, Number, closed
from port_fake.world.organisations import Organisations
from port_fake.world.world import World

Replacement: TypeAlias = Annotated[dict[str, Any], Document(ORGANISATION_REPLACEMENT, {})]
CREDENTIALS: Final = schema_closed(
    {"clientId": text(), "clientSecret": text()}, ["clientId", "clientSecret"]
)
CredentialsBody: TypeAlias = Annotated[dict[str, str], Document(CREDENTIALS)]
Changes: TypeAlias = Annotated[dict[str, Any], Document(ORGANISATION_CHANGES, {})]


@closed
class TokenEnvelope(TypedDict):
    """An access token; *expiresIn* counts seconds."""

    ok: Literal[True]
    accessToken: str
    expiresIn: Number
    tokenType: str


@closed
class OrganisationEnvelope(TypedDict):
    """An answer that holds the organisation."""

    ok: Literal[True]
    organization: dict[str, Any]


@closed
class KafkaCredentials(TypedDict):
    """Addresses as ``host:port``, and who may read there."""

    brokers: list[str]
    username: str
    password: str


@closed
class KafkaEnvelope(TypedDict):
    """An answer that holds credentials for Kafka."""

    ok: Literal[True]
    credentials: KafkaCredentials


def create_access_token(
    organisations: Organisations, call: Call[Nothing, CredentialsBody]
) -> TokenEnvelope:
    """Exchange credentials for an access token.

    Raises: UnauthorizedError.
    Source: OpenAPI 1.0, POST /v1/auth/access_token.
    """
    token, seconds = exchange(organisations, call.body["clientId"], call.body["clientSecret"])
    return {"ok": True, "accessToken": token, "expiresIn": seconds, "tokenType": "Bearer"}


def get_organisation(world: World, call: Call[Nothing, Nothing]) -> OrganisationEnvelope:  # noqa: ARG001
    """Answer with the organisation.

    Source: Ocean and Terraform's provider, which read ``id``, ``name`` and ``featureFlags``.
    """
    shown = {
        "settings": {},
        **world.profile,
        "id": world.id,
        "name": world.name,
        "featureFlags": [],
        "isBlocked": False,
    }
    return {"ok": True, "organization": shown}


def get_kafka_credentials(
    world: World,
    call: Call[Nothing, Nothing],  # noqa: ARG001
) -> KafkaEnvelope:
    """Answer with what a consumer of the organisation's Kafka topics needs.

    Source: Ocean and Port's agent, which read ``brokers``, ``username`` and ``password``.
    Assumed: the user name is the organisation's id. The fake's broker asks for neither, so the
    password is made up; without a broker there are no addresses.
    """
    password = sha256(f"kafka {world.client_secret}".encode()).hexdigest()
    return {
        "ok": True,
        "credentials": {
            "brokers": list(world.brokers),
            "username": world.id,
            "password": password,
        },
    }


def replace_organisation(world: World, call: Call[Nothing, Replacement]) -> Ok:
    """Put another profile in the place of the organisation's.

    Source: OpenAPI 1.0, PUT /v1/organization.
    """
    world.describe(call.body, keep=False)
    return OK


def change_organisation(world: World, call: Call[Nothing, Changes]) -> Ok:
    """Change the keys of the organisation's profile that are given; settings are merged.

    Source: OpenAPI 1.0, PATCH /v1/organization; Port's agent, which leaves ``name`` out and
    sets ``settings.portAgentStreamerName``.
    """
    world.describe(call.body, keep=True)
    return OK


OPERATIONS: Final = (
    Operation(
        name="create-access-token",
        tag="Authentication / Authorization",
        route="POST /v1/auth/access_token",
        handler=create_access_token,
        public=True,
        confidential=True,
    ),
    Operation(
        name="get-organization",
        tag="Organization",
        route="GET /v1/organization",
        handler=get_organisation,
    ),
    Operation(
        name="get-kafka-credentials",
        tag="Organization",
        route="GET /v1/kafka-credentials",
        handler=get_kafka_credentials,
        confidential=True,
    ),
    Operation(
        name="replace-organization",
        tag="Organization",
        route="PUT /v1/organization",
        handler=replace_organisation,
        scopes=("update:organization",),
    ),
    Operation(
        name="change-organization",
        tag="Organization",
        route="PATCH /v1/organization",
        handler=change_organisation,
        scopes=("update:organization",),
    ),
)
