"""What backends get: signed invocations over HTTP, and batches of runs for those who claim them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias, get_args
from urllib.parse import urlsplit

from hypothesis import strategies as st
from pydantic_core import from_json, to_json

from port_fake.dialects.port.invocation.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign
from port_fake.dialects.port.vocabulary import moment
from port_fake.strategies.invocations import (
    INSTALLATION,
    Invocation,
    integration_actions,
    webhooks,
)
from port_fake.strategies.run_answers import run_v2_of
from port_fake.strategies.run_facts import UNDER_WAY, RunFacts, Thing, run_facts

CLIENT_SECRET: Final = "fakeClientSecretOfTheOrganisation"  # noqa: S105 - it opens nothing
"""What letters are signed with, unless another secret is named."""

ZEROS: Final = "v1," + 43 * "A" + "="
"""A signature of the right form, of nothing at all."""

URL: Final = "https://backend.example.com/port"
ORGANISATION: Final = "org_aaaaaaaaaaaaaaaa"

Form: TypeAlias = Literal["templated", "legacy", "wrapped", "bare"]
"""What a body is like: the default template of Port's UI; the message of before there were
templates; that message inside ``payload``, as of 2022; or the inputs alone, where only the header
``RUN_ID`` names the run.
"""

FORMS: Final[tuple[Form, ...]] = get_args(Form)

Flaw: TypeAlias = Literal["body", "timestamp", "signature", "secret", "unsigned"]
"""What is wrong with a forgery: that which was changed after signing, a secret that is not the
organisation's, or no signature at all.
"""

FLAWS: Final[tuple[Flaw, ...]] = get_args(Flaw)

Claimer: TypeAlias = Literal["agent", "ocean"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """What a letter is about: the run, whoever reads it."""

    run_id: str
    action: str
    blueprint: str | None
    entity: str | None
    inputs: Mapping[str, Any]
    requested_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookLetter:
    """An invocation as its backend receives it. Names of *headers* are in lower case."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    run: RunContext
    form: Form
    client_secret: str = field(repr=False)

    @property
    def path(self) -> str:
        """The path of the URL with its query."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return from_json(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """A letter that a backend must not believe, and why."""

    letter: WebhookLetter
    flaw: Flaw


@st.composite
def webhook_letters(
    draw: st.DrawFn,
    client_secret: str = CLIENT_SECRET,
    *,
    url: str = URL,
    forms: Collection[Form] = FORMS,
    signed_at: datetime | None = None,
    max_inputs: int = 4,
) -> WebhookLetter:
    """Draw invocations as Port sends them, signed with *client_secret*.

    *forms* narrows what bodies are like, *signed_at* fixes the moment of signing for receivers
    that look at it (by default it is soon after the run was made).

    Never filters. Shrinks to a POST of the UI's template without inputs.

    Source: docs, webhook security: the signature is of ``timestamp.body``, in epoch seconds.
    """
    facts = draw(run_facts(statuses=[UNDER_WAY], max_inputs=max_inputs))
    form = draw(st.sampled_from(tuple(forms)))
    at = facts.updated_at + draw(_SECONDS) if signed_at is None else signed_at
    body = to_json(_BODIES[form](facts))
    timestamp = str(int(at.timestamp()))
    named = form == "bare" or draw(st.booleans())
    return WebhookLetter(
        method=draw(_METHODS),
        url=url,
        headers={
            "content-type": "application/json",
            **({"run_id": facts.id} if named else {}),
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: sign(client_secret, timestamp, body),
        },
        body=body,
        run=RunContext(
            run_id=facts.id,
            action=facts.action.identifier,
            blueprint=None if facts.blueprint is None else facts.blueprint.identifier,
            entity=None if facts.entity is None else facts.entity.identifier,
            inputs=facts.properties,
            requested_by=facts.created_by,
        ),
        form=form,
        client_secret=client_secret,
    )


@st.composite
def forged_letters(
    draw: st.DrawFn,
    client_secret: str = CLIENT_SECRET,
    *,
    url: str = URL,
    flaws: Collection[Flaw] = FLAWS,
    signed_at: datetime | None = None,
) -> Forgery:
    """Draw letters that are not Port's: each is a true one with a single flaw.

    Never filters. Shrinks to the simplest letter whose body was changed.
    """
    letter = draw(webhook_letters(client_secret, url=url, signed_at=signed_at))
    flaw = draw(st.sampled_from(tuple(flaws)))
    timestamp = int(letter.headers[TIMESTAMP_HEADER])
    signature = letter.headers[SIGNATURE_HEADER]
    if flaw == "body":
        # The first is the same JSON: what is signed is bytes.
        changed = to_json({**letter.json, "forged": True})
        other = draw(st.sampled_from([letter.body + b" ", changed]))
        return Forgery(letter=replace(letter, body=other), flaw=flaw)
    headers = dict(letter.headers)
    if flaw == "timestamp":
        headers[TIMESTAMP_HEADER] = str(timestamp + draw(st.integers(1, 3600)))
    elif flaw == "signature":
        headers[SIGNATURE_HEADER] = draw(
            st.sampled_from(
                ["", signature[:-2], signature.removeprefix("v1,"), "v1," + 43 * "A" + "="]
            )
        )
    elif flaw == "secret":
        stranger = client_secret + draw(st.sampled_from(["x", "fakeSecretOfSomebodyElse"]))
        headers[SIGNATURE_HEADER] = sign(stranger, str(timestamp), letter.body)
    else:
        del headers[SIGNATURE_HEADER], headers[TIMESTAMP_HEADER]
    return Forgery(letter=replace(letter, headers=headers), flaw=flaw)


def claim_batches(
    claimer: Claimer = "ocean", *, installation: str = INSTALLATION, max_runs: int = 5
) -> st.SearchStrategy[dict[str, Any]]:
    """Draw answers of ``POST /v1/actions/runs/claim-pending``.

    For ``"ocean"`` the runs are dispatches of workflows that the queue of *installation* held,
    for ``"agent"`` webhooks that Port's execution agent has to call, each with a body that is an
    object. All are in progress, pending, hidden until the same moment, and the oldest comes first;
    at most *max_runs*, perhaps none. A run that was claimed before and not acknowledged may
    have been reported on already.

    Never filters, but for ids that come twice. Shrinks to no run at all, then to one.

    Source: Port's agent and Ocean, by what they parse.
    """
    dispatches = integration_actions(installation=installation)
    return _batches(
        dispatches if claimer == "ocean" else webhooks(agent=True, queued=True), max_runs
    )


@st.composite
def _batches(
    draw: st.DrawFn, invocations: st.SearchStrategy[Invocation], most: int
) -> dict[str, Any]:
    one = run_facts(statuses=[UNDER_WAY], invocations=invocations)
    found = draw(st.lists(one, max_size=most, unique_by=lambda facts: facts.id))
    found.sort(key=lambda facts: facts.created_at)
    last = max((facts.updated_at for facts in found), default=None)
    if last is None:
        return {"ok": True, "runs": []}
    until = last + draw(_SECONDS) + timedelta(minutes=1)
    claimed = [replace(facts, is_queued=True, claimed_until=until) for facts in found]
    return {"ok": True, "runs": [run_v2_of(facts) for facts in claimed]}


def _templated(facts: RunFacts) -> dict[str, Any]:
    return {**facts.properties, "port_context": {"runId": facts.id}}


def _bare(facts: RunFacts) -> dict[str, Any]:
    return dict(facts.properties)


def _legacy(facts: RunFacts) -> dict[str, Any]:
    action, blueprint, entity = facts.action, facts.blueprint, facts.entity
    return {
        "action": action.identifier,
        "resourceType": "run",
        "status": "TRIGGERED",
        "trigger": {
            "by": {"orgId": ORGANISATION, "userId": facts.created_by},
            "origin": facts.source,
            "at": moment(facts.created_at),
        },
        "context": {
            "entity": _identifier(entity),
            "blueprint": _identifier(blueprint),
            "runId": facts.id,
        },
        "payload": {
            "entity": None if entity is None else _shown(entity, _identifier(blueprint)),
            "action": {
                "id": "action_" + 16 * "a",
                "identifier": action.identifier,
                "title": action.title,
                "icon": action.icon,
            },
            "properties": dict(facts.properties),
        },
    }


def _identifier(thing: Thing | None) -> str | None:
    return None if thing is None else thing.identifier


def _shown(entity: Thing, blueprint: str | None) -> dict[str, Any]:
    return {
        "identifier": entity.identifier,
        "title": entity.title,
        "icon": entity.icon,
        "blueprint": blueprint,
        "team": [],
        "properties": {},
        "relations": {},
    }


_BODIES: Final[Mapping[Form, Callable[[RunFacts], dict[str, Any]]]] = {
    "templated": _templated,
    "legacy": _legacy,
    "wrapped": lambda facts: {"payload": _legacy(facts)},
    "bare": _bare,
}
_METHODS: Final = st.sampled_from(["POST", "PUT", "PATCH", "DELETE"])
_SECONDS: Final = st.integers(0, 600).map(lambda seconds: timedelta(seconds=seconds))
