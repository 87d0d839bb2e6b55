from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from tests.support.simulator import PAGE_TOKEN, RunningSimulator
from tjs_moderation.domain.ports import ActDone, OutwardAct
from tjs_moderation.domain.vocabulary import ActKind
from tjs_moderation.errors import GatewayError, GatewayFailure, OutcomeUnknownError
from tjs_moderation.gateways.facebook import FacebookChannel, FacebookCredentials
from tjs_moderation.simulator.ledger import Deed


@pytest.fixture
def comment_id(simulator: RunningSimulator) -> str:
    """A visitor's comment, by the id the gateway gives it."""
    post = simulator.state.publish("Luento", post_id="1")
    simulator.state.comment(post.id, simulator.state.meet("Aino"), "Milloin?", comment_id="7")
    return "1_7"


def act(kind: ActKind, target: str, text: str = "", *, is_by_person: bool = True) -> OutwardAct:
    return OutwardAct("key", kind, target, text, is_by_person=is_by_person)


def test_a_comment_is_hidden_and_shown_again(simulator: RunningSimulator, comment_id: str) -> None:
    channel = simulator.channel()
    assert channel.perform(act(ActKind.HIDE, comment_id)) == ActDone()
    assert simulator.state.comments["7"].is_hidden
    assert channel.perform(act(ActKind.UNHIDE, comment_id)) == ActDone()
    assert not simulator.state.comments["7"].is_hidden


def test_a_comment_is_deleted(simulator: RunningSimulator, comment_id: str) -> None:
    simulator.channel().perform(act(ActKind.DELETE, comment_id))
    assert simulator.state.find("7") is None
    assert simulator.ledger.deeds == (Deed("delete", comment_id),)


def test_a_reply_is_a_new_comment_of_the_page_and_never_an_edit(simulator: RunningSimulator, comment_id: str) -> None:
    done = simulator.channel().perform(act(ActKind.REPLY, comment_id, "Tiistaina kello 17 – tervetuloa! 😊"))
    (deed,) = simulator.ledger.deeds
    assert deed == Deed("reply", comment_id, "Tiistaina kello 17 – tervetuloa! 😊", str(done.external_id))
    assert simulator.state.comments["7"].message == "Milloin?"
    found = simulator.channel().comments("1000_1").entries
    assert [each.external_id for each in found] == [comment_id, done.external_id]


def test_a_private_message_goes_to_the_person(simulator: RunningSimulator) -> None:
    aino = simulator.state.meet("Aino")
    simulator.state.write(aino, "Hei")
    done = simulator.channel().perform(act(ActKind.PRIVATE_MESSAGE, aino.id, "Hei Aino"))
    assert simulator.ledger.deeds == (Deed("message", aino.id, "Hei Aino", str(done.external_id)),)


def test_a_private_message_to_a_comment_is_a_private_reply(simulator: RunningSimulator, comment_id: str) -> None:
    done = simulator.channel().perform(act(ActKind.PRIVATE_MESSAGE, comment_id, "Hei"))
    assert simulator.ledger.deeds == (Deed("private_reply", comment_id, "Hei", str(done.external_id)),)


def test_a_comment_is_replied_to_privately_once(simulator: RunningSimulator, comment_id: str) -> None:
    simulator.channel().perform(act(ActKind.PRIVATE_MESSAGE, comment_id, "Hei"))
    assert refusal_of(simulator.channel(), act(ActKind.PRIVATE_MESSAGE, comment_id, "Taas")) is GatewayFailure.REFUSED
    assert len(simulator.ledger.deeds) == 1


def test_after_a_day_a_message_goes_out_as_a_persons_answer(simulator: RunningSimulator) -> None:
    aino = simulator.state.meet("Aino")
    simulator.state.write(aino, "Hei")
    simulator.advance(timedelta(days=3).total_seconds())
    simulator.channel().perform(act(ActKind.PRIVATE_MESSAGE, aino.id, "Hei Aino"))
    assert [entry.body.get("tag") for entry in simulator.ledger.entries] == [None, "HUMAN_AGENT"]
    assert len(simulator.ledger.deeds) == 1


def test_after_a_day_only_what_a_person_wrote_goes_out(simulator: RunningSimulator) -> None:
    aino = simulator.state.meet("Aino")
    simulator.state.write(aino, "Hei")
    simulator.advance(timedelta(days=3).total_seconds())
    outward = act(ActKind.PRIVATE_MESSAGE, aino.id, "Hei Aino", is_by_person=False)
    assert refusal_of(simulator.channel(), outward) is GatewayFailure.REFUSED
    assert [entry.body.get("tag") for entry in simulator.ledger.entries] == [None]


def test_after_a_week_a_message_is_refused(simulator: RunningSimulator) -> None:
    aino = simulator.state.meet("Aino")
    simulator.state.write(aino, "Hei")
    simulator.advance(timedelta(days=8).total_seconds())
    assert refusal_of(simulator.channel(), act(ActKind.PRIVATE_MESSAGE, aino.id, "Hei")) is GatewayFailure.REFUSED


