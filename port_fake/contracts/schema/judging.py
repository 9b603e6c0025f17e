"""One generated request: sent over the wire, and its answer looked at by every check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import requests
from schemathesis import checks
from schemathesis.checks import CheckFunction
from schemathesis.core import NotSet
from schemathesis.core.errors import SerializationNotPossible
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.replies import Reply
from port_fake.contracts.schema.afterwards import AFTERWARDS
from port_fake.contracts.schema.cases import AnyCase
from port_fake.contracts.schema.checks import CHECKS, Deed
from port_fake.contracts.schema.complaints import Complaint, Complaints, cut
from port_fake.contracts.schema.stock import SECRET_VALUE
from port_fake.contracts.sessions import WireSession
from port_fake.strategies.playing.targets import OPERATIONS

DOCUMENTED: Final[Sequence[CheckFunction]] = (
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.positive_data_acceptance,
)
"""The checks of schemathesis that bite on this API and send nothing themselves.

What they would send, they would send past the wire: `ignored_auth` and `unsupported_method` are
asked by `Examination`.
"""

SELF_EXPLAINING: Final[Mapping[str, str]] = {
    "execute-self-service-action": "its inputs must be those of the action",
    "create-action": "its blueprint, users and jq must be real",
    "replace-action": "its blueprint, users and jq must be real",
    "create-blueprint": "its relations and mirrors must lead somewhere",
    "replace-blueprint": "its relations and mirrors must lead somewhere",
    "change-blueprint": "its relations and mirrors must lead somewhere",
    "create-entity": "its properties and relations must be those of the blueprint",
    "replace-entity": "its properties and relations must be those of the blueprint",
    "change-entity": "its properties and relations must be those of the blueprint",
    "search-entities": "its rules must make sense: 'in' takes a list",
    "search-blueprint-entities": "its rules must make sense, and 'from' be from another search",
    "create-blueprint-action": "the document says no more than that it is an object",
    "replace-blueprint-action": "the document says no more than that it is an object",
    "replace-blueprint-actions": "the document says no more than that it is an object",
}
"""Operations that may refuse what is well-formed, and why; what they must accept is in `ROWS`."""


LONGEST: Final = 400


class Inquiry:
    """Sends cases to one organisation; what checks have to say is gathered in *complaints*.

    *looks_afterwards* says whether what was accepted is looked for; *documented* are the checks of
    schemathesis.
    """

    def __init__(
        self,
        port: Organisation,
        *,
        complaints: Complaints,
        looks_afterwards: bool = False,
        documented: Sequence[CheckFunction] = DOCUMENTED,
    ) -> None:
        self.port = port
        self.complaints = complaints
        self._looks_afterwards = looks_afterwards
        self._documented = documented
        self._session = WireSession(port.wire)

    def examine(self, case: AnyCase, *, recorder: Any = None) -> tuple[Deed, Response] | None:
        """Send a case and let every check look at the answer; None if it cannot be sent at all."""
        name = case.operation.definition.raw["operationId"]
        try:
            reply, response = self.call(case, token=self.token_for(name))
        except (requests.RequestException, SerializationNotPossible, UnicodeError):
            return None
        self.complaints.requests += 1
        deed = Deed(
            operation=name,
            path={key: unquote(str(one)) for key, one in (case.path_parameters or {}).items()},
            query=case.query if isinstance(case.query, Mapping) else {},
            body=None if isinstance(case.body, NotSet) else case.body,
            reply=reply,
            secrets=(self.port.credentials.client_secret, SECRET_VALUE),
        )
        if recorder is not None:
            recorder.record_response(case_id=case.id, response=response)
        self._judge(case, response, deed, recorder=recorder)
        if deed.is_accepted:
            self.complaints.accepted += 1
            self._look_afterwards(deed)
        return deed, response

    def call(self, case: AnyCase, *, token: str | None) -> tuple[Reply, Response]:
        """Send a case, with that ``Authorization``."""
        headers = {} if token is None else {"Authorization": token}
        response = case.call(
            base_url=self.port.wire.base_url, session=self._session, headers=headers
        )
        return _reply(response), response

    def token_for(self, name: str) -> str | None:
        """Return the ``Authorization`` for an operation."""
        return None if OPERATIONS[name].public else f"Bearer {self.port.token()}"

    def _judge(
        self,
        case: AnyCase,
        response: Response,
        deed: Deed,
        *,
        recorder: Any,
    ) -> None:
        for name, check in CHECKS.items():
            self.complaints.note(name, deed.reply.told, partial(check, deed))
        excused = [checks.positive_data_acceptance] * (deed.operation in SELF_EXPLAINING)
        documented = [one for one in self._documented if one not in excused]
        try:
            case.validate_response(response, checks=documented, recorder=recorder)
        except FailureGroup as group:
            for failure in group.exceptions:
                self._complain(failure, deed.reply)
        except Exception as error:  # noqa: BLE001 - whatever it stumbles over is in the answer
            text = f"schemathesis cannot read the answer: {type(error).__name__}: {error}"
            self.complaints.add(Complaint("readable", deed.reply.told, text))

    def _complain(self, failure: BaseException, reply: Reply) -> None:
        if not isinstance(failure, Failure):
            self.complaints.add(Complaint("readable", reply.told, str(failure)))
            return
        name = failure.checks[0] if failure.checks else type(failure).__name__
        text = cut(f"{failure.title}. {failure.message}", LONGEST)
        self.complaints.add(
            Complaint(name, reply.told, text), kind=f"{failure.title} {reply.status}"
        )

    def _look_afterwards(self, deed: Deed) -> None:
        if not self._looks_afterwards:
            return
        for name, seen in AFTERWARDS.get(deed.operation, {}).items():
            told = f"after {deed.reply.told}"
            self.complaints.note(name, told, partial(seen, self.port, deed))


def _reply(response: Response) -> Reply:
    request = response.request
    address = urlsplit(str(request.url))
    asked = f"{request.method} {address.path}" + (f"?{address.query}" if address.query else "")
    if request.body:
        sent = request.body if isinstance(request.body, bytes) else str(request.body).encode()
        asked += f" with {cut(sent.decode(errors='replace'))}"
    headers = {name: ", ".join(values) for name, values in response.headers.items()}
    return Reply(cut(asked, LONGEST), response.status_code, headers, response.content)
