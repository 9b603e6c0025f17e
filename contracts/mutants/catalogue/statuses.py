"""Another status code than the documented one."""

from __future__ import annotations

from typing import Final

from contracts.mutants.mutant import Mutant
from contracts.mutants.passing import Passing, answer
from contracts.mutants.rows import APPROVERS, EXECUTE, LOG, LOGS, READ, RULE, UPDATE, code
from port_fake.contracts.proxy import Answered


async def _empty_for_unknown(passing: Passing) -> Answered:
    answered = await passing.go()
    keys = {LOGS: "runLogs", APPROVERS: "approvers"}
    if answered.status == 404 and passing.operation in keys:
        return answer(200, {"ok": True, keys[passing.operation]: []})
    return answered


async def _breaks_on_umlauts(passing: Passing) -> Answered:
    if passing.operation in {EXECUTE, LOG, UPDATE} and (
        b"\\u" in passing.asked.body or not passing.asked.body.isascii()
    ):
        return answer(500, {"ok": False, "error": "internal_error", "message": "went wrong"})
    return await passing.go()


STATUSES: Final = (
    code("statuses.execute-is-200", "answers 200 to execute", EXECUTE, codes={202: 200}),
    code("statuses.execute-is-201", "answers 201 to execute", EXECUTE, codes={202: 201}),
    code("statuses.ruling-is-200", "answers 200 to an approval", RULE, codes={201: 200}),
    code("statuses.log-is-200", "answers 200 to a new log line", LOG, codes={201: 200}),
    code("statuses.update-is-201", "answers 201 to an update of a run", UPDATE, codes={200: 201}),
    code("statuses.update-is-204", "answers 204 to an update of a run", UPDATE, codes={200: 204}),
    code("statuses.no-run-is-200", "answers 200 to an unknown run id", READ, codes={404: 200}),
    code("statuses.no-run-is-422", "answers 422 to an unknown run id", READ, codes={404: 422}),
    code(
        "statuses.no-action-is-422", "answers 422 to an unknown action", EXECUTE, codes={404: 422}
    ),
    code("statuses.no-log-is-422", "answers 422 to logs of no run", LOG, codes={404: 422}),
    code("statuses.refusal-is-400", "answers 400 to a bad update", UPDATE, codes={422: 400}),
    code("statuses.refusal-is-500", "answers 500 to a bad execution", EXECUTE, codes={422: 500}),
    code("statuses.ruling-refusal-is-409", "answers 409 to a bad approval", RULE, codes={422: 409}),
    code("statuses.nobody-is-403", "answers 403 where the token is missing", codes={401: 403}),
    code("statuses.too-large-is-422", "answers 422 to a body that is too large", codes={413: 422}),
    code("statuses.same-entity-is-422", "answers 422 to an entity that exists", codes={409: 422}),
    code(
        "statuses.blueprint-is-200",
        "answers 200 to a new blueprint",
        "create-blueprint",
        codes={201: 200},
    ),
    Mutant(
        "statuses.nothing-for-unknown-runs",
        "has no log lines and no approvers for unknown runs, in place of 404",
        lambda: _empty_for_unknown,
    ),
    Mutant(
        "statuses.text-breaks-it",
        "answers 500 to runs, updates and logs whose text is not ASCII",
        lambda: _breaks_on_umlauts,
    ),
)
