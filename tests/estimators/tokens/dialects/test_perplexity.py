"""Perplexity: reasoning and citations beside, a fee a request."""

from decimal import Decimal

from mlquote.estimators.tokens.dialects import read_response
from tests.estimators.tokens.dialects.chat_sample import chat


def test_perplexity_counts_reasoning_and_citations_beside() -> None:
    """bgeneto/open-webui-cost-tracker#6: the total is 108 + 3256, reasoning and citations come on top."""
    body = chat(108, 3256, citation_tokens=7299, num_search_queries=74, reasoning_tokens=73248)
    body["model"] = "sonar-deep-research"
    assert read_response("perplexity", body).counts == {
        "input_tokens": 108,
        "output_tokens": 3256 + 73248,
        "reasoning_tokens": 73248,
        "citation_tokens": 7299,
        "web_searches": 74,
    }


def test_perplexity_bills_a_request_by_its_search_context() -> None:
    body = chat(8, 439, search_context_size="high", cost={"request_cost": 0.012, "total_cost": 0.01245})
    reading = read_response("perplexity", body | {"model": "sonar"})
    assert (reading.counts["web_searches"], reading.facts) == (1, {"search_context": "high"})
    assert reading.reported_usd == Decimal("0.01245")


def test_a_sonar_request_that_does_not_say_reads_little_and_bills_no_citations() -> None:
    body = chat(8, 439, citation_tokens=50, num_search_queries=3) | {"model": "sonar-pro"}
    reading = read_response("perplexity", body)
    assert reading.counts == {"input_tokens": 8, "output_tokens": 439, "web_searches": 1}
    assert (reading.facts, [w.code for w in reading.warnings]) == (
        {"search_context": "low"},
        ["search-context-assumed"],
    )
