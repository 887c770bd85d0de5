"""The application, put together: settings read once, engine opened, release loaded, guards and routes added."""

import gc
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from fastapi import FastAPI

from mlquote.settings import Settings, known_variables
from mlquote.store.engine import Engine, migrate, open_engine
from mlquote.store.files import bundled_folder
from mlquote.store.releases import import_bundled
from mlquote.store.usage_jobs import Bounds
from mlquote.web.deps import Snapshots, clock, warmed_snapshot
from mlquote.web.desks import Desks
from mlquote.web.guards import problems
from mlquote.web.guards.auth import KeyRequired, Openness
from mlquote.web.guards.caching import Validators
from mlquote.web.guards.callers import KnownKeys
from mlquote.web.guards.compressing import compressing
from mlquote.web.guards.cross_origin import cross_origin, origins_named
from mlquote.web.guards.direct import Direct, Door, ways_of
from mlquote.web.guards.limits import BodyLimit
from mlquote.web.guards.methods import HeadAsGet
from mlquote.web.guards.metrics import Metrics
from mlquote.web.guards.otlp_faults import OtlpFaults
from mlquote.web.guards.packed import Unpacking
from mlquote.web.guards.telemetry import Telemetry
from mlquote.web.guards.traces import spans_wanted
from mlquote.web.guards.turns import Heavy, TurnCounters, Turns
from mlquote.web.openapi import document
from mlquote.web.routes import (
    annotation,
    audit,
    badges,
    batch,
    budgets,
    catalog,
    charts,
    codes,
    comparisons,
    documentation,
    explore,
    health,
    inference,
    keys,
    loss_lab,
    losses,
    names,
    otlp,
    pages,
    plans,
    projects,
    rate_cards,
    releases,
    serving,
    shorts,
    training,
    usage,
    views,
)
from mlquote.web.spool import Spool
from mlquote.web.usage_work import Works, seen_to
from mlquote.web.workbench import Limits, Workbench


def create_app(settings: Settings | None = None, *, now: Callable[[], datetime] = clock) -> FastAPI:
    """The service on `settings` (default: the environment): migrated, its catalogue imported, its release loaded."""
    if settings is None:
        known_variables(os.environ)
    chosen = settings or Settings()
    engine = open_engine(chosen.database_url)
    prepare(engine, now())
    snapshots = Snapshots(engine, warmed_snapshot(engine))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        gc.freeze()
        metrics.begin()
        await snapshots.look()
        async with snapshots.watched(chosen.release_poll_seconds), seen_to(app):
            yield
        for at_work in (workbench, app.state.desks, app.state.turns):
            at_work.close()
        engine.dispose()

    app = Door(
        title="mlquote",
        version="1",
        summary="What does this model cost? Dollars, energy and carbon from sourced tables, and J(theta).",
        lifespan=lifespan,
        openapi_url=None,
        telemetry=spans_wanted(os.environ) if chosen.traces else {"auto_configure": False},
    )
    app.has_spans = chosen.traces
    app.state.settings, app.state.engine = chosen, engine
    app.state.snapshots, app.state.clock = snapshots, now
    app.state.metrics = metrics = Metrics(os.environ.get(COUNTED_IN, ""))
    app.state.desks = Desks(metrics)
    app.state.known_keys = KnownKeys()
    app.state.workbench = workbench = _workbench(chosen)
    _add_jobs(app, chosen)
    _add_routes(app)
    problems.install(app)
    document.install(app, closed=chosen.require_key)
    _add_guards(app, chosen)
    return app


def _add_guards(app: FastAPI, chosen: Settings) -> None:
    """What every request passes: the one added last is met first."""
    app.add_middleware(Direct, ways={} if chosen.traces else ways_of(app))
    app.add_middleware(Validators, private=chosen.require_key)
    app.add_middleware(compressing)
    app.add_middleware(HeadAsGet)
    app.add_middleware(KeyRequired, service=app, door=_door(chosen))
    limits = _body_limits(chosen)
    app.add_middleware(Unpacking, most_bytes=chosen.max_body_bytes, paths=limits)
    app.add_middleware(BodyLimit, most_bytes=chosen.max_body_bytes, paths=limits)
    app.state.turns = _counters(chosen, app.state.metrics)
    app.add_middleware(Turns, service=app, counters=app.state.turns, heavy=_heavy(chosen))
    if origins := origins_named(chosen.cors_origins):
        app.add_middleware(cross_origin, origins=origins)
    app.add_middleware(OtlpFaults)
    app.add_middleware(Telemetry, metrics=app.state.metrics)


