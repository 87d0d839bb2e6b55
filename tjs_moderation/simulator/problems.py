"""Meta's own kinds of error, as the Graph API words and numbers them."""

from __future__ import annotations

from itertools import count

_TRACES = count(1)


class GraphProblemError(Exception):
    """An error answer: its HTTP status and what stands under `error` in its body."""

    def __init__(
        self, message: str, code: int, *, kind: str = "OAuthException", subcode: int | None = None, status: int = 400
    ) -> None:
        super().__init__(message)
        self.status = status
        self.fields: dict[str, object] = {"message": message, "type": kind, "code": code}
        if subcode is not None:
            self.fields["error_subcode"] = subcode

    def body(self) -> dict[str, object]:
        """The JSON body, with a trace of its own."""
        return {"error": self.fields | {"fbtrace_id": f"Asimulated{next(_TRACES):06d}"}}


def no_such_object(method: str, object_id: str) -> GraphProblemError:
    """What every call on a deleted or never known object gets."""
    return GraphProblemError(
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api",
        100,
        kind="GraphMethodException",
        subcode=33,
    )


def no_such_field(name: str, node_type: str) -> GraphProblemError:
    """A field or an edge that the node does not have."""
    return GraphProblemError(f"(#100) Tried accessing nonexisting field ({name}) on node type ({node_type})", 100)


def bad_parameter(message: str) -> GraphProblemError:
    """A parameter the call cannot be carried out with."""
    return GraphProblemError(f"(#100) {message}", 100)


def unknown_path(path: str) -> GraphProblemError:
    """A path the API does not have."""
    return GraphProblemError(f"Unknown path components: /{path}", 2500)


def missing_permission(code: int, permission: str) -> GraphProblemError:
    """A token without the permission the call needs."""
    return GraphProblemError(f"(#{code}) Requires {permission} permission to manage the object", code, status=403)
