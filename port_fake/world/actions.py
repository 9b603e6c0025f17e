"""The actions of an organisation, with the permissions and the form of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from port_fake.engine.actions import Action, Happening, Kind
from port_fake.engine.changes import Cause, Change, Grant
from port_fake.engine.people import Caller, Permissions
from port_fake.errors import ConflictError
from port_fake.inputs.forms import Form
from port_fake.settings import Settings
from port_fake.world.clock import Clock
from port_fake.world.tables import Table


class Actions:
    """Actions by identifier."""

    def __init__(self, clock: Clock, settings: Settings, changes: list[Change]) -> None:
        """Start with none; every action that is not as it was is told to *changes*."""
        self._clock = clock
        self._settings = settings
        self._changes = changes
        self._rows: Table[Action] = Table("action")
        self._watching: dict[tuple[Kind, str], dict[str, Action]] = {}
        self.secretive: set[str] = set()
        """Actions, also ones that are gone, whose runs not everybody may see."""
        self._permissions: dict[str, Permissions] = {}
        self._forms: dict[str, Form] = {}

    def __iter__(self) -> Iterator[Action]:
        return iter(self._rows)

    def __getitem__(self, identifier: str) -> Action:
        """Return an action.

        Raises:
            NotFoundError: There is none.
        """
        return self._rows[identifier]

    def get(self, identifier: str) -> Action | None:
        """Return an action, or None."""
        return self._rows.get(identifier)

    def add(self, action: Action) -> Action:
        """Store a new action.

        Raises:
            ConflictError: The identifier is taken.
            InvalidError: An input makes no sense.
        """
        self._rows.must_be_free(action.identifier)
        return self._keep(action)

    def replace(self, identifier: str, action: Action) -> Action:
        """Put *action* in the place of another one, whose id, maker and permissions it takes over.

        Raises:
            NotFoundError: There is no action to replace.
            ConflictError: The new identifier is another action's.
            InvalidError: An input makes no sense.
        """
        old = self._rows[identifier]
        if action.identifier != identifier:
            self._rows.must_be_free(action.identifier)
        kept = self._keep(
            replace(action, id=old.id, created_at=old.created_at, created_by=old.created_by), old
        )
        if action.identifier != identifier:
            self._permissions[action.identifier] = self.permissions(identifier)
            self._drop(old)
        return kept

    def replace_all(self, old: Iterable[Action], new: Iterable[Action], caller: Caller) -> None:
        """Put *new* in the place of *old*; an action that is in both keeps what `replace` keeps.

        Raises:
            ConflictError: An identifier is another action's, or comes twice.
            InvalidError: An input makes no sense.
        """
        going = {action.identifier for action in old}
        coming: dict[str, Action] = {}
        for action in new:
            if action.identifier in coming:
                raise ConflictError(f"action {action.identifier!r} comes twice")
            if action.identifier not in going:
                self._rows.must_be_free(action.identifier)
            self._form(action)
            coming[action.identifier] = action
        for identifier in going - coming.keys():
            self.remove(identifier, caller)
        for identifier, action in coming.items():
            if identifier in going:
                self.replace(identifier, action)
            else:
                self.add(action)

    def remove(self, identifier: str, caller: Caller) -> Action:
        """Remove an action; runs made of it stay.

        Raises:
            NotFoundError: There is none.
        """
        action = self._rows[identifier]
        self._drop(action)
        self._changes.append(Change(action, None, self._cause(caller)))
        return action

    @property
    def are_watching(self) -> bool:
        """Whether there may be automations at all."""
        return bool(self._watching)

    def watching(
        self, kind: Kind, subject: str, happening: Happening, *, expiring: str | None = None
    ) -> list[Action]:
        """Return the live automations that wait for just that, oldest first."""
        return [
            action
            for action in self._watching.get((kind, subject), {}).values()
            if action.trigger is not None
            and happening in action.trigger.on
            and action.trigger.expiring == expiring
        ]

    def form(self, identifier: str) -> Form:
        """Return the form that the inputs of a run must fit."""
        return self._forms[identifier]

    def permissions(self, identifier: str) -> Permissions:
        """Return who may execute and who may approve.

        Raises:
            NotFoundError: There is no such action.
        """
        action = self._rows[identifier]
        return self._permissions.get(action.identifier) or Permissions()

    def permit(self, identifier: str, permissions: Permissions, caller: Caller) -> Permissions:
        """Change who may execute and who may approve.

        Raises:
            NotFoundError: There is no such action.
        """
        action = self._rows[identifier]
        before = Grant(action, self.permissions(identifier))
        self._permissions[action.identifier] = permissions
        self._changes.append(Change(before, Grant(action, permissions), self._cause(caller)))
        return permissions

    def _form(self, action: Action) -> Form:
        return Form(
            action.inputs.get("properties", {}),
            required=action.inputs.get("required", ()),
            noun="input",
            closed=self._settings.unknown_inputs_refused,
        )

    def _keep(self, action: Action, old: Action | None = None) -> Action:
        self._forms[action.identifier] = self._form(action)
        if old is not None:
            self._unwatch(old)
        if action.trigger is not None and action.trigger.is_live:
            watched = (action.trigger.kind, action.trigger.subject)
            self._watching.setdefault(watched, {})[action.identifier] = action
        if action.is_open:
            self.secretive.discard(action.identifier)
        else:
            self.secretive.add(action.identifier)
        cause = Cause(by=action.updated_by, at=action.updated_at)
        self._changes.append(Change(old, action, cause))
        return self._rows.put(action.identifier, action)

    def _drop(self, action: Action) -> None:
        self._unwatch(action)
        self._rows.remove(action.identifier)
        del self._forms[action.identifier]
        self._permissions.pop(action.identifier, None)

    def _unwatch(self, action: Action) -> None:
        if action.trigger is not None:
            watched = (action.trigger.kind, action.trigger.subject)
            self._watching.get(watched, {}).pop(action.identifier, None)

    def _cause(self, caller: Caller) -> Cause:
        return Cause(by=caller.id, at=self._clock.peek(), depth=caller.depth, root=caller.root)
