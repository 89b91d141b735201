"""`heedline watch` at the command line."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from deploy.watch.run import opened, run_for_ever, run_once
from deploy.watch.settings import load_watch_settings
from deploy.watch.unit import prepare
from shared.observability import configure_logging
from shared.phones import normalise
from shared.runner import open_database
from shared.settings import SettingError, load_settings

app = typer.Typer(
    invoke_without_command=True,
    help="Watch an installation from another machine: raise a test report on a schedule, expect its SMS and its "
    "acknowledgement, and raise the alarm on channels of its own when either is late. Settings: HEEDLINE_WATCH_*.",
)


@app.callback()
def watch(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="One round; exit 1 when it fails.")] = False,
) -> None:
    """Run rounds until SIGTERM."""
    if context.invoked_subcommand is not None:
        return
    settings = load_watch_settings()
    configure_logging()
    if not once:
        run_for_ever(settings)
        return
    with opened(settings) as (one, alarm):
        well = run_once(settings, one, alarm)
    raise typer.Exit(0 if well else 1)


@app.command("prepare")
def watch_prepare(
    phone: Annotated[str, typer.Option(help="The number that test reports page, and that the watch reads.")],
    duty_number: Annotated[str, typer.Option(help="The number to call that its messages name.")] = "111",
) -> None:
    """Make the test unit's team in this installation's database; say it again to change the number."""
    number = normalise(phone)
    if number is None:
        raise SettingError("--phone is wrong: write a number as +84912345678 or 0912345678.")

    async def work() -> None:
        async with open_database(load_settings()) as database:
            await prepare(database, phone=number, duty_number=duty_number)

    asyncio.run(work())
    print(f"Test reports page {number}.")
