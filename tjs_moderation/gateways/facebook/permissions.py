"""Which permission of the token a call needs, so that a refusal can name it."""

from __future__ import annotations


def permission_for(method: str, path: tuple[str, ...]) -> str:
    """The permission a call on `path`, given in its segments, needs."""
    edge = path[1] if len(path) > 1 else ""
    if edge in ("conversations", "messages"):
        return "pages_messaging"
    if edge == "accounts":
        return "pages_show_list"
    if edge == "subscribed_apps":
        return "pages_manage_metadata"
    if method != "GET":
        return "pages_manage_engagement"
    return "pages_read_user_content" if edge == "comments" else "pages_read_engagement"
