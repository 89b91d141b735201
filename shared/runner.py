"""Runs services in one process: checks the settings, migrates, starts everything, stops everything."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import sys
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from importlib.metadata import version

import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import APIRouter, FastAPI

from shared.contracts.events import PersonChanged
from shared.contracts.vocabulary import ServiceName
from shared.database import Database, EmbeddedPostgres
from shared.events import EventBus
from shared.events.errors import KafkaUnreachableError
from shared.events.kafka import check_kafka
from shared.events.letters import measure_waiting
from shared.events.tables import EVENTS_SCHEMA
from shared.identity.bootstrap import bootstrap_key
from shared.identity.directory import Directory
from shared.identity.enforce import enforcer
from shared.migrations import behind, upgrade
from shared.observability import configure_logging, logger
from shared.places.store import Newest
from shared.places.tables import PLACES_SCHEMA
from shared.service import Job, Parts, Recipe, Service
from shared.settings import PREFIX, SettingError, Settings, check_sending, load_keys, load_settings
from shared.web.app import create_app
from shared.web.live import LiveUpdates
from shared.web.pages import Pages

JOB_GRACE_SECONDS = 60
"""A job that is late by less than this still runs; state lives in rows, so a later run catches up as well."""
PLACES_EVERY = timedelta(seconds=30)
"""How soon a running process uses an import of administrative units."""
LETTERS_EVERY = timedelta(seconds=15)
"""How often the dead letters of the event queue are counted."""
GRACEFUL_SECONDS = 2
"""How long open requests may take to end at a stop."""

log = logger(__name__)


@dataclass(frozen=True)
class Extras:
    """What only a demonstration or a check adds: routers, and preparation before the first event is handled."""

    routers: Sequence[APIRouter] = ()
    prepare: Callable[[Parts, frozenset[ServiceName]], Awaitable[None]] | None = None


@dataclass
class Running:
    """Services that run in this process."""

    app: FastAPI
    parts: Parts
    services: list[Service] = field(default_factory=list)


def main(*recipes: Recipe) -> None:
    """Run services until a signal; exit 0 after a stop, 2 with one sentence when a setting is wrong."""
    raise SystemExit(run(recipes))


def run(recipes: Sequence[Recipe], extras: Callable[[Settings], Extras] | None = None) -> int:
    """Run services until SIGTERM or SIGINT and return the exit status."""
    configure_logging()
    try:
        settings = load_settings()
        with uvloop_runner() as runner:
            runner.run(_serve(recipes, settings, extras(settings) if extras else Extras()))
    except SettingError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the one line that the person who starts it needs
        return 2
    return 0


@contextlib.contextmanager
def uvloop_runner() -> Iterator[asyncio.Runner]:
    """Give a runner on the faster event loop."""
    import uvloop  # noqa: PLC0415 - only where a loop is made

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield runner


async def _serve(recipes: Sequence[Recipe], settings: Settings, extras: Extras) -> None:
    _check_port(settings)
    async with running(recipes, settings, extras) as process:
        server = uvicorn.Server(
            uvicorn.Config(
                process.app,
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACEFUL_SECONDS,
                lifespan="off",
            )
        )
        live: LiveUpdates = process.app.state.live
        loop = asyncio.get_running_loop()

        def stop() -> None:
            server.should_exit = True
            loop.create_task(live.stop())  # noqa: RUF006 - awaited again when the process stops

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        gc.collect()
        gc.freeze()  # what a start has loaded stays; looking through it again would hold a page up by 0.2 s
        server.capture_signals = contextlib.nullcontext  # type: ignore[assignment,method-assign] # exit 0 after a signal
        log.info("listening", port=settings.port, services=[recipe.name.value for recipe in recipes])
        await server.serve()


@contextlib.asynccontextmanager
async def running(
    recipes: Sequence[Recipe],
    settings: Settings,
    extras: Extras = Extras(),
) -> AsyncIterator[Running]:
    """Start services without a web server, give their app, and stop them at the end."""
    names = frozenset(recipe.name for recipe in recipes)
    if ServiceName.NOTIFY in names:
        check_sending(settings)
    raw_bootstrap = bootstrap_key(settings)
    keys = load_keys(settings)
    await _check_kafka(settings)
    async with _database(settings, recipes) as database, contextlib.AsyncExitStack() as stack:
        bus = EventBus(database, kafka=settings.kafka_bootstrap_servers, keys=keys, clock=settings.clock)
        parts = Parts(settings, database, bus, settings.clock, keys)
        newest_places = Newest(database, settings.clock)
        await newest_places.take_over()
        services = [recipe.build(parts) for recipe in recipes]
        directories = [Directory(database, recipe.name.value) for recipe in recipes]
        for directory in directories if raw_bootstrap else ():
            await directory.ensure_bootstrap(raw_bootstrap or "")
        for service in services:
            bus.handle_events(service.name, dict(service.events))
            bus.handle_tasks(service.name, dict(service.tasks))
        for recipe, directory, service in zip(recipes, directories, services, strict=True):
            if recipe.name in PersonChanged.CONSUMERS and PersonChanged not in service.events:
                bus.handle_events(recipe.name, {PersonChanged: directory.record_person})
        if extras.prepare is not None:
            await extras.prepare(parts, names)
        for service in services:
            if service.start is not None:
                await service.start()
            if service.stop is not None:
                stack.push_async_callback(service.stop)
        channels = [f"heedline_{recipe.name.value}" for recipe in recipes]
        live = LiveUpdates(database.url, channels, settings.clock)
        await live.start()
        stack.push_async_callback(live.stop)
        stack.push_async_callback(bus.stop)
        await bus.start()
        refresh = Job("take_over_places", PLACES_EVERY, newest_places.take_over)

        counting = Job("count_event_letters", LETTERS_EVERY, partial(measure_waiting, database))
        scheduler = _schedule([refresh, counting, *(job for service in services for job in service.jobs)])
        stack.callback(scheduler.shutdown, wait=False)
        app = create_app(
            [router for service in services for router in service.routers] + list(extras.routers),
            enforce=enforcer(directories[-1], keys, settings),
            pages=Pages([recipe.folder for recipe in recipes], clock=settings.clock, default_locale=settings.locale),
            live=live,
            readiness=bus.healthy,
            static={
                recipe.name.value: recipe.folder / "static" for recipe in recipes if (recipe.folder / "static").is_dir()
            },
            version=version("heedline"),
        )
        yield Running(app, parts, services)
        log.info("stopping")


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise SettingError(
                f"{PREFIX}PORT {settings.port} is taken by another program: write a free one or stop that program."
            ) from None


async def _check_kafka(settings: Settings) -> None:
    if settings.kafka_bootstrap_servers is None:
        return
    try:
        await check_kafka(settings.kafka_bootstrap_servers)
    except KafkaUnreachableError as error:
        raise SettingError(str(error)) from None


@contextlib.asynccontextmanager
async def _database(settings: Settings, recipes: Sequence[Recipe]) -> AsyncIterator[Database]:
    schemas = [EVENTS_SCHEMA, PLACES_SCHEMA, *(recipe.schema for recipe in recipes)]
    async with open_database(settings) as database:
        if settings.embedded:
            await upgrade(database, *schemas)
        elif late := await behind(database, *schemas):
            raise SettingError(f"The schema is behind ({', '.join(late)}): run `heedline migrate`, then start again.")
        yield database


@contextlib.asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """Open the configured database, or the embedded one, which stops with its last user."""
    server = None
    if settings.database_url is None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = await asyncio.to_thread(EmbeddedPostgres, settings.data_dir)
    database = Database(server.url if server else _checked_url(settings.database_url or ""))
    try:
        if server is None and not await database.answers():
            raise SettingError(
                f"{PREFIX}DATABASE_URL names a database that does not answer: start it, or write its address as "
                "postgresql+asyncpg://user:password@host/database."
            )
        yield database
    finally:
        await database.close()
        if server is not None:
            await asyncio.to_thread(server.stop)


def _checked_url(url: str) -> str:
    if not url.startswith("postgresql+asyncpg://"):
        raise SettingError(f"{PREFIX}DATABASE_URL is wrong: it starts with postgresql+asyncpg://.")
    return url


def _schedule(jobs: Sequence[Job]) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": JOB_GRACE_SECONDS, "max_instances": 1}
    )
    for job in jobs:
        scheduler.add_job(_guarded(job), "interval", seconds=job.every.total_seconds(), id=job.name)
    scheduler.start()
    return scheduler


def _guarded(job: Job) -> Callable[[], Awaitable[None]]:
    """Log a failed run and leave the next to try again: a sweep must never stop for a database that went away."""

    async def run() -> None:
        try:
            await job.run()
        except Exception as error:
            log.error("job_failed", job=job.name, exc_info=error)  # noqa: TRY400 - the log keeps no text of errors

    return run
