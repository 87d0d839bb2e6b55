from __future__ import annotations

import pytest
import requests

from tests.simulator.calls import call, error, get
from tests.support.simulator import RunningSimulator
from tjs_moderation.simulator.faults import NAMES, FaultPlan


def order(simulator: RunningSimulator, path: str, document: object) -> requests.Response:
    return requests.post(f"{simulator.url}/_simulator/{path}", json=document, timeout=5)


def test_an_ordered_fault_meets_only_what_matches_and_only_so_often(simulator: RunningSimulator) -> None:
    simulator.state.publish("Luento", post_id="1")
    order(simulator, "faults", {"match": {"method": "GET", "path_regex": "comments$"}, "fault": "500", "times": 2})
    assert get(simulator, "1000")["id"] == "1000"
    statuses = [call(simulator, "GET", "1000_1/comments").status_code for _ in range(3)]
    assert statuses == [500, 500, 200]


def test_a_lost_answer_leaves_the_deed_done(simulator: RunningSimulator) -> None:
    simulator.state.publish("Luento", post_id="1")
    order(simulator, "faults", {"fault": "lost_answer"})
    with pytest.raises(requests.ConnectionError):
        call(simulator, "POST", "1000_1/comments", message="Tervetuloa")
    (entry,) = requests.get(f"{simulator.url}/_simulator/ledger", timeout=5).json()["entries"]
    assert (entry["was_answered"], entry["fault"], entry["deeds"][0]["kind"]) == (False, "lost_answer", "reply")
    assert "access_token" not in entry["body"]
    assert "appsecret_proof" not in entry["body"]


def test_throttling_tells_when_to_come_back(simulator: RunningSimulator) -> None:
    order(simulator, "faults", {"fault": "throttle", "minutes": 12})
    response = call(simulator, "GET", "1000")
    assert error(response) == (32, None)
    assert '"estimated_time_to_regain_access": 12' in response.headers["X-Business-Use-Case-Usage"]


def test_the_usage_that_every_answer_tells_can_be_ordered(simulator: RunningSimulator) -> None:
    order(simulator, "usage", {"percent": 85})
    assert '"call_count": 85' in call(simulator, "GET", "1000").headers["X-App-Usage"]


def test_reads_are_counted_by_their_path(simulator: RunningSimulator) -> None:
    for _ in range(2):
        call(simulator, "GET", "1000/conversations")
    call(simulator, "GET", "1000")
    ledger = requests.get(f"{simulator.url}/_simulator/ledger", timeout=5).json()
    assert ledger["reads"] == {"1000/conversations": 2, "1000": 1}


def test_an_error_can_be_ordered_with_any_code_and_words(simulator: RunningSimulator) -> None:
    order(simulator, "faults", {"fault": "expired_token", "error_subcode": 460, "message": "Salasana on vaihdettu"})
    response = call(simulator, "GET", "1000")
    assert error(response) == (190, 460)
    assert response.json()["error"]["message"] == "Salasana on vaihdettu"


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("faults", {"fault": "earthquake"}),
        ("faults", {"fault": "500", "match": {"path_regex": "("}}),
        ("faults", {"fault": "500", "times": "many"}),
        ("faults", ["500"]),
        ("faults/random", {"rate": 0.5}),
        ("clock", {"advance_seconds": "soon"}),
        ("usage", {"percent": "much"}),
        ("clock", {}),
        ("seed", {"posts": [{"id": "1"}]}),
        ("seed", {"posts": 3}),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_with_a_reason(
    simulator: RunningSimulator, path: str, document: object
) -> None:
    response = order(simulator, path, document)
    assert response.status_code == 400
    assert response.json()["error"]


def test_random_faults_are_the_same_for_the_same_seed() -> None:
    def drawn(seed: int) -> list[str]:
        plan = FaultPlan()
        plan.at_random(seed, 0.3)
        return [plan.draw(method, "/v26.0/1000").name for method in ("GET", "POST") * 100]

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)
    assert 20 < sum(name != "" for name in drawn(7)) < 100
    assert set(drawn(7)) - {""} <= NAMES


def test_after_clearing_everything_goes_well(simulator: RunningSimulator) -> None:
    order(simulator, "faults/random", {"seed": 1, "rate": 1.0, "faults": ["500"]})
    assert call(simulator, "GET", "1000").status_code == 500
    requests.delete(f"{simulator.url}/_simulator/faults", timeout=5)
    assert call(simulator, "GET", "1000").status_code == 200


def test_the_clock_can_be_moved(simulator: RunningSimulator) -> None:
    before = simulator.state.clock.now()
    order(simulator, "clock", {"advance_seconds": 86400})
    assert 86400 <= (simulator.state.clock.now() - before).total_seconds() < 86410


def test_content_can_be_added_while_it_runs(simulator: RunningSimulator) -> None:
    document = {"posts": [{"message": "Luento", "comments": [{"author": "Aino", "message": "Milloin?"}]}]}
    assert order(simulator, "seed", document).json() == {"posts": 1, "comments": 1, "conversations": 0, "messages": 0}


def test_another_web_site_cannot_work_the_simulator(simulator: RunningSimulator) -> None:
    response = requests.post(
        f"{simulator.url}/_simulator/clock",
        json={"advance_seconds": 5},
        headers={"Sec-Fetch-Site": "cross-site"},
        timeout=5,
    )
    assert response.status_code != 200
