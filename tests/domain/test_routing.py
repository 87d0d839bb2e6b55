"""Who is proposed to answer, and why: by topic, load and turn, around absences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.ports import TopicScore
from tjs_moderation.domain.routing import Away, Desk, Expert, Proposal, Why, propose, stand_in

TUESDAY, WEDNESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 25, 9, tzinfo=UTC)
INKA, SIKKE, LEO = Expert(1, "Inka", 3), Expert(2, "Sikke", 1), Expert(3, "Leo", 1)
TIINA, TOINI = Expert(8, "Tiina", 5, is_officer=True), Expert(9, "Toini", 2, is_officer=True)
EWC = Desk(10, "ewc", (INKA, SIKKE, LEO))
HISTORY = Desk(11, "historia", (INKA,))
OPEN = Desk(12, "yhdistys", (), is_open_to_all=True)
EMPTY = Desk(13, "tyhjä", ())
DESKS = [HISTORY, EWC, OPEN, EMPTY]


def asked(*topics: tuple[str, float]) -> list[TopicScore]:
    return [TopicScore(slug, score) for slug, score in topics]


def away(expert: Expert, substitute: Expert | None = None) -> Expert:
    return replace(expert, away=Away(date(2026, 12, 4), substitute.id if substitute else None))


def ewc_of(*experts: Expert, staff: tuple[Expert, ...] = ()) -> Proposal:
    """What is proposed for a question on EWC with these experts."""
    return propose(asked(("ewc", 0.6)), [Desk(10, "ewc", experts)], (*experts, *staff))


@pytest.mark.parametrize(
    ("topics", "proposal"),
    [
        ([], Proposal(Why.NO_TOPIC)),
        ([("tuntematon", 0.9)], Proposal(Why.NO_TOPIC)),
        ([("ewc", 0.6)], Proposal(Why.LEAST_LOADED, 10, SIKKE, 0.6)),
        ([("historia", 0.6)], Proposal(Why.ONLY_EXPERT, 11, INKA, 0.6)),
        ([("yhdistys", 0.6)], Proposal(Why.OPEN_TO_ALL, 12, None, 0.6)),
        ([("tyhjä", 0.6)], Proposal(Why.NO_EXPERT, 13, None, 0.6)),
        ([("ewc", 0.2), ("historia", 0.7)], Proposal(Why.ONLY_EXPERT, 11, INKA, 0.7)),
        ([("tuntematon", 0.9), ("ewc", 0.2)], Proposal(Why.LEAST_LOADED, 10, SIKKE, 0.2)),
    ],
)
def test_a_question_goes_to_the_least_busy_expert_of_its_likeliest_topic(
    topics: list[tuple[str, float]], proposal: Proposal
) -> None:
    assert propose(asked(*topics), DESKS) == proposal


def test_of_those_with_as_much_to_do_it_is_the_turn_of_who_got_one_longest_ago() -> None:
    sikke, leo = replace(SIKKE, last_at=WEDNESDAY), replace(LEO, last_at=TUESDAY)
    proposal = ewc_of(INKA, sikke, leo)
    assert (proposal.why, proposal.expert) == (Why.TURN, leo)
    assert ewc_of(INKA, sikke, LEO).expert == LEO, "who never had one comes first"


def test_who_is_away_gets_nothing_while_a_colleague_is_here() -> None:
    proposal = ewc_of(INKA, away(SIKKE), away(LEO))
    assert (proposal.why, proposal.expert) == (Why.ONLY_ONE_HERE, INKA)


def test_the_substitute_answers_where_all_experts_are_away() -> None:
    sikke = away(SIKKE, LEO)
    proposal = ewc_of(sikke, away(INKA), staff=(LEO, TIINA))
    assert (proposal.why, proposal.expert, proposal.in_place_of) == (Why.SUBSTITUTE, LEO, sikke)


def test_the_substitute_of_a_substitute_answers_where_that_one_is_away_too() -> None:
    assert ewc_of(away(SIKKE, LEO), staff=(away(LEO, INKA), INKA)).expert == INKA


def test_two_who_stand_in_for_each_other_are_both_away() -> None:
    proposal = ewc_of(away(SIKKE, LEO), staff=(away(LEO, SIKKE), TIINA))
    assert (proposal.why, proposal.expert) == (Why.NOBODY_HERE, TIINA)


def test_a_question_falls_back_to_the_less_busy_tiedottaja_who_is_here() -> None:
    assert ewc_of(away(SIKKE), staff=(TIINA, TOINI, LEO)).expert == TOINI
    assert ewc_of(away(SIKKE), staff=(TIINA, away(TOINI), LEO)).expert == TIINA
    nobody = ewc_of(away(SIKKE), staff=(away(TOINI), LEO))
    assert (nobody.why, nobody.expert, nobody.topic_id) == (Why.NOBODY_HERE, None, 10)


def test_one_owns_a_question_on_several_topics_and_the_others_are_heard() -> None:
    pay = Desk(14, "palkka", (LEO, TIINA))
    proposal = propose(asked(("palkka", 0.6), ("historia", 0.8), ("yhdistys", 0.7)), [*DESKS, pay])
    assert (proposal.expert, proposal.heard) == (INKA, (LEO,))


@pytest.mark.parametrize(("score", "heard"), [(0.4, (SIKKE,)), (0.39, ())])
def test_the_expert_of_a_far_less_likely_topic_is_left_in_peace(score: float, heard: tuple[Expert, ...]) -> None:
    assert propose(asked(("historia", 0.8), ("ewc", score)), DESKS).heard == heard


def test_nobody_is_heard_beside_themselves_and_nobody_who_is_away() -> None:
    mine = Desk(14, "palkka", (INKA,))
    theirs = Desk(15, "eläke", (away(LEO),))
    proposal = propose(asked(("historia", 0.8), ("palkka", 0.8), ("eläke", 0.8)), [*DESKS, mine, theirs], (TIINA,))
    assert (proposal.expert, proposal.heard) == (INKA, ())


EXPERTS = st.lists(
    st.builds(
        Expert,
        st.integers(1, 9),
        st.just("x"),
        st.integers(0, 3),
        st.sampled_from([None, TUESDAY, WEDNESDAY]),
        st.none() | st.builds(Away, st.just(date(2026, 12, 4)), st.none() | st.integers(1, 9)),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)


@given(EXPERTS, EXPERTS)
def test_nobody_is_chosen_while_away_or_while_a_colleague_has_less_to_do(
    experts: list[Expert], others: list[Expert]
) -> None:
    staff = {expert.id: expert for expert in (*others, *experts)}
    proposal = propose(asked(("ewc", 1.0)), [Desk(1, "ewc", tuple(experts))], tuple(staff.values()))
    here = [expert for expert in experts if expert.away is None]
    if proposal.expert is not None:
        assert proposal.expert.away is None
    if here:
        assert proposal.expert in here
        assert all(proposal.expert.load <= expert.load for expert in here)
    if proposal.why is Why.SUBSTITUTE:
        assert proposal.in_place_of in experts
        assert not here


@given(EXPERTS)
def test_whoever_stands_in_is_here_and_is_somebody_else(experts: list[Expert]) -> None:
    people = {expert.id: expert for expert in experts}
    for absent in (expert for expert in experts if expert.away is not None):
        found = stand_in(absent, people)
        assert found is None or (found.away is None and found.id != absent.id)
