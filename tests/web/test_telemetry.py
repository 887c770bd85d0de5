"""Every request leaves one log line and one count, by the path as registered."""

import json
import logging
from datetime import UTC, datetime, time

import pytest
from fastapi import FastAPI

from tests.web.conftest import NOW, Client


def test_a_request_is_logged_once_with_route_status_release_and_id(
    service: FastAPI, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "mlquote.request"):
        path = "/v1/estimates/inference?provider=anthropic&model=claude-opus-4-7&input_tokens=1"
        Client(service).request("GET", path, headers={"x-request-id": "r1"})
    lines = [json.loads(record.message) for record in caplog.records if record.name == "mlquote.request"]
    assert [(line["id"], line["route"], line["status"]) for line in lines] == [("r1", "/v1/estimates/inference", 200)]
    assert lines[0]["release"] == service.state.snapshots.current.release.id


def test_metrics_count_by_route_and_status_and_name_the_release(service: FastAPI) -> None:
    client = Client(service)
    client.get("/v1/catalog/accelerators/h100-sxm")
    client.get("/v1/catalog/accelerators/h100-nothing")
    text = client.get("/metrics").text
    assert 'mlquote_requests_total{method="GET",route="/v1/catalog/{table}/{key:path}",status="404"}' in text
    assert f'mlquote_release{{release="{service.state.snapshots.current.release.id}"}} 1.0' in text
    assert "h100-nothing" not in text


def test_metrics_and_readiness_tell_how_old_the_release_and_the_sources_of_its_tables_are(service: FastAPI) -> None:
    client, release = Client(service), service.state.snapshots.current.release
    told = {
        table["table"]: (table["median_age_days"], table["oldest_age_days"])
        for table in client.get("/v1/catalog").json()["tables"]
        if table["median_age_days"] is not None
    }
    ready = client.get("/readyz").json()
    assert {name: tuple(ages.values()) for name, ages in ready["tables"].items()} == told
    assert ready["release_age_days"] == (NOW.date() - release.published_on).days
    assert (ready["digest"], ready["published_on"]) == (release.digest, release.published_on.isoformat())
    lines = dict(line.rsplit(" ", 1) for line in client.get("/metrics").text.splitlines() if line[0] != "#")
    for name, (median, oldest) in told.items():
        assert float(lines[f'mlquote_table_age_days{{statistic="median",table="{name}"}}']) == median
        assert float(lines[f'mlquote_table_age_days{{statistic="oldest",table="{name}"}}']) == oldest
    midnight = datetime.combine(release.published_on, time(), UTC)
    assert float(lines["mlquote_release_age_seconds"]) == (NOW - midnight).total_seconds()
