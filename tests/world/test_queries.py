"""Lists of runs: the bitmaps answer what a plain loop over all runs would."""

from dataclasses import replace
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from port_fake.engine.runs import Annotations, Run, Source
from port_fake.engine.states import State
from port_fake.world.queries import RunFilter, RunIndex
from port_fake.world.runs import Runs
from tests.world.builders import NAMES, make_action, make_run

SOURCES: Final = st.sampled_from(Source)
STATES: Final = st.sampled_from(State)
LISTED: Final = st.builds(
    make_run,
    action=st.builds(make_action, NAMES, blueprint=st.none() | NAMES),
    entity=st.none() | NAMES,
    state=STATES,
    source=SOURCES,
    created_by=NAMES,
    notes=st.builds(Annotations, external_id=st.none() | NAMES),
)
HISTORIES: Final = st.lists(LISTED, max_size=15).map(
    lambda runs: [replace(run, id=f"r_{number}") for number, run in enumerate(runs)]
)
CHANGES: Final = st.lists(st.tuples(st.integers(0, 14), STATES, st.none() | NAMES), max_size=15)
"""The run by its number, and the state and external id that it has from then on."""


@st.composite
def filters(draw: st.DrawFn) -> RunFilter:
    """Draw a filter on few fields, so that it often matches something."""
    values: dict[str, st.SearchStrategy[Any]] = {
        **dict.fromkeys(("action", "blueprint", "entity", "creator", "external_id"), NAMES),
        "sources": st.frozensets(SOURCES),
        "states": st.frozensets(STATES),
    }
    asked = draw(st.lists(st.sampled_from(sorted(values)), unique=True, max_size=3))
    return RunFilter(**{name: draw(values[name]) for name in asked})


def fits(run: Run, wanted: RunFilter) -> bool:
    """Whether *run* belongs in the list, one question after the other."""
    questions = [
        wanted.action in {None, run.action.identifier},
        wanted.blueprint is None or wanted.blueprint == run.action.blueprint,
        wanted.entity is None or wanted.entity == run.entity,
        wanted.creator in {None, run.created_by},
        wanted.external_id is None or wanted.external_id == run.notes.external_id,
        wanted.sources is None or run.source in wanted.sources,
        wanted.states is None or run.state in wanted.states,
    ]
    return all(questions)


def changed(run: Run, state: State, external_id: str | None) -> Run:
    return replace(run, state=state, notes=Annotations(external_id=external_id))


@given(HISTORIES, CHANGES, filters(), st.integers(0, 20))
def test_a_list_holds_the_newest_of_the_runs_that_fit(
    history: list[Run],
    changes: list[tuple[int, State, str | None]],
    wanted: RunFilter,
    limit: int,
) -> None:
    index = RunIndex()
    model = {run.id: run for run in history}
    for run in history:
        index.add(run)
    for number, state, external_id in changes:
        if old := model.get(f"r_{number}"):
            model[old.id] = changed(old, state, external_id)
            index.update(old, model[old.id])

    found = list(index.find(wanted, limit))

    newest_first = reversed(model.values())
    assert found == [run.id for run in newest_first if fits(run, wanted)][:limit]


def test_several_filters_are_combined_with_and_and_members_of_one_with_or() -> None:
    runs = Runs()
    ui, api = (runs.add(make_run(one, source=Source(one))) for one in ("UI", "API"))
    runs.add(make_run("AUTOMATION", source=Source.AUTOMATION))
    either = RunFilter(action="deploy", sources=frozenset({Source.UI, Source.API}))
    neither = RunFilter(action="rollback", sources=frozenset({Source.UI, Source.API}))

    assert runs.find(either, 10) == [api, ui]
    assert runs.find(neither, 10) == []


def test_a_run_that_changes_leaves_its_old_lists_and_keeps_its_place() -> None:
    runs = Runs()
    first, second = runs.add(make_run("r_1")), runs.add(make_run("r_2"))
    queued, done = frozenset({State.QUEUED}), frozenset({State.SUCCEEDED})

    ended = runs.change(replace(first, state=State.SUCCEEDED))

    assert runs.find(RunFilter(states=queued), 10) == [second]
    assert runs.find(RunFilter(states=done), 10) == [ended]
    assert runs.find(RunFilter(), 10) == [second, ended]
