from __future__ import annotations

import pytest

from tjs_moderation.errors import ConfigurationError
from tjs_moderation.gateways.facebook import FacebookCredentials, appsecret_proof


def test_the_proof_agrees_with_the_reference_vector() -> None:
    proof = appsecret_proof("app_secret_0123456789abcdef", "EAAtesttoken")
    assert proof == "606238399807e64d3a02cb88be6a7c274161345661a022aca8d15a367893559e"


def test_without_a_secret_there_is_no_proof() -> None:
    assert FacebookCredentials("1000", "EAAtesttoken").proof == ""


def test_secrets_do_not_show_when_the_credentials_are_printed() -> None:
    shown = repr(FacebookCredentials("1000", "EAAtesttoken", "app_secret"))
    assert "1000" in shown
    assert "EAAtesttoken" not in shown
    assert "app_secret" not in shown.replace("app_secret=", "")


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "ääkköset", "tab\there"])
def test_a_token_that_cannot_stand_in_a_header_is_refused_without_repeating_it(token: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        FacebookCredentials("1000", token)
    assert refusal.value.faults == ["the Facebook page token is empty or has odd characters"]