def _add_jobs(app: FastAPI, chosen: Settings) -> None:
    """Where long logs lie, and what prices them."""
    kept = timedelta(hours=chosen.usage_job_keep_hours)
    app.state.spool = Spool(chosen.usage_spool_bytes)
    app.state.works = Works(app.state.engine, app.state.clock, kept)
    app.state.job_bounds = Bounds(chosen.usage_jobs_waiting, chosen.usage_spool_bytes)


COUNTED_IN = "PROMETHEUS_MULTIPROC_DIR"
"""Where workers count together: prometheus_client's own variable."""
CONFIGS = ("/v1/estimates/training", "/v1/estimates/serving")
"""Routes whose question may hold a whole config file."""


def _body_limits(chosen: Settings) -> dict[str, int]:
    """Paths that take more (or less) than `max_body_bytes`."""
    large = dict.fromkeys((batch.PATH, usage.PATH, pages.POSTED, views.LOG), chosen.max_batch_bytes)
    configs = dict.fromkeys(CONFIGS, chosen.max_config_bytes)
    others = {releases.PATH: chosen.max_release_bytes, otlp.PATH: otlp.MOST_BYTES}
    most = max(chosen.loss_binary_bytes, chosen.loss_spooled_bytes)
    return {**large, **configs, **others, **dict.fromkeys(losses.PREFIXES, most)}


def _door(chosen: Settings) -> Openness:
    """What is read without a key."""
    if chosen.require_key:
        return "closed"
    return "open" if chosen.open_reading else "private"


def _counters(chosen: Settings, metrics: Metrics) -> TurnCounters:
    """How often callers may ask."""
    return TurnCounters({"address": chosen.address_rate, "key": chosen.key_rate}, chosen.limits_store, metrics)


def _heavy(chosen: Settings) -> Heavy:
    """What strangers may have done at once."""
    asked = (comparisons.PATH, projects.PATH, *charts.HEAVY, *views.HEAVY)
    posted = (batch.PATH, usage.PATH, pages.POSTED, views.LOG, *losses.PREFIXES, *asked)
    return Heavy(posted, asked, chosen.heavy_of_one, chosen.heavy_of_all)


def _workbench(chosen: Settings) -> Workbench:
    """Where losses are computed."""
    return Workbench(
        Limits(
            json_bytes=chosen.loss_json_bytes,
            json_numbers=chosen.loss_json_numbers,
            binary_bytes=chosen.loss_binary_bytes,
            binary_numbers=chosen.loss_binary_numbers,
            spooled_bytes=chosen.loss_spooled_bytes,
            seconds=chosen.loss_seconds,
            at_once=chosen.loss_at_once,
            waiting=chosen.loss_waiting,
            threads=chosen.loss_threads,
            parse_beside_bytes=chosen.loss_parse_beside_bytes,
        )
    )


def prepare(engine: Engine, now: datetime) -> None:
    """Make the database ready to answer: schema at head, the bundled catalogue imported unless a newer one is there."""
    migrate(engine)
    import_bundled(engine, bundled_folder(), now=now)


def _add_routes(app: FastAPI) -> None:
    subjects = (
        inference,
        batch,
        comparisons,
        training,
        serving,
        annotation,
        budgets,
        usage,
        otlp,
        rate_cards,
        keys,
        audit,
        losses,
        plans,
        projects,
        health,
        names,
        catalog,
        charts,
        badges,
        releases,
        codes,
        documentation,
        explore,
        loss_lab,
        pages,
        views,
        shorts,
    )
    for subject in subjects:
        subject.add_routes(app)
