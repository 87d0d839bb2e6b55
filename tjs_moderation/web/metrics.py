"""Figures for whoever watches over the install, in the text format of Prometheus."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from tjs_moderation.services.transaction import reading
from tjs_moderation.services.vitals import Vital, vitals
from tjs_moderation.services.wiring import ports
from tjs_moderation.web.access import public

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@public
def show() -> ResponseReturnValue:
    """Every figure, to who shows the token; where there is none, or the wrong one, there is no such page."""
    token = ports().settings.metrics_token
    given = request.authorization.token if request.authorization else None
    if not token or not hmac.compare_digest((given or "").encode(), token.encode()):
        abort(404)
    registry = CollectorRegistry(auto_describe=False)
    with reading() as session:
        registry.register(_Gauges(vitals(session, ports().clock())))
    encode, mimetype = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=mimetype)


class _Gauges(Collector):
    """Gives the figures as the library wants them: a family a name."""

    def __init__(self, found: Iterable[Vital]) -> None:
        self._found = list(found)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        families: dict[str, GaugeMetricFamily] = {}
        for vital in self._found:
            family = families.setdefault(
                vital.name, GaugeMetricFamily(vital.name, vital.says, labels=list(vital.about))
            )
            family.add_metric(list(vital.about.values()), vital.value)
        yield from families.values()
