"""A variable of ours that nobody reads stops the start."""

import pytest

from mlquote.kit.errors import Malformed
from mlquote.settings import known_variables


def test_a_misspelt_variable_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(Malformed) as error:
        known_variables(["PATH", "MLQUOTE_REQUIRE_KEYS"])
    assert (
        error.value.faults[0].pointer == "MLQUOTE_REQUIRE_KEYS" and "MLQUOTE_REQUIRE_KEY" in error.value.faults[0].hint
    )


def test_variables_of_the_service_and_of_those_who_ask_are_known() -> None:
    known_variables(
        ["MLQUOTE_REQUIRE_KEY", "mlquote_database_url", "MLQUOTE_API_KEY", "MLQUOTE_SERVER", "MLQUOTE_TEST_X"]
    )
