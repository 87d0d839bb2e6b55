from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.simulator import RunningSimulator
from tjs_moderation.domain.ports import ActDone, OutwardAct
from tjs_moderation.domain.vocabulary import ActKind
from tjs_moderation.errors import GatewayError, GatewayFailure, OutcomeUnknownError


@pytest.fixture
def comment_id(simulator: RunningSimulator) -> str:
    """A visitor's comment, by the id the gateway gives it."""
    post = simulator.state.publish("Luento", post_id="1")
    simulator.state.comment(post.id, simulator.state.meet("Aino"), "Milloin?", comment_id="7")
    return "1_7"


def planned_now(simulator: RunningSimulator, kind: ActKind, target: str, text: str = "") -> OutwardAct:
    return OutwardAct("key", kind, target, text, planned_at=simulator.state.clock.now())


@pytest.mark.parametrize("kind", list(ActKind))
def test_an_act_that_was_lost_on_the_way_back_is_found(
    simulator: RunningSimulator, comment_id: str, kind: ActKind
) -> None:
    simulator.state.set_hidden(comment_id, kind is ActKind.UNHIDE)
    act = planned_now(simulator, kind, comment_id, "Tiistaina.  Tervetuloa!\n")
    simulator.fail("lost_answer")
    with pytest.raises(OutcomeUnknownError):
        simulator.channel().perform(act)
    found = simulator.channel().read_back(act)
    (deed,) = simulator.ledger.deeds
    assert found == ActDone(deed.made_id or None)


@pytest.mark.parametrize("kind", list(ActKind))
def test_an_act_that_never_arrived_is_not_found(simulator: RunningSimulator, comment_id: str, kind: ActKind) -> None:
    simulator.state.set_hidden(comment_id, kind is ActKind.UNHIDE)
    assert simulator.channel().read_back(planned_now(simulator, kind, comment_id, "Tiistaina")) is None


def test_a_message_to_a_person_is_found_or_not(simulator: RunningSimulator) -> None:
    aino = simulator.state.meet("Aino")
    act = planned_now(simulator, ActKind.PRIVATE_MESSAGE, aino.id, "Hei Aino")
    assert simulator.channel().read_back(act) is None
    simulator.state.write(aino, "Hei Aino")
    assert simulator.channel().read_back(act) is None
    sent = simulator.state.write(aino, "Hei Aino", is_from_page=True)
    assert simulator.channel().read_back(act) == ActDone(sent.id)


def test_the_same_words_of_somebody_else_are_not_ours(simulator: RunningSimulator, comment_id: str) -> None:
    simulator.state.comment(comment_id, simulator.state.meet("Eero"), "Kiitos!")
    assert simulator.channel().read_back(planned_now(simulator, ActKind.REPLY, comment_id, "Kiitos!")) is None


def test_our_own_words_from_before_the_plan_are_another_reply(simulator: RunningSimulator, comment_id: str) -> None:
    simulator.state.comment(comment_id, simulator.state.page_person, "Kiitos!")
    simulator.advance(timedelta(hours=1).total_seconds())
    assert simulator.channel().read_back(planned_now(simulator, ActKind.REPLY, comment_id, "Kiitos!")) is None


def test_our_reply_is_found_among_many_newer_ones(simulator: RunningSimulator, comment_id: str) -> None:
    act = planned_now(simulator, ActKind.REPLY, comment_id, "Tiistaina")
    ours = simulator.state.comment(comment_id, simulator.state.page_person, "Tiistaina")
    for number in range(150):
        simulator.state.comment(comment_id, simulator.state.meet("Eero"), f"vastaus {number}")
    assert simulator.channel().read_back(act) == ActDone(f"1_{ours.id}")


def test_where_the_channel_hides_whose_words_they_are_nothing_is_claimed(
    simulator: RunningSimulator, comment_id: str
) -> None:
    act = planned_now(simulator, ActKind.REPLY, comment_id, "Tiistaina")
    simulator.state.comment(comment_id, simulator.state.page_person, "Tiistaina")
    simulator.fail("missing_from")
    with pytest.raises(GatewayError):
        simulator.channel().read_back(act)


@pytest.mark.parametrize("kind", list(ActKind))
@pytest.mark.parametrize("fault", ["500", "html", "throttle", "dropped", "expired_token"])
def test_what_cannot_be_looked_at_is_not_claimed_either_way(
    simulator: RunningSimulator, comment_id: str, kind: ActKind, fault: str
) -> None:
    simulator.fail(fault, method="GET")
    with pytest.raises(GatewayError):
        simulator.channel().read_back(planned_now(simulator, kind, comment_id, "Hei"))


def test_a_wrong_proof_is_not_taken_for_a_deleted_comment(simulator: RunningSimulator, comment_id: str) -> None:
    channel = simulator.channel(app_secret="another-secret")
    with pytest.raises(GatewayError) as failure:
        channel.read_back(planned_now(simulator, ActKind.DELETE, comment_id))
    assert failure.value.failure is GatewayFailure.BAD_REQUEST


def test_the_old_form_of_gone_settles_a_delete(simulator: RunningSimulator, comment_id: str) -> None:
    simulator.fail("temporary", path_regex="1_7$", code=100, type="GraphMethodException", is_transient=False)
    act = planned_now(simulator, ActKind.DELETE, comment_id)
    assert simulator.channel().read_back(act) == ActDone()
