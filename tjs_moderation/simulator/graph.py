"""The addresses of the simulated Graph API."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.routing import BaseConverter

from tjs_moderation.simulator import reading, signing_in, subscribing, writing
from tjs_moderation.simulator.calls import answer_problem, begin_call, end_call
from tjs_moderation.simulator.problems import GraphProblemError


class VersionConverter(BaseConverter):
    """The first part of every address of the API: `v26.0`."""

    regex = r"v\d+\.\d+"


def create_graph() -> Blueprint:
    """The API as a blueprint; its application needs the url converter `version`."""
    graph = Blueprint("graph", __name__, url_prefix="/<version:version>")
    graph.before_request(begin_call)
    graph.after_request(end_call)
    graph.register_error_handler(GraphProblemError, answer_problem)
    graph.add_url_rule("/", view_func=reading.read_many, methods=["GET"])
    graph.add_url_rule("/debug_token", view_func=signing_in.debug_token, methods=["GET", "POST"])
    graph.add_url_rule("/oauth/access_token", view_func=signing_in.exchange_token, methods=["GET", "POST"])
    graph.add_url_rule("/me/accounts", view_func=signing_in.list_accounts, methods=["GET"])
    graph.add_url_rule("/<node>/subscriptions", view_func=subscribing.subscribe, methods=["POST"])
    graph.add_url_rule("/<node>/subscriptions", view_func=subscribing.list_subscriptions, methods=["GET"])
    graph.add_url_rule("/<node>/subscriptions", view_func=subscribing.unsubscribe, methods=["DELETE"])
    graph.add_url_rule("/<node>", view_func=reading.read_node, methods=["GET"])
    graph.add_url_rule("/<node>", view_func=writing.write_node, methods=["POST"])
    graph.add_url_rule("/<node>", view_func=writing.delete_node, methods=["DELETE"])
    graph.add_url_rule("/<node>/<edge>", view_func=reading.read_edge, methods=["GET"])
    graph.add_url_rule("/<node>/<edge>", view_func=writing.write_edge, methods=["POST"])
    graph.add_url_rule("/<node>/<edge>", view_func=writing.delete_edge, methods=["DELETE"])
    graph.add_url_rule(
        "/<path:rest>",
        view_func=writing.unknown,
        methods=["GET", "POST", "DELETE", "PUT", "PATCH"],
        provide_automatic_options=False,
    )
    return graph