def test_a_stranger_cannot_be_written_to(simulator: RunningSimulator) -> None:
    assert refusal_of(simulator.channel(), act(ActKind.PRIVATE_MESSAGE, "555", "Hei")) is GatewayFailure.REFUSED


@pytest.mark.parametrize(
    ("kind", "target", "text"),
    [
        (ActKind.REPLY, "1_7", "a" * 8001),
        (ActKind.REPLY, "1_7", " \n"),
        (ActKind.PRIVATE_MESSAGE, "555", "a" * 2001),
        (ActKind.PRIVATE_MESSAGE, "1_7", "a" * 2001),
    ],
)
def test_a_text_that_does_not_fit_is_refused_before_it_leaves(
    simulator: RunningSimulator, kind: ActKind, target: str, text: str
) -> None:
    assert refusal_of(simulator.channel(), act(kind, target, text)) is GatewayFailure.REFUSED
    assert simulator.ledger.entries == ()


def test_hiding_what_cannot_be_hidden_is_refused(simulator: RunningSimulator, comment_id: str) -> None:
    own = simulator.state.comment(comment_id, simulator.state.page_person, "Tervetuloa")
    assert refusal_of(simulator.channel(), act(ActKind.HIDE, f"1_{own.id}")) is GatewayFailure.REFUSED


@pytest.mark.parametrize("kind", [ActKind.HIDE, ActKind.UNHIDE, ActKind.DELETE, ActKind.REPLY])
def test_an_act_on_what_is_gone_says_so(simulator: RunningSimulator, comment_id: str, kind: ActKind) -> None:
    simulator.state.remove(comment_id)
    assert refusal_of(simulator.channel(), act(kind, comment_id, "Hei")) is GatewayFailure.GONE


def test_the_old_form_of_gone_is_understood(simulator: RunningSimulator, comment_id: str) -> None:
    simulator.fail("temporary", method="DELETE", code=100, type="GraphMethodException", is_transient=False)
    assert refusal_of(simulator.channel(), act(ActKind.DELETE, comment_id)) is GatewayFailure.GONE


def test_a_wrong_proof_is_not_taken_for_gone(simulator: RunningSimulator, comment_id: str) -> None:
    channel = simulator.channel(app_secret="another-secret")
    assert refusal_of(channel, act(ActKind.DELETE, comment_id)) is GatewayFailure.BAD_REQUEST


WRITES = [
    (ActKind.HIDE, "1_7", ""),
    (ActKind.UNHIDE, "1_7", ""),
    (ActKind.DELETE, "1_7", ""),
    (ActKind.REPLY, "1_7", "Hei"),
    (ActKind.PRIVATE_MESSAGE, "1_7", "Hei"),
]


@pytest.mark.parametrize(("kind", "target", "text"), WRITES)
@pytest.mark.parametrize(
    ("fault", "happened"),
    [("lost_answer", 1), ("dropped", 0), ("500", 0), ("html", 0), ("temporary", 0), ("error_with_200", 0)],
)
@pytest.mark.usefixtures("comment_id")
def test_a_write_whose_answer_never_came_is_unknown(
    simulator: RunningSimulator, kind: ActKind, target: str, text: str, fault: str, happened: int
) -> None:
    simulator.fail(fault)
    with pytest.raises(OutcomeUnknownError):
        simulator.channel().perform(act(kind, target, text))
    assert len(simulator.ledger.deeds) == happened
    assert len(simulator.ledger.entries) == 1


@pytest.mark.parametrize(("kind", "target", "text"), WRITES)
@pytest.mark.usefixtures("comment_id")
def test_success_false_is_a_refusal(simulator: RunningSimulator, kind: ActKind, target: str, text: str) -> None:
    simulator.fail("success_false")
    assert refusal_of(simulator.channel(), act(kind, target, text)) is GatewayFailure.REFUSED


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("throttle", GatewayFailure.THROTTLED),
        ("expired_token", GatewayFailure.STOPPED),
        ("blocked", GatewayFailure.STOPPED),
    ],
)
def test_a_clear_no_to_a_write_is_not_unknown(
    simulator: RunningSimulator, comment_id: str, fault: str, expected: GatewayFailure
) -> None:
    simulator.fail(fault)
    assert refusal_of(simulator.channel(), act(ActKind.REPLY, comment_id, "Hei")) is expected


def test_a_write_that_was_answered_too_late_is_unknown(simulator: RunningSimulator, comment_id: str) -> None:
    simulator.fail("delay", seconds=2.3)
    with pytest.raises(OutcomeUnknownError):
        simulator.channel().perform(act(ActKind.REPLY, comment_id, "Hei"))


def test_where_nobody_listens_certainly_nothing_happened() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    credentials = FacebookCredentials("1000", PAGE_TOKEN)
    for url in (f"http://127.0.0.1:{port}", "http://no-such-host.invalid"):
        channel = FacebookChannel(credentials, graph_url=url, timeout_seconds=(2, 2))
        assert refusal_of(channel, act(ActKind.REPLY, "1_7", "Hei")) is GatewayFailure.TRANSIENT


def refusal_of(channel: FacebookChannel, outward: OutwardAct) -> GatewayFailure:
    with pytest.raises(GatewayError) as refusal:
        channel.perform(outward)
    return refusal.value.failure
