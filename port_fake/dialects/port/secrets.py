"""The organisation's secrets. No answer ever holds a value."""

from typing import Annotated, Final, Literal, TypeAlias

from typing_extensions import TypedDict

from port_fake.dialects.port.vocabulary import moment
from port_fake.dialects.port.wire import OK, Ok
from port_fake.errors import Fault
from port_fake.surface.operation import Call, Nothing, Operation
from port_fake.surface.schema import closed as schema_closed
from port_fake.surface.schema import text
from port_fake.surface.values import Document, Moment, closed, opened
from port_fake.world.secrets import Secret
from port_fake.world.world import World

TAG: Final = "Organization"

NEW: Final = schema_closed(
    {
        "secretName": text(minLength=1, maxLength=100, pattern="^[A-Za-z0-9-_]*$"),
        "secretValue": text(),
        "description": text(maxLength=200),
    },
    ["secretName", "secretValue"],
)
"""Source: OpenAPI 1.0, POST /v1/organization/secrets."""

CHANGES: Final = schema_closed({"secretValue": text(), "description": text(maxLength=200)})
"""Source: OpenAPI 1.0, PATCH /v1/organization/secrets/{secret_name}."""

NewBody: TypeAlias = Annotated[dict[str, str], Document(NEW)]
ChangesBody: TypeAlias = Annotated[dict[str, str], Document(CHANGES)]


@opened
class SecretJson(TypedDict, total=False):
    """A secret without its value."""

    secretName: str
    description: str
    createdAt: Moment
    updatedAt: Moment


@opened
class SecretEnvelope(TypedDict):
    """An answer that holds a secret."""

    ok: bool
    secret: SecretJson


@closed
class SecretsEnvelope(TypedDict):
    """An answer that holds secrets."""

    ok: Literal[True]
    secrets: list[SecretJson]


def list_secrets(world: World, _call: Call[Nothing, Nothing]) -> SecretsEnvelope:
    """Answer with the names of all secrets, oldest first.

    Source: OpenAPI 1.0, GET /v1/organization/secrets.
    Assumed: the shape; the document declares no success.
    """
    return {"ok": True, "secrets": [_json(secret) for secret in world.secrets.all()]}


def create_secret(world: World, call: Call[Nothing, NewBody]) -> SecretEnvelope:
    """Store a secret.

    Raises: ConflictError.
    Source: OpenAPI 1.0, POST /v1/organization/secrets.
    Assumed: the success code 201 and the answer; the document declares no success.
    """
    secret = world.secrets.add(
        call.body["secretName"], call.body["secretValue"], call.body.get("description")
    )
    return {"ok": True, "secret": _json(secret)}


def get_secret(world: World, call: Call[Nothing, Nothing]) -> SecretEnvelope:
    """Answer with a secret, without its value.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, GET /v1/organization/secrets/{secret_name}.
    """
    return {"ok": True, "secret": _json(world.secrets[call.path["secret_name"]])}


def change_secret(world: World, call: Call[Nothing, ChangesBody]) -> SecretEnvelope:
    """Give a secret another value or description.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, PATCH /v1/organization/secrets/{secret_name}.
    """
    secret = world.secrets.change(
        call.path["secret_name"],
        value=call.body.get("secretValue"),
        description=call.body.get("description"),
    )
    return {"ok": True, "secret": _json(secret)}


def delete_secret(world: World, call: Call[Nothing, Nothing]) -> Ok:
    """Remove a secret.

    Raises: NotFoundError.
    Source: OpenAPI 1.0, DELETE /v1/organization/secrets/{secret_name}.
    """
    world.secrets.remove(call.path["secret_name"])
    return OK


def _json(secret: Secret) -> SecretJson:
    shown: SecretJson = {
        "secretName": secret.name,
        "createdAt": moment(secret.created_at),
        "updatedAt": moment(secret.updated_at),
    }
    if secret.description is not None:
        shown["description"] = secret.description
    return shown


ONE: Final = "/v1/organization/secrets/{secret_name}"

OPERATIONS: Final = (
    Operation(
        name="get-organization-secrets",
        tag=TAG,
        route="GET /v1/organization/secrets",
        handler=list_secrets,
        scopes=("read:secrets",),
    ),
    Operation(
        name="create-organization-secret",
        tag=TAG,
        route="POST /v1/organization/secrets",
        handler=create_secret,
        success=201,
        scopes=("create:secrets",),
        confidential=True,
        refuses=frozenset({Fault.CONFLICT}),
    ),
    Operation(
        name="get-organization-secret",
        tag=TAG,
        route=f"GET {ONE}",
        handler=get_secret,
        scopes=("read:secrets",),
    ),
    Operation(
        name="change-organization-secret",
        tag=TAG,
        route=f"PATCH {ONE}",
        handler=change_secret,
        scopes=("update:secrets",),
        confidential=True,
        body_required=False,
    ),
    Operation(
        name="delete-organization-secret",
        tag=TAG,
        route=f"DELETE {ONE}",
        handler=delete_secret,
        scopes=("delete:secrets",),
    ),
)
