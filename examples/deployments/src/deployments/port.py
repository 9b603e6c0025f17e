"""Port's API, as far as we use it: logs in by itself and is patient with a busy Port."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import requests

TRY_AGAIN = (429, 503)


class PortError(Exception):
    """Port refused a request."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"Port answered {status}: {text}")
        self.status = status


class Port:
    """A connection to Port with one pair of credentials. Not for several threads at once."""

    def __init__(
        self,
        base_url: str,
        client_id: str,
        client_secret: str,
        *,
        session: requests.Session | None = None,
        sleep: Callable[[float], object] = time.sleep,
        pauses_s: Sequence[float] = (1, 2, 4, 8),
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.client_secret = client_secret
        self._credentials = {"clientId": client_id, "clientSecret": client_secret}
        self._session = session or requests.Session()
        self._sleep = sleep
        self._pauses_s = pauses_s
        self._token: str | None = None

    @classmethod
    def from_env(cls, **options: Any) -> Self:
        """Connect as the variables PORT_BASE_URL, PORT_CLIENT_ID and PORT_CLIENT_SECRET say."""
        base_url = os.environ.get("PORT_BASE_URL", "https://api.port.io")
        return cls(
            base_url, os.environ["PORT_CLIENT_ID"], os.environ["PORT_CLIENT_SECRET"], **options
        )

    def execute(self, action: str, inputs: Mapping[str, Any], *, entity: str) -> str:
        """Execute an action and return the id of its run.

        A lost connection is not tried again: the run may have been made.
        """
        body = {"properties": dict(inputs), "entity": entity}
        run = self._call("POST", f"/v1/actions/{action}/runs", json=body, repeatable=False)["run"]
        return str(run["id"])

    def run(self, run_id: str) -> dict[str, Any]:
        """Return a run."""
        answer = self._call("GET", f"/v1/actions/runs/{run_id}", params={"version": "v2"})
        run: dict[str, Any] = answer["run"]
        return run

    def update_run(self, run_id: str, **report: Any) -> None:
        """Set status, link or summary of a run."""
        self._call("PATCH", f"/v1/actions/runs/{run_id}", json=report)

    def log(self, run_id: str, message: str) -> None:
        """Write a line to the log of a run."""
        self._call("POST", f"/v1/actions/runs/{run_id}/logs", json={"message": message})

    def upsert(self, blueprint: str, entity: Mapping[str, Any], *, run_id: str) -> None:
        """Create or change an entity in the name of a run."""
        params = {"upsert": "true", "merge": "true", "run_id": run_id}
        path = f"/v1/blueprints/{blueprint}/entities"
        self._call("POST", path, json=dict(entity), params=params)

    def _call(
        self, method: str, path: str, *, repeatable: bool = True, **options: Any
    ) -> dict[str, Any]:
        answer = self._send(method, path, repeatable=repeatable, **options)
        if answer.status_code == requests.codes.unauthorized:  # the token has expired
            self._token = None
            answer = self._send(method, path, repeatable=repeatable, **options)
        return _read(answer)

    def _send(
        self, method: str, path: str, *, repeatable: bool, **options: Any
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token or self._log_in()}"}
        return self._patiently(method, path, repeatable=repeatable, headers=headers, **options)

    def _log_in(self) -> str:
        path = "/v1/auth/access_token"
        answer = self._patiently("POST", path, repeatable=True, json=self._credentials)
        self._token = str(_read(answer)["accessToken"])
        return self._token

    def _patiently(
        self, method: str, path: str, *, repeatable: bool, **options: Any
    ) -> requests.Response:
        for pause_s in self._pauses_s:
            try:
                answer = self._request(method, path, **options)
            except requests.ConnectionError:
                if not repeatable:
                    raise
                self._sleep(pause_s)
                continue
            if answer.status_code not in TRY_AGAIN:
                return answer
            wanted = answer.headers.get("Retry-After", "")
            self._sleep(float(wanted) if wanted.isdecimal() else pause_s)
        return self._request(method, path, **options)

    def _request(self, method: str, path: str, **options: Any) -> requests.Response:
        return self._session.request(method, f"{self.base_url}{path}", timeout=30, **options)


def _read(answer: requests.Response) -> dict[str, Any]:
    if not answer.ok:
        raise PortError(answer.status_code, answer.text)
    document: dict[str, Any] = answer.json()
    return document
