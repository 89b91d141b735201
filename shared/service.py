"""What a service is made of, so that one process can hold one of them or all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock
from shared.contracts.event import Event
from shared.contracts.vocabulary import ServiceName
from shared.crypto import Keys
from shared.database import Database
from shared.events import EventBus
from shared.migrations import Schema
from shared.settings import Settings

EventHandler = Callable[[AsyncConnection, Any], Awaitable[None]]
"""Handles one event in the transaction of its effects; raises to have it tried again."""

TaskHandler = Callable[[dict[str, Any]], Awaitable[None]]
"""Does one queued piece of work, opening transactions of its own; raises to have it tried again."""


@dataclass(frozen=True)
class Job:
    """Work that the scheduler wakes every `every`, in real time; state lives in rows, not here."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Parts:
    """What every service is built from."""

    settings: Settings
    database: Database
    bus: EventBus
    clock: Clock
    keys: Keys


@dataclass(frozen=True)
class Service:
    """One service, wired: what it serves, what it handles and what it does on the clock."""

    name: ServiceName
    routers: Sequence[APIRouter] = ()
    events: dict[type[Event], EventHandler] = field(default_factory=dict)
    tasks: dict[str, TaskHandler] = field(default_factory=dict)
    jobs: Sequence[Job] = ()
    start: Callable[[], Awaitable[None]] | None = None
    """Called once, after migrations and before any event is handled."""
    stop: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True)
class Recipe:
    """How a service is built: its name, its schema, the folder of its templates and styles, and its wiring."""

    name: ServiceName
    schema: Schema
    folder: Path
    build: Callable[[Parts], Service]
