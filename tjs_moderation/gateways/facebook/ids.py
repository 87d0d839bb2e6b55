"""Meta's ids: one comment is `{post}_{comment}`, a bare `{comment}` or, in old payloads, `{page}_{post}_{comment}`."""

from __future__ import annotations


def last_segment(object_id: str | int) -> str:
    """The part that names the object itself."""
    return str(object_id).rsplit("_", 1)[-1]


def same_object(one: str | int, other: str | int) -> bool:
    """Whether two ids, in whatever form, name the same post or comment."""
    return last_segment(one) == last_segment(other)


def canonical_id(object_id: str | int, container: str | int | None = None) -> str:
    """The one form that is stored: `{page}_{post}` or `{post}_{comment}`.

    `container` is the page of a post or the post of a comment, in any form. Where it is known it decides, because the
    same comment is told with different first parts in different places (a photo's id, the post's id). Without it the
    last two segments are kept.
    """
    segments = str(object_id).split("_")
    if container is not None:
        return f"{last_segment(container)}_{segments[-1]}"
    return "_".join(segments[-2:])
