"""Requests that schemathesis makes up from the document; nothing is sent here.

It is the only module, beside the machine of the workflow suite, that knows how schemathesis works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from itertools import islice
from random import Random
from typing import Any, Final, TypeAlias

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Err
from schemathesis.schemas import APIOperation, BaseSchema

from port_fake.contracts.schema.checks import V1, versioned
from port_fake.dialects.port.dialect import PORT
from port_fake.surface.document import document

Json: TypeAlias = dict[str, Any]
Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
AnyCase: TypeAlias = Case[Any]

NOWHERE: Final = "http://target.invalid"
"""What the document says of its server: every request is given the true address."""

LOOKED_AT: Final = 3
"""How many times as many cases are looked at as are kept; some operations have ten thousand."""


def overlaid() -> Json:
    """Return the document as schemathesis is to read it.

    Where an answer has two versions, it may have either shape; which of them it must have is
    for `answer_of_version` to say. Parameters of a query are required on paper only: clients leave
    them out. Nothing else is changed.
    """
    ours = deepcopy(document(PORT))
    for path, method, status, _ in versioned():
        answer = ours["paths"][path][method]["responses"][status]
        content = answer["content"]["application/json"]
        content["schema"] = {"anyOf": [content["schema"], answer.pop(V1)]}
    for item in ours["paths"].values():
        for operation in item.values():
            for parameter in operation["parameters"]:
                parameter["required"] = parameter["in"] == "path"
    return ours


def load(change: Callable[[Json], None] | None = None) -> BaseSchema:
    """Return the document, loaded; no file of settings and no cache take part.

    *change* may alter what schemathesis reads.
    """
    read = overlaid()
    if change is not None:
        change(read)
    config = schemathesis.Config.from_dict({"cache": {"enabled": False}, "seed": 0})
    loaded = schemathesis.openapi.from_dict(read, config=config)
    loaded.config.update(base_url=NOWHERE)
    # The token is put by whoever sends: the document's scheme would send it without "Bearer".
    loaded.config.generation.update(with_security_parameters=False)
    # So are wrong methods: with their own expectation of ``Allow``.
    loaded.config.phases.coverage.unexpected_methods = set()
    return loaded


@cache
def operations() -> Mapping[str, Operation]:
    """Return the operations by their name; they are read once for each process."""
    found: dict[str, Operation] = {}
    for result in load().get_all_operations():
        if isinstance(result, Err):
            raise result.err()
        operation = result.ok()
        found[operation.definition.raw["operationId"]] = operation
    return found


def covering(
    operation: Operation, *, modes: list[GenerationMode], most: int, chance: Random
) -> list[AnyCase]:
    """Return cases that visit every part of the operation's shapes, *most* of them drawn by lot."""
    schema = operation.schema
    generation = schema.config.generation_for(operation=operation, phase="coverage")
    cases = schema.iter_coverage_cases(
        operation, generation_modes=modes, generation_config=generation
    )
    found = list(islice(cases, most * LOOKED_AT))
    if len(found) <= most:
        return found
    return [found[index] for index in sorted(chance.sample(range(len(found)), most))]


def drawn(
    operation: Operation, *, modes: list[GenerationMode], count: int, seed: int
) -> Iterator[AnyCase]:
    """Yield cases that Hypothesis draws, *count* of them for each mode.

    Where there is nothing but a path, nothing can be wrong: every text may be an identifier.
    """
    if not count:
        return
    if not operation.query and not operation.body:
        modes = [GenerationMode.POSITIVE] if operation.path_parameters else []
    for mode in modes:
        yield from _drawn(operation.as_strategy(generation_mode=mode), count=count, seed=seed)


def _drawn(strategy: SearchStrategy[AnyCase], *, count: int, seed: int) -> list[AnyCase]:
    found: list[AnyCase] = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategy)
    def keep(case: AnyCase) -> None:
        found.append(case)

    try:
        keep()
    except Unsatisfiable:
        return []
    return found
