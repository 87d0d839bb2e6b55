"""An app's webhooks: where it wants the news of its pages, and the handshake that shows that it really does."""

from __future__ import annotations

import hmac
import secrets

import requests

from tjs_moderation.simulator.access import TokenKind
from tjs_moderation.simulator.calls import Answer, graph_call, simulation, this_call
from tjs_moderation.simulator.ledger import Deed
from tjs_moderation.simulator.postman import Subscription
from tjs_moderation.simulator.problems import GraphProblemError, bad_parameter, no_such_object

_TIMEOUT_SECONDS = 5.0


@graph_call
def subscribe(node: str) -> Answer:
    """`POST /{app}/subscriptions object=page callback_url= verify_token= fields=`, with the app's own token."""
    call, postman = this_call(), simulation().postman
    _require_app("POST", node)
    if call.text("object") != "page":
        raise bad_parameter("Param object must be one of {page}")
    fields = tuple(name for name in call.text("fields").split(",") if name)
    callback_url, verify_token = call.text("callback_url"), call.text("verify_token")
    if not callback_url or not verify_token or not fields:
        raise bad_parameter("The parameters callback_url, verify_token and fields are required")
    _shake_hands(callback_url, verify_token)
    postman.subscription = Subscription(callback_url, fields)
    call.deeds.append(Deed("subscribe", node, ",".join(fields)))
    return {"success": True}


@graph_call
def list_subscriptions(node: str) -> Answer:
    """`GET /{app}/subscriptions`."""
    _require_app("GET", node)
    subscription = simulation().postman.subscription
    if subscription is None:
        return {"data": []}
    fields = [{"name": name, "version": this_call().version} for name in subscription.fields]
    return {
        "data": [{"object": "page", "callback_url": subscription.callback_url, "active": True, "fields": fields}],
    }


@graph_call
def unsubscribe(node: str) -> Answer:
    """`DELETE /{app}/subscriptions`."""
    _require_app("DELETE", node)
    simulation().postman.subscription = None
    this_call().deeds.append(Deed("unsubscribe", node))
    return {"success": True}


def _require_app(method: str, node: str) -> None:
    if node != simulation().access.app_id:
        raise no_such_object(method, node)
    if this_call().kind is not TokenKind.APP:
        raise GraphProblemError("(#15) This method must be called with an app access_token.", 15)


def _shake_hands(callback_url: str, verify_token: str) -> None:
    """Ask the callback to give back a challenge. Raises GraphProblemError 2200 where it does not."""
    challenge = str(secrets.randbelow(10**10))
    asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    try:
        answer = requests.get(callback_url, params=asked, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise _refused(type(error).__name__) from None
    if answer.status_code != 200:
        raise _refused(f"HTTP Status Code = {answer.status_code}")
    if not hmac.compare_digest(answer.content, challenge.encode()):
        raise _refused("the response does not match the challenge")


def _refused(why: str) -> GraphProblemError:
    return GraphProblemError(f"(#2200) Callback verification failed with the following errors: {why}", 2200)
