"""Acts on the page, once, and looks whether an act happened whose answer never came."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import timedelta

from tjs_moderation.domain.ports import ActDone, Incoming, OutwardAct
from tjs_moderation.domain.vocabulary import ActKind
from tjs_moderation.errors import GatewayError, GatewayFailure, OutcomeUnknownError
from tjs_moderation.gateways.facebook.client import Answer, GraphClient
from tjs_moderation.gateways.facebook.faults import OUTSIDE_WINDOW, GraphError
from tjs_moderation.gateways.facebook.ids import canonical_id, same_object
from tjs_moderation.gateways.facebook.payloads import UnreadablePayloadError, read_comment, read_message
from tjs_moderation.gateways.facebook.reader import LARGEST_PAGE, MESSAGE_FIELDS

MAX_COMMENT_LENGTH = 8000
MAX_MESSAGE_LENGTH = 2000
_CLOCK_SKEW = timedelta(seconds=60)
_PAGES_LOOKED_BACK = 10
_REPLY_FIELDS = "id,message,created_time,from{id}"


class PageActor:
    """Acts on one page through a client.

    Which kind of private message is meant is told by its target: comments are always known as `{post}_{comment}`, a
    person by an id without an underscore. A private message to a comment is a private reply to whoever wrote it.
    """

    def __init__(self, client: GraphClient, page_id: str) -> None:
        self._client = client
        self._page_id = page_id

    def perform(self, act: OutwardAct) -> ActDone:
        """Do it, once. Raises GatewayError (nothing happened) or OutcomeUnknownError (it may have happened)."""
        target = act.target_external_id
        match act.kind:
            case ActKind.HIDE | ActKind.UNHIDE:
                wanted = "true" if act.kind is ActKind.HIDE else "false"
                return _confirmed(self._write_on_comment(target, lambda: self._client.write(target, is_hidden=wanted)))
            case ActKind.DELETE:
                return _confirmed(self._write_on_comment(target, lambda: self._client.delete(target)))
            case ActKind.REPLY:
                return self._reply(target, _fitting(act.text, MAX_COMMENT_LENGTH))
            case ActKind.PRIVATE_MESSAGE:
                return self._send(target, _fitting(act.text, MAX_MESSAGE_LENGTH), is_by_person=act.is_by_person)

    def read_back(self, act: OutwardAct) -> ActDone | None:
        """ActDone if it happened, None if it certainly did not. Raises GatewayError where neither is known."""
        match act.kind:
            case ActKind.HIDE | ActKind.UNHIDE:
                is_hidden = self._is_hidden(act.target_external_id)
                return ActDone() if is_hidden is (act.kind is ActKind.HIDE) else None
            case ActKind.DELETE:
                return ActDone() if self.is_gone(act.target_external_id) else None
            case ActKind.REPLY:
                return self._find_reply(act)
            case ActKind.PRIVATE_MESSAGE:
                return self._find_message(act)

    def _reply(self, target: str, text: str) -> ActDone:
        answer = self._write_on_comment(target, lambda: self._client.write(target, "comments", message=text))
        made = _made_id(answer, "id")
        if same_object(made, target):
            # What comes back after an edit of the target itself; a reply has an id of its own.
            raise OutcomeUnknownError("the reply came back with the id of its target")
        return ActDone(canonical_id(made))

    def _send(self, target: str, text: str, *, is_by_person: bool) -> ActDone:
        document: dict[str, object] = {"recipient": {"comment_id": target}, "message": {"text": text}}
        if _is_comment(target):
            return ActDone(_made_id(self._send_document(document), "message_id"))
        document["recipient"] = {"id": target}
        try:
            answer = self._send_document({**document, "messaging_type": "RESPONSE"})
        except GraphError as error:
            if (error.fault.code, error.fault.subcode) != OUTSIDE_WINDOW or not is_by_person:
                raise
            # More than a day has passed; a person wrote this, which is what the tag is for. The first call was a
            # certain no, so nothing goes out twice.
            answer = self._send_document({**document, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"})
        return ActDone(_made_id(answer, "message_id"))

    def _send_document(self, document: dict[str, object]) -> Answer:
        return self._client.send(self._page_id, "messages", document=document)

    def _write_on_comment(self, target: str, write: Callable[[], Answer]) -> Answer:
        try:
            return write()
        except GraphError as error:
            raise self._told_apart(error) from None

    def _told_apart(self, error: GraphError) -> GraphError:
        """An old form of "gone" looks like a wrong proof of the app's secret: if the page answers, it is gone."""
        if not error.fault.may_mean_gone:
            return error
        try:
            self._client.read(self._page_id, fields="id")
        except GatewayError:
            return error
        return GraphError(error.fault, GatewayFailure.GONE)

    def _is_hidden(self, comment_id: str) -> bool:
        told = self._client.read(comment_id, fields="is_hidden").get("is_hidden")
        if not isinstance(told, bool):
            raise GatewayError(GatewayFailure.TRANSIENT, "the channel does not say whether it is hidden")
        return told

    def is_gone(self, comment_id: str) -> bool:
        """Whether a comment is certainly no longer there. Raises GatewayError."""
        try:
            self._client.read(comment_id, fields="id")
        except GraphError as error:
            told = self._told_apart(error)
            if told.failure is GatewayFailure.GONE:
                return True
            raise told from None
        return False

    def _find_reply(self, act: OutwardAct) -> ActDone | None:
        return self._newest_alike(
            act,
            (act.target_external_id, "comments"),
            lambda each: read_comment(each, page_id=self._page_id),
            filter="stream",
            order="reverse_chronological",
            fields=_REPLY_FIELDS,
        )

    def _find_message(self, act: OutwardAct) -> ActDone | None:
        conversation_id = self._conversation_for(act.target_external_id)
        if conversation_id is None:
            return None
        return self._newest_alike(
            act,
            (conversation_id, "messages"),
            lambda each: read_message(each, page_id=self._page_id, conversation_id=conversation_id),
            fields=MESSAGE_FIELDS,
        )

    def _conversation_for(self, target: str) -> str | None:
        """The conversation in which a message to this target would be."""
        if _is_comment(target):
            conversation = self._client.read(target, fields="private_reply_conversation{id}").get(
                "private_reply_conversation"
            )
            entries: tuple[object, ...] = (conversation,)
        else:
            entries = self._client.read_list(
                self._page_id, "conversations", platform="messenger", user_id=target, fields="id", limit="1"
            ).entries
        found = [each.get("id") for each in entries if isinstance(each, dict)]
        return str(found[0]) if found and found[0] else None

    def _newest_alike(
        self, act: OutwardAct, path: tuple[str, str], read: Callable[[object], Incoming], **parameters: str
    ) -> ActDone | None:
        """The page's own newest entry with the text of the act, not older than its plan. The list is newest first."""
        planned_from = act.planned_at - _CLOCK_SKEW if act.planned_at else None
        cursor: str | None = None
        for _ in range(_PAGES_LOOKED_BACK):
            found = self._client.read_list(*path, cursor=cursor, limit=LARGEST_PAGE, **parameters)
            for entry in _entries(found.entries, read):
                if planned_from and entry.created_at and entry.created_at < planned_from:
                    return None
                if _is_alike(entry, act):
                    return ActDone(entry.external_id)
            cursor = found.next_cursor
            if cursor is None:
                return None
        raise GatewayError(GatewayFailure.TRANSIENT, "there is more to look through than could be read")


