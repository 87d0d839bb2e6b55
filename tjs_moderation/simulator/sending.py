"""Private messages of the simulated Graph API: the Send API's recipients, windows and refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tjs_moderation.simulator.calls import Answer, renderer, simulation, this_call
from tjs_moderation.simulator.ledger import Deed
from tjs_moderation.simulator.objects import Comment, Conversation
from tjs_moderation.simulator.problems import GraphProblemError, bad_parameter, no_such_object

MAX_MESSAGE_LENGTH = 2000
STANDARD_WINDOW = timedelta(hours=24)
HUMAN_AGENT_WINDOW = timedelta(days=7)


def send_message() -> Answer:
    """`POST /{page}/messages`: to a person, or privately to the writer of a comment."""
    call = this_call()
    simulation().access.require(call.kind, "pages_messaging")
    recipient = call.structure("recipient")
    text = _text_of(call.structure("message"))
    if "comment_id" in recipient:
        return _reply_privately(str(recipient["comment_id"]), text)
    return _write_to_person(str(recipient.get("id", "")), text)


def _reply_privately(comment_id: str, text: str) -> Answer:
    state = simulation().state
    comment = state.find(comment_id)
    if not isinstance(comment, Comment):
        raise no_such_object("POST", comment_id)
    if comment.private_reply_conversation_id is not None:
        raise GraphProblemError("(#10900) Activity already replied to", 10900)
    if comment.author.id == state.page.id or state.clock.now() - comment.created_at > HUMAN_AGENT_WINDOW:
        raise GraphProblemError("(#10903) This user cant reply to this activity", 10903)
    sent = state.write(comment.author, text, is_from_page=True)
    comment.private_reply_conversation_id = sent.conversation_id
    this_call().deeds.append(Deed("private_reply", renderer().id_of(comment), text, sent.id))
    return {"recipient_id": comment.author.id, "message_id": sent.id}


def _write_to_person(person_id: str, text: str) -> Answer:
    state = simulation().state
    conversation = state.conversation_with(person_id)
    if conversation is None:
        raise GraphProblemError("(#100) No matching user found", 100, subcode=2018001)
    _check_window(conversation)
    sent = state.write(conversation.person, text, is_from_page=True)
    this_call().deeds.append(Deed("message", person_id, text, sent.id))
    return {"recipient_id": person_id, "message_id": sent.id}


def _check_window(conversation: Conversation) -> None:
    call, now = this_call(), simulation().state.clock.now()
    window = STANDARD_WINDOW
    if call.text("messaging_type") == "MESSAGE_TAG":
        if call.text("tag") != "HUMAN_AGENT":
            raise bad_parameter("Param tag must be one of {HUMAN_AGENT}")
        window = HUMAN_AGENT_WINDOW
    elif call.text("messaging_type") not in ("RESPONSE", "UPDATE", ""):
        raise bad_parameter("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}")
    heard_at = conversation.last_heard_at
    if heard_at is None or now - heard_at > window:
        raise GraphProblemError(
            "(#10) This message is sent outside of allowed window. Learn more about the new policy here: "
            "https://developers.facebook.com/docs/messenger-platform/policy-overview",
            10,
            subcode=2018278,
        )


def _text_of(message: dict[str, Any]) -> str:
    text = message.get("text")
    if not isinstance(text, str) or not text:
        raise bad_parameter("Param message[text] must be non-empty")
    if len(text) > MAX_MESSAGE_LENGTH:
        raise bad_parameter(f"Length of param message[text] must be less than or equal to {MAX_MESSAGE_LENGTH}")
    return text
