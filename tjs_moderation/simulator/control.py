"""The simulator's own desk, beside the Graph API: ledger, clock, faults on order and at random, more content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from tjs_moderation.simulator.calls import simulation
from tjs_moderation.simulator.seed import SeedError, seed_page

control = Blueprint("control", __name__, url_prefix="/_simulator")


class OrderError(ValueError):
    """An order that cannot be carried out; the text says why."""


@control.errorhandler(OrderError)
@control.errorhandler(SeedError)
def refuse(error: Exception) -> tuple[Response, int]:
    """The reason, as JSON."""
    return jsonify(error=str(error)), 400


@control.get("/ledger")
def show_ledger() -> Response:
    """Every write received, and how often each path was read: `{"entries": […], "reads": {"1000/feed": 1}}`."""
    ledger = simulation().ledger
    return jsonify(entries=ledger.as_json(), reads=ledger.reads)


@control.get("/counts")
def count_content() -> Response:
    """How much there is on the page now."""
    state = simulation().state
    with state.lock:
        return jsonify(
            posts=len(state.posts_of(with_everything=True)),
            comments=sum(not comment.is_deleted for comment in state.comments.values()),
            conversations=len(state.conversations),
            messages=sum(len(conversation.messages) for conversation in state.conversations.values()),
        )


@control.get("/webhooks")
def show_webhooks() -> Response:
    """Where the page's news goes, how many bodies arrived, how many are under way, how many never will."""
    postman = simulation().postman
    subscription = postman.subscription
    return jsonify(
        callback_url=subscription.callback_url if subscription else None,
        fields=list(subscription.fields) if subscription else [],
        arrived=len(postman.sent),
        waiting=postman.waiting,
        lost=postman.lost,
    )


@control.post("/faults")
def order_fault() -> Response:
    """`{"match": {"method": "POST", "path_regex": "comments$"}, "fault": "lost_answer", "times": 1, …details}`."""
    order = dict(_order())
    match = order.pop("match", None) or {}
    try:
        name, times = str(order.pop("fault", "")), int(order.pop("times", 1))
        simulation().faults.order(
            name, method=match.get("method", ""), path_regex=match.get("path_regex", ""), times=times, details=order
        )
    except (AttributeError, TypeError, ValueError) as error:
        raise OrderError(str(error)) from error
    return jsonify(ordered=name, times=times)


@control.post("/faults/random")
def order_random_faults() -> Response:
    """`{"seed": 7, "rate": 0.05, "faults": ["500", "lost_answer"]}`; without `faults`, of every kind."""
    order = _order()
    try:
        names = frozenset(order["faults"]) if "faults" in order else None
        simulation().faults.at_random(int(order["seed"]), float(order["rate"]), names)
    except (KeyError, TypeError, ValueError) as error:
        raise OrderError(f"seed and rate are needed: {error}") from error
    return jsonify(seed=order["seed"], rate=order["rate"])


@control.delete("/faults")
def clear_faults() -> Response:
    """From now on everything goes well."""
    simulation().faults.clear()
    return jsonify(ordered=None)


@control.post("/usage")
def order_usage() -> Response:
    """`{"percent": 85}`: how much of its budget the page has used, as the headers of every answer tell."""
    percent = _order().get("percent")
    if isinstance(percent, bool) or not isinstance(percent, int):
        raise OrderError("percent must be a whole number")
    simulation().faults.usage_percent = percent
    return jsonify(percent=percent)


@control.get("/clock")
def show_clock() -> Response:
    """What time it is on the page."""
    return jsonify(now=simulation().state.clock.now().isoformat())


@control.post("/clock")
def move_clock() -> Response:
    """`{"advance_seconds": 3600}`; a negative number moves back."""
    try:
        simulation().state.clock.advance(float(_order()["advance_seconds"]))
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise OrderError("advance_seconds must be a number") from error
    return show_clock()


@control.post("/seed")
def add_content() -> Response:
    """A document in the shape of `simulator/seed.py`, added to what there is."""
    seed_page(simulation().state, _order())
    return count_content()


def _order() -> Mapping[str, Any]:
    order = request.get_json(silent=True)
    if not isinstance(order, dict):
        raise OrderError("the body must be a JSON object")
    return order
