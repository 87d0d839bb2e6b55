"""A worker is killed with -9 at each step of an act; the page's ledger says what really happened."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess

import pytest

from tests.support.doomed_worker import work
from tests.support.page_house import PageHouse
from tests.support.processes import ended, start_process
from tests.support.recount import check_books
from tjs_moderation.domain.vocabulary import ActState, DecisionKind
from tjs_moderation.services import answers, casework, publishing
from tjs_moderation.simulator.ledger import Deed

KILLED = -signal.SIGKILL
CALL_SECONDS = 1.5


@dataclass
class Works:
    """What was decided a moment ago, and the deeds that carry it out."""

    items: list[int]
    deeds: set[tuple[str, str, str]]


@pytest.fixture
def works(page_house: PageHouse) -> Works:
    """A comment to hide and a question to answer, both due now."""
    house = page_house.house
    page_house.publish("1")
    page_house.write("1", "7", "Olet idiootti.")
    page_house.write("1", "8", "Kuinka ewc perustetaan?")
    page_house.sync()
    insult, question = house.item("1_7"), house.item("1_8")
    casework.decide(house.tiedottaja, insult.id, insult.version, DecisionKind.REMOVE, "insulting")
    answers.save_draft(house.tiedottaja, question.id, "Pyynnöstä.")
    answers.submit(house.tiedottaja, house.answer(question.id).id, house.answer(question.id).version)
    answers.approve(house.tiedottaja, house.answer(question.id).id, house.answer(question.id).version, question.id)
    house.clock.advance(minutes=6)
    return Works([insult.id, question.id], {("hide", "1_7", ""), ("reply", "1_8", "Pyynnöstä.")})


def start_worker(page_house: PageHouse, step: str) -> ForkServerProcess:
    settings = page_house.house.app.extensions["tjs_ports"].settings
    environment = {
        "TJS_INSTANCE_PATH": str(settings.instance_path),
        "TJS_DATABASE_URL": settings.database_url,
        "TJS_SECRET_KEY": settings.secret_key,
    }
    now = page_house.house.clock.now.isoformat()
    return start_process(work, step, now, page_house.page.url, environment=environment)


def happened(page_house: PageHouse) -> list[tuple[str, str, str]]:
    deeds: tuple[Deed, ...] = page_house.page.ledger.deeds
    return [(deed.kind, deed.target_id, deed.text) for deed in deeds]


def finish(page_house: PageHouse) -> None:
    """Other workers go on, once the lease of the dead one has run out."""
    page_house.house.wait_and_send(seconds=1)
    for _ in range(3):
        page_house.house.wait_and_send(seconds=publishing.LEASE_SECONDS + 1)


def check_all_is_done_once(page_house: PageHouse, works: Works) -> None:
    assert sorted(happened(page_house)) == sorted(works.deeds)
    assert {act.state for item_id in works.items for act in page_house.house.acts(item_id)} == {ActState.DONE}
    check_books()


@pytest.mark.parametrize("step", ["before_claim", "after_claim", "after_answer", "after_commit"])
def test_a_worker_killed_at_any_step_leaves_nothing_doubled_and_nothing_forgotten(
    page_house: PageHouse, works: Works, step: str
) -> None:
    assert ended(start_worker(page_house, step)) == KILLED
    finish(page_house)
    check_all_is_done_once(page_house, works)


@pytest.mark.parametrize("fault", ["delay", "slow_answer"])
def test_a_worker_killed_during_its_call_leaves_nothing_doubled_and_nothing_forgotten(
    page_house: PageHouse, works: Works, fault: str
) -> None:
    """Before the page has done it, and after it has."""
    page_house.page.fail(fault, method="POST", seconds=CALL_SECONDS)
    worker = start_worker(page_house, "never")
    deadline = time.monotonic() + 60
    while page_house.page.faults.is_waiting(fault) and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.3)
    worker.kill()
    assert ended(worker) == KILLED
    # What was under way on the page comes to its end, whoever has gone.
    time.sleep(CALL_SECONDS)
    finish(page_house)
    check_all_is_done_once(page_house, works)


def test_a_worker_that_is_not_killed_does_its_work(page_house: PageHouse, works: Works) -> None:
    assert ended(start_worker(page_house, "never")) == 0
    check_all_is_done_once(page_house, works)
