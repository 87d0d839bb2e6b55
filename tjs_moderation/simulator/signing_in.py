"""How a program comes to its tokens: what one is, a longer one in exchange, and the pages it opens."""

from __future__ import annotations

import hmac
from datetime import timedelta

from tjs_moderation.simulator.access import TokenKind
from tjs_moderation.simulator.calls import Answer, graph_call, open_call, simulation, this_call
from tjs_moderation.simulator.problems import GraphProblemError, bad_parameter, no_such_field, no_such_object

LONG_LIVED = timedelta(days=60)
_OF_PEOPLE = (TokenKind.USER, TokenKind.SYSTEM_USER)


@graph_call
def debug_token() -> Answer:
    """`GET /debug_token?input_token=…`, or the same as a POST with `method=get` in its body."""
    held, call = simulation(), this_call()
    if not call.is_reading:
        raise no_such_object("POST", "debug_token")
    token = call.text("input_token")
    if not token:
        raise bad_parameter("The parameter input_token is required")
    return held.access.description_of(token, held.state.page.id, held.state.clock.now())


@open_call
def exchange_token() -> Answer:
    """`/oauth/access_token?grant_type=fb_exchange_token`: a token for sixty days for one of an hour."""
    call, access, now = this_call(), simulation().access, simulation().state.clock.now()
    if call.text("grant_type") != "fb_exchange_token":
        raise bad_parameter("unsupported grant_type")
    if call.text("client_id") != access.app_id:
        raise GraphProblemError("Error validating application. Cannot get application info due to a system error.", 101)
    if not hmac.compare_digest(call.text("client_secret").encode(), access.app_secret.encode()):
        raise GraphProblemError("Error validating client secret.", 1)
    token = call.text("fb_exchange_token")
    kind = access.kind_of(token)
    if kind is None:
        raise GraphProblemError("Malformed access token", 190)
    access.check_alive(token, now)
    given = access.issued.get(token)
    if given is not None and given.app_id != access.app_id:
        raise GraphProblemError(f"The access token does not belong to application {access.app_id}", 190)
    longer = access.issue(
        f"{token.removesuffix('-long')}-long", kind, page_id=given.page_id if given else "", expires_at=now + LONG_LIVED
    )
    return {"access_token": longer, "token_type": "bearer", "expires_in": int(LONG_LIVED.total_seconds())}


@graph_call
def list_accounts() -> Answer:
    """`GET /me/accounts`: the pages of whoever the token belongs to, each with a token of its own.

    Without `pages_show_list` the list is empty, with HTTP 200: an error would be kinder.
    """
    held, call = simulation(), this_call()
    if call.kind not in _OF_PEOPLE:
        raise no_such_field("accounts", "Page")
    if "pages_show_list" not in held.access.scopes:
        return {"data": []}
    pages = {held.state.page.id: held.state.page.name} | held.access.other_pages
    entries = [_entry(page_id, name) for page_id, name in pages.items()]
    return {"data": entries, "paging": {"cursors": {"before": "MAZDZD", "after": "MQZDZD"}}}


def _entry(page_id: str, name: str) -> dict[str, object]:
    """A page, with a token that never expires where the person's own is a long-lived one."""
    held, call = simulation(), this_call()
    given = held.access.issued.get(call.token)
    lasts_for_long = call.kind is TokenKind.SYSTEM_USER or call.token.endswith("-long")
    if page_id == held.state.page.id and lasts_for_long:
        token = held.access.page_token
    else:
        ends_at = None if lasts_for_long else given.expires_at if given else held.state.clock.now() + timedelta(hours=1)
        token = held.access.issue(f"{call.token}-page-{page_id}", TokenKind.PAGE, page_id=page_id, expires_at=ends_at)
    return {
        "access_token": token,
        "category": "Labor Union",
        "name": name,
        "id": page_id,
        "tasks": ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"],
    }
