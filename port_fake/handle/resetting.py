"""The command that lets an organisation begin again."""

from __future__ import annotations

from abc import abstractmethod

from port_fake.handle.arranging import Arranging
from port_fake.handle.keeping import Keeping
from port_fake.http.tenants import Tenant
from port_fake.scenarios.loading import Scenario
from port_fake.world.contents import Contents, furnish


class Resetting(Arranging, Keeping):
    """Back to the beginning, without another server or other credentials."""

    tenant: Tenant
    _blank: Contents

    def reset(self, *, scenario: Scenario | None = None) -> None:
        """Empty the organisation, then furnish it with *scenario*, if there is one.

        It is as it was when it was made, before a scenario: clock and ids begin anew, requests,
        deliveries, faults and the audit log are forgotten, and letters on their way are dropped.
        Its id, credentials, tokens and settings stay, and users who are added again get the
        credentials that they had. What a Kafka broker has got stays there.

        Raises:
            MisuseError: The scenario has a mistake; nothing has changed.
        """
        if scenario is not None:
            self._rehearse(scenario)
        with self.world.lock:
            self.world.clock.thaw()
            furnish(self.world, self._blank)
            for member in self._members.values():
                member.token = None
            self.tenant.begin_anew()
            self.api.office.begin_anew(self.world)
            if scenario is not None:
                self.load(scenario)

    def _rehearse(self, scenario: Scenario) -> None:
        understudy = self._understudy()
        try:
            understudy.load(scenario)
        finally:
            understudy.api.office.close()

    @abstractmethod
    def _understudy(self) -> Resetting:
        """Return an empty organisation with the same settings, on no server."""