def _entries(payloads: tuple[object, ...], read: Callable[[object], Incoming]) -> list[Incoming]:
    try:
        return [read(payload) for payload in payloads]
    except UnreadablePayloadError as error:
        raise GatewayError(GatewayFailure.TRANSIENT, str(error)) from None


def _is_alike(entry: Incoming, act: OutwardAct) -> bool:
    if _plain(entry.text) != _plain(act.text):
        return False
    if entry.author_external_id is None and not entry.is_own:
        raise GatewayError(GatewayFailure.TRANSIENT, "the same text is there, but the channel does not say whose it is")
    return entry.is_own


def _plain(text: str) -> str:
    """Without what Facebook may change on the way: spaces, line breaks, the composition of letters."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_comment(target: str) -> bool:
    return "_" in target


def _fitting(text: str, max_length: int) -> str:
    if not text.strip():
        raise GatewayError(GatewayFailure.REFUSED, "there is no text")
    if len(text) > max_length:
        raise GatewayError(GatewayFailure.REFUSED, f"the text is longer than {max_length} characters")
    return text


def _confirmed(answer: Answer) -> ActDone:
    """`{"success": false}` comes with HTTP 200 and is a refusal; `"true"` has been seen as text."""
    _refuse_failure(answer)
    if answer.get("success") not in (True, "true"):
        raise OutcomeUnknownError("an answer that says neither yes nor no")
    return ActDone()


def _made_id(answer: Answer, key: str) -> str:
    _refuse_failure(answer)
    made = answer.get(key)
    if isinstance(made, bool) or not isinstance(made, str | int) or not made:
        raise OutcomeUnknownError("an answer without the id of what was made")
    return str(made)


def _refuse_failure(answer: Answer) -> None:
    if answer.get("success") in (False, "false"):
        raise GatewayError(GatewayFailure.REFUSED, "success: false")
