"""One operation, asked in every way: as it must succeed, without a token, and as drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

import requests
from schemathesis import Case, GenerationMode, checks
from schemathesis.core import NotSet
from schemathesis.core.errors import SerializationNotPossible
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response

from port_fake.contracts.organisations import Organisation
from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.schema.afterwards import AFTERWARDS
from port_fake.contracts.schema.cases import Operation, covering, drawn, operations
from port_fake.contracts.schema.checks import CHECKS, Deed
from port_fake.contracts.schema.complaints import Complaint, Complaints, cut
from port_fake.contracts.schema.methods import documented, undocumented
from port_fake.contracts.schema.stock import SECRET_VALUE, Stock
from port_fake.contracts.schema.wanted import ROWS, Wanted
from port_fake.contracts.sessions import WireSession
from port_fake.strategies.playing.targets import OPERATIONS

DOCUMENTED: Final = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.positive_data_acceptance,
]
"""The checks of schemathesis that bite on this API and send nothing themselves."""

NEGATIVE: Final = frozenset({"negative_data_rejection", "unsupported_method"})
"""What the document does not say: refusals of a service that is no fake are noted, not judged."""

SELF_EXPLAINING: Final[Mapping[str, str]] = {
    "create-action": "its blueprint, users and jq must be real",
    "replace-action": "its blueprint, users and jq must be real",
    "create-blueprint": "its relations and mirrors must lead somewhere",
    "replace-blueprint": "its relations and mirrors must lead somewhere",
    "change-blueprint": "its relations and mirrors must lead somewhere",
    "create-blueprint-action": "the document says no more than that it is an object",
    "replace-blueprint-action": "the document says no more than that it is an object",
    "replace-blueprint-actions": "the document says no more than that it is an object",
}
"""Operations that may refuse what is well-formed, and why; what they must accept is in `ROWS`."""

USUALLY: Final = 0.8
"""How often a generated request names something that is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is asked of one operation; *modes* are the kinds of data, good and bad."""

    covering: int
    drawn: int
    seed: int
    is_fake: bool
    may_write: bool

    @property
    def modes(self) -> list[GenerationMode]:
        """Good data only where nothing may be written."""
        return list(GenerationMode) if self.may_write else [GenerationMode.POSITIVE]


class Examination:
    """Asks one operation and gathers what checks have to say of its answers."""

    def __init__(self, name: str, *, stock: Stock, effort: Effort) -> None:
        self.name = name
        self.port: Organisation = stock.port
        self.complaints = Complaints(frozenset() if effort.is_fake else NEGATIVE)
        self._operation: Operation = operations()[name]
        self._stock = stock
        self._effort = effort
        self._chance = Random(f"{effort.seed}:{name}")  # noqa: S311 - which cases, no secret
        self._session = WireSession(self.port.wire)
        self._checks = [
            check
            for check in DOCUMENTED
            if not (check is checks.positive_data_acceptance and name in SELF_EXPLAINING)
        ]

    def carry_out(self) -> None:
        """Ask everything.

        Raises:
            AnswerError: Some answer is not as it must be.
        """
        self.authority()
        self.success()
        if self._effort.may_write:
            self.methods()
        self.generated(
            covering(
                self._operation,
                modes=self._effort.modes,
                most=self._effort.covering,
                chance=self._chance,
            )
        )
        self.generated(
            drawn(
                self._operation,
                modes=self._effort.modes,
                count=self._effort.drawn,
                seed=self._effort.seed,
            )
        )
        self.complaints.settle()

    def authority(self) -> None:
        """Ask without a token and with a wrong one: both must be refused, and change nothing."""
        if OPERATIONS[self.name].public:
            return
        wanted = self._wanted()
        for token in (None, "Bearer nonsense", "nonsense"):
            reply, _ = self._call(self._case(wanted), token=token)
            how = "no token" if token is None else "a wrong token"
            self.complaints.note("ignored_auth", f"{reply.told}, with {how}", partial(_unknown, reply))

    def success(self) -> None:
        """Ask as it must succeed."""
        if self.name not in ROWS:
            return
        wanted = self._wanted()
        deed = self._examine(self._case(wanted), wanted)
        if deed is not None:
            expected = OPERATIONS[self.name].success
            self.complaints.note("reached", deed.reply.told, partial(deed.reply.must, expected))

    def methods(self) -> None:
        """Ask with every method that the document does not have."""
        wanted = self._wanted()
        target = urlsplit(self._case(wanted).formatted_path).path
        allowed = documented(target)
        for method in undocumented(target):
            case = self._case(wanted, method=method)
            reply, _ = self._call(case, token=self._token)
            self.complaints.note(
                "unsupported_method", reply.told, partial(_not_allowed, reply, allowed)
            )

    def generated(self, cases: Iterable[Case]) -> None:
        """Ask what was made up, most of it about things that are there."""
        for case in cases:
            wanted = self._wanted()
            self._examine(self._placed(case, wanted), wanted)

    # -- one request

    @property
    def _token(self) -> str | None:
        return None if OPERATIONS[self.name].public else f"Bearer {self.port.token()}"

    def _wanted(self) -> Wanted:
        if self.name in ROWS:
            return ROWS[self.name](self._stock)
        names = [one.name for one in self._operation.path_parameters]
        return Wanted(path=dict.fromkeys(names, "nobody"))

    def _case(self, wanted: Wanted, **changes: Any) -> Case:
        body = {} if wanted.body is None else {"body": wanted.body, "media_type": JSON}
        path = {key: quote(value, safe="") for key, value in wanted.path.items()}
        query = dict(wanted.query)
        return self._operation.Case(path_parameters=path, query=query, **body, **changes)

    def _placed(self, case: Case, wanted: Wanted) -> Case:
        """Let a generated case name what is there; elsewhere than on a fake always, for safety."""
        if self._effort.is_fake and self._chance.random() >= USUALLY:
            return case
        for key, value in wanted.path.items():
            case.path_parameters[key] = quote(value, safe="")
        if isinstance(case.body, dict) and isinstance(wanted.body, dict) and _is_good(case):
            for key in wanted.names:
                if key in case.body and key in wanted.body:
                    case.body[key] = wanted.body[key]
        return case

    def _examine(self, case: Case, wanted: Wanted) -> Deed | None:
        """Send a case and let every check look at the answer; None if it cannot be sent at all."""
        try:
            reply, response = self._call(case, token=self._token)
        except (requests.RequestException, SerializationNotPossible, UnicodeError):
            return None
        self.complaints.requests += 1
        deed = Deed(
            operation=self.name,
            path={key: unquote(str(one)) for key, one in (case.path_parameters or {}).items()},
            query=case.query if isinstance(case.query, Mapping) else {},
            body=None if isinstance(case.body, NotSet) else case.body,
            reply=reply,
            secrets=(self.port.credentials.client_secret, SECRET_VALUE),
        )
        self._judge(case, response, deed)
        if deed.is_accepted:
            self.complaints.accepted += 1
            self._look_afterwards(deed)
        return deed

    def _call(self, case: Case, *, token: str | None) -> tuple[Reply, Response]:
        headers = {} if token is None else {"Authorization": token}
        response = case.call(
            base_url=self.port.wire.base_url, session=self._session, headers=headers
        )
        return _reply(response), response

    def _judge(self, case: Case, response: Response, deed: Deed) -> None:
        for name, check in CHECKS.items():
            self.complaints.note(name, deed.reply.told, partial(check, deed))
        try:
            case.validate_response(response, checks=self._checks)
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
        self.complaints.add(Complaint(name, reply.told, text), kind=f"{failure.title} {reply.status}")

    def _look_afterwards(self, deed: Deed) -> None:
        if not self._effort.may_write:
            return
        for name, seen in AFTERWARDS.get(self.name, {}).items():
            told = f"after {deed.reply.told}"
            self.complaints.note(name, told, partial(seen, self.port, deed))


JSON: Final = "application/json"
LONGEST: Final = 400


def _is_good(case: Case) -> bool:
    return case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE


def _unknown(reply: Reply) -> None:
    reply.refused(401)


def _not_allowed(reply: Reply, allowed: frozenset[str]) -> None:
    reply.must(405)
    found = frozenset(one.strip() for one in reply.headers.get("allow", "").split(",")) - {""}
    if found - IMPLICIT != allowed:
        raise AnswerError(
            f"the header Allow must name {', '.join(sorted(allowed))}, and names "
            f"{', '.join(sorted(found)) or 'nothing'}"
        )


IMPLICIT: Final = frozenset({"HEAD", "OPTIONS"})


def _reply(response: Response) -> Reply:
    request = response.request
    address = urlsplit(str(request.url))
    asked = f"{request.method} {address.path}" + (f"?{address.query}" if address.query else "")
    if request.body:
        sent = request.body if isinstance(request.body, bytes) else str(request.body).encode()
        asked += f" with {cut(sent.decode(errors='replace'))}"
    headers = {name: ", ".join(values) for name, values in response.headers.items()}
    return Reply(cut(asked, LONGEST), response.status_code, headers, response.content)
