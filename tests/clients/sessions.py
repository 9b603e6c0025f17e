"""Requests as a client puts them on the wire: its headers, its spelling of a query."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

import requests

TIMEOUT_S: Final = 10


class Session:
    """A connection that is kept open, with headers that every request carries."""

    def __init__(self, base_url: str, headers: Mapping[str, str]) -> None:
        self._base_url = base_url
        self._session = requests.Session()
        self._session.headers.update(headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._session.close()

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request; *path* has its query, spelled out, and *body* goes as JSON."""
        return self._session.request(
            method,
            f"{self._base_url}{path}",
            json=body,
            headers=dict(headers or {}),
            timeout=TIMEOUT_S,
        )

    def log_in(self, client_id: str, client_secret: str) -> dict[str, Any]:
        """Exchange credentials for a token that every later request carries; return the answer."""
        response = self.send(
            "POST",
            "/v1/auth/access_token",
            {"clientId": client_id, "clientSecret": client_secret},
        )
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        self._session.headers["Authorization"] = f"{answer['tokenType']} {answer['accessToken']}"
        return answer
