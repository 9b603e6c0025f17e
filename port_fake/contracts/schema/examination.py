"""One operation, asked in every way: as it must succeed, without a token, and as drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any, Final
from urllib.parse import quote, urlsplit

from schemathesis import GenerationMode

from port_fake.contracts.replies import AnswerError, Reply
from port_fake.contracts.schema.cases import AnyCase, Operation, covering, drawn, operations
from port_fake.contracts.schema.checks import Deed
from port_fake.contracts.schema.complaints import Complaints
from port_fake.contracts.schema.judging import Inquiry
from port_fake.contracts.schema.methods import documented, possible, undocumented
from port_fake.contracts.schema.stock import Stock
from port_fake.contracts.schema.wanted import ROWS, Wanted
from port_fake.strategies.playing.targets import OPERATIONS

NEGATIVE: Final = frozenset({"negative_data_rejection", "unsupported_method"})
"""What the document does not say: refusals of a service that is no fake are noted, not judged."""

USUALLY: Final = 0.8
"""How often a generated request names something that is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How much is asked of one operation.

    *covering* cases that visit its shapes, and *drawn* ones; where the shapes have more cases than
    are covered, drawing takes long, and *drawn_if_large* are drawn.
    """

    covering: int
    drawn: int
    drawn_if_large: int
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
        self.complaints = Complaints(frozenset() if effort.is_fake else NEGATIVE)
        self._operation: Operation = operations()[name]
        self._stock = stock
        self._effort = effort
        self._unused: Wanted | None = None
        self._chance = Random(f"{effort.seed}:{name}")  # noqa: S311 - which cases, no secret
        self._inquiry = Inquiry(
            stock.port, complaints=self.complaints, looks_afterwards=effort.may_write
        )

    def carry_out(self) -> None:
        """Ask everything.

        Raises:
            AnswerError: Some answer is not as it must be.
        """
        self.authority()
        self.success()
        if self._effort.may_write:
            self.methods()
        effort = self._effort
        modes = effort.modes
        cases = covering(self._operation, modes=modes, most=effort.covering, chance=self._chance)
        self.generated(cases)
        is_large = len(cases) >= effort.covering
        count = effort.drawn_if_large if is_large else effort.drawn
        self.generated(drawn(self._operation, modes=modes, count=count, seed=effort.seed))
        self.complaints.settle()

    def authority(self) -> None:
        """Ask without a token and with a wrong one: both must be refused, and change nothing."""
        if OPERATIONS[self.name].public:
            return
        wanted = self._wanted()
        for token in (None, "Bearer nonsense"):
            reply, _ = self._inquiry.call(self._case(wanted), token=token)
            how = "no token" if token is None else "a wrong token"
            self.complaints.note(
                "ignored_auth", f"{reply.told}, with {how}", partial(_unknown, reply)
            )

    def success(self) -> None:
        """Ask as it must succeed."""
        if self.name not in ROWS:
            return
        wanted = self._wanted()
        deed = self._examine(self._case(wanted))
        if deed is not None:
            expected = OPERATIONS[self.name].success
            self.complaints.note("reached", deed.reply.told, partial(deed.reply.must, expected))

    def methods(self) -> None:
        """Ask with every method that the document does not have."""
        wanted = self._wanted()
        target = urlsplit(self._case(wanted).formatted_path).path
        allowed = (documented(self._operation.path), possible(target))
        for method in undocumented(target):
            case = self._case(wanted, method=method)
            reply, _ = self._inquiry.call(case, token=self._inquiry.token_for(self.name))
            self.complaints.note(
                "unsupported_method", reply.told, partial(_not_allowed, reply, *allowed)
            )

    def generated(self, cases: Iterable[AnyCase]) -> None:
        """Ask what was made up, most of it about things that are there."""
        for case in cases:
            self._examine(self._placed(case))

    # -- one request

    def _wanted(self) -> Wanted:
        """Return what must succeed: what was refused has changed nothing and can be asked again."""
        if self._unused is None:
            names = [one.name for one in self._operation.path_parameters]
            unknown = Wanted(path=dict.fromkeys(names, "nobody"))
            self._unused = ROWS[self.name](self._stock) if self.name in ROWS else unknown
        return self._unused

    def _case(self, wanted: Wanted, **changes: Any) -> AnyCase:
        body = {} if wanted.body is None else {"body": wanted.body, "media_type": JSON}
        path = {key: quote(value, safe="") for key, value in wanted.path.items()}
        query = dict(wanted.query)
        return self._operation.Case(path_parameters=path, query=query, **body, **changes)

    def _examine(self, case: AnyCase) -> Deed | None:
        found = self._inquiry.examine(case)
        if found is None:
            return None
        if found[0].is_accepted and OPERATIONS[self.name].mutates:
            self._unused = None
        return found[0]

    def _placed(self, case: AnyCase) -> AnyCase:
        """Let a generated case name what is there; elsewhere than on a fake always, for safety."""
        if self._effort.is_fake and self._chance.random() >= USUALLY:
            return case
        wanted = self._wanted()
        for key, value in wanted.path.items():
            case.path_parameters[key] = quote(value, safe="")
        if isinstance(case.body, dict) and isinstance(wanted.body, dict) and _is_good(case):
            for key in wanted.names:
                if key in case.body and key in wanted.body:
                    case.body[key] = wanted.body[key]
        return case


JSON: Final = "application/json"


def _is_good(case: AnyCase) -> bool:
    return case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE


def _unknown(reply: Reply) -> None:
    reply.refused(401)


def _not_allowed(reply: Reply, least: frozenset[str], most: frozenset[str]) -> None:
    reply.must(405)
    found = frozenset(one.strip() for one in reply.headers.get("allow", "").split(",")) - {""}
    if not least <= found - IMPLICIT <= most:
        raise AnswerError(
            f"the header Allow must name {', '.join(sorted(least))}, and names "
            f"{', '.join(sorted(found)) or 'nothing'}"
        )


IMPLICIT: Final = frozenset({"HEAD", "OPTIONS"})
