"""Calls the simulated Graph API as a careful program would."""

from __future__ import annotations

from typing import Any

import requests

from tests.support.simulator import RunningSimulator
from tjs_moderation.gateways.facebook import appsecret_proof

_SECONDS = 5


def call(
    simulator: RunningSimulator, method: str, path: str, /, *, token: str = "", **parameters: Any
) -> requests.Response:
    """The answer to a call with the right token and proof, its parameters in the query or, for a POST, in the body."""
    token = token or simulator.page_token
    everything = {"appsecret_proof": appsecret_proof(simulator.app_secret, token), **parameters}
    return requests.request(
        method,
        f"{simulator.url}/v26.0/{path}",
        headers={"Authorization": f"Bearer {token}"},
        timeout=_SECONDS,
        data=everything if method == "POST" else None,
        params=None if method == "POST" else everything,
    )


def get(simulator: RunningSimulator, path: str, **parameters: Any) -> Any:
    """The JSON answer to a GET that goes well."""
    response = call(simulator, "GET", path, **parameters)
    assert response.status_code == 200, response.text
    return response.json()


def error(response: requests.Response) -> tuple[int, int | None]:
    """Code and subcode of an error answer."""
    fault = response.json()["error"]
    assert fault["message"]
    assert fault["fbtrace_id"]
    return fault["code"], fault.get("error_subcode")
