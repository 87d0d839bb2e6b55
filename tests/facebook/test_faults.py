from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tjs_moderation.domain.ports import Usage
from tjs_moderation.errors import GatewayError, GatewayFailure, OutcomeUnknownError
from tjs_moderation.gateways.facebook.faults import GraphFault, error_for, failure_of, read_fault
from tjs_moderation.gateways.facebook.usage import read_usage

F = GatewayFailure


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"code": 1}, F.TRANSIENT),
        ({"code": 1, "is_transient": False}, F.BAD_REQUEST),
        ({"code": 2}, F.TRANSIENT),
        ({"code": 1200}, F.TRANSIENT),
        ({"code": 4}, F.THROTTLED),
        ({"code": 17}, F.THROTTLED),
        ({"code": 32}, F.THROTTLED),
        ({"code": 341}, F.THROTTLED),
        ({"code": 613}, F.THROTTLED),
        ({"code": 80001}, F.THROTTLED),
        ({"code": 80006}, F.THROTTLED),
        ({"code": 368}, F.STOPPED),
        ({"code": 190}, F.STOPPED),
        ({"code": 190, "error_subcode": 463}, F.STOPPED),
        ({"code": 102}, F.STOPPED),
        ({"code": 492}, F.STOPPED),
        ({"code": 3}, F.PERMISSION),
        ({"code": 10}, F.PERMISSION),
        ({"code": 200}, F.PERMISSION),
        ({"code": 230}, F.PERMISSION),
        ({"code": 299}, F.PERMISSION),
        ({"code": 283}, F.PERMISSION),
        ({"code": 100, "error_subcode": 33}, F.GONE),
        ({"code": 100}, F.BAD_REQUEST),
        ({"code": 2500}, F.BAD_REQUEST),
        ({"code": 803}, F.BAD_REQUEST),
        ({"code": 506}, F.BAD_REQUEST),
        ({"code": 10, "error_subcode": 2018278}, F.REFUSED),
        ({"code": 10, "error_subcode": 2018065}, F.REFUSED),
        ({"code": 10, "error_subcode": 2018108}, F.REFUSED),
        ({"code": 200, "error_subcode": 1545041}, F.REFUSED),
        ({"code": 100, "error_subcode": 2018001}, F.REFUSED),
        ({"code": 551}, F.REFUSED),
        ({"code": 10900}, F.REFUSED),
        ({"code": 987654}, F.BAD_REQUEST),
        ({"code": 987654, "is_transient": True}, F.TRANSIENT),
        ({"message": "vain viesti"}, F.BAD_REQUEST),
    ],
)
def test_an_error_is_sorted_by_its_codes_alone(error: dict[str, Any], expected: GatewayFailure) -> None:
    for words in ("Message", "Viesti suomeksi", ""):
        fault = read_fault(400, {"error": {"message": words} | error})
        assert fault is not None
        assert failure_of(fault) is expected


@pytest.mark.parametrize(
    ("status", "body", "is_json", "expected"),
    [
        (400, {"error_type": "OAuthException", "code": 190, "error_message": "m"}, True, F.STOPPED),
        (400, {"error_code": 190, "error_description": "m"}, True, F.STOPPED),
        (400, {"error_code": "190", "error_description": "m"}, True, F.STOPPED),
        (200, {"error": {"code": 2, "message": "m"}}, True, F.TRANSIENT),
        (200, {"error": "invalid_grant"}, True, F.BAD_REQUEST),
        (502, None, False, F.TRANSIENT),
        (200, None, False, F.TRANSIENT),
        (429, None, False, F.THROTTLED),
        (500, {"error": {"code": 987654}}, True, F.TRANSIENT),
        (503, {}, True, F.TRANSIENT),
        (403, {}, True, F.PERMISSION),
        (401, [], True, F.STOPPED),
    ],
)
def test_odd_shapes_of_errors_are_understood(
    status: int, body: object, is_json: bool, expected: GatewayFailure
) -> None:
    fault = read_fault(status, body, is_json=is_json)
    assert fault is not None
    assert failure_of(fault) is expected


@pytest.mark.parametrize("body", [{"id": "1"}, {"data": []}, {"success": False}, {"code": 7, "id": "1"}, True, []])
def test_an_answer_that_is_no_error_is_none(body: object) -> None:
    assert read_fault(200, body) is None


@pytest.mark.parametrize(
    ("fault", "is_unknown"),
    [
        (GraphFault(500), True),
        (GraphFault(502, is_readable=False), True),
        (GraphFault(200, is_readable=False), True),
        (GraphFault(400, code=2, is_transient=True), True),
        (GraphFault(400, code=1), True),
        (GraphFault(500, code=1, is_transient=False), True),
        (GraphFault(400, code=1200), False),
        (GraphFault(400, code=1, is_transient=False), False),
        (GraphFault(400, code=32), False),
        (GraphFault(401, code=190), False),
        (GraphFault(400, code=100, subcode=33), False),
    ],
)
def test_trouble_on_the_other_side_leaves_a_write_unknown_and_a_no_does_not(
    fault: GraphFault, is_unknown: bool
) -> None:
    assert isinstance(error_for(fault, is_write=True), OutcomeUnknownError) is is_unknown
    assert isinstance(error_for(fault, is_write=False), GatewayError)


def test_a_fault_names_codes_and_permission_and_repeats_no_words() -> None:
    body = {"error": {"message": "Comment by Aino", "code": 283, "type": "OAuthException", "fbtrace_id": "Abc1"}}
    fault = read_fault(403, body)
    assert fault is not None
    error = error_for(fault, is_write=False, permission="pages_read_user_content")
    assert str(error) == "283, trace Abc1, needs pages_read_user_content"


def test_a_trace_with_words_in_it_is_left_out() -> None:
    fault = read_fault(400, {"error": {"code": 2, "fbtrace_id": "Aino Virtanen <aino@example.org>"}})
    assert fault is not None
    assert fault.detail == "2"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "code", "error_code", "error_subcode", "type", "is_transient"]), inner
        )
    ),
    max_leaves=8,
)


@given(status=st.integers(100, 599), body=JSON)
def test_any_body_is_sorted_into_some_class(status: int, body: object) -> None:
    fault = read_fault(status, body)
    if fault is not None:
        assert failure_of(fault) in GatewayFailure


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":25}'}, Usage(28)),
        (
            {"X-Business-Use-Case-Usage": '{"1":[{"total_time":104,"estimated_time_to_regain_access":5}]}'},
            Usage(104, 300),
        ),
        ({"X-App-Usage": "not json"}, None),
        ({"X-App-Usage": "[]", "X-Business-Use-Case-Usage": '{"1":null,"2":[3]}'}, None),
        ({"X-App-Usage": '{"call_count":"12","total_time":null,"total_cputime":NaN}'}, Usage(12)),
        ({}, None),
    ],
)
def test_usage_is_read_from_the_headers(headers: dict[str, str], expected: Usage | None) -> None:
    assert read_usage(headers) == expected
