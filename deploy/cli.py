"""The command line: `heedline …`."""

from __future__ import annotations

import asyncio
import getpass
import logging
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from deploy import deadletters, duty, hints, import_reports, people, places, rules, sample
from deploy.bench.runner import run_bench
from deploy.demo.run import run_demo
from deploy.demo.smoke import run_smoke
from deploy.kafka import topics as kafka_topics
from deploy.kafka.broker import LocalKafka, why_not
from deploy.partners.sending import Intake
from deploy.watch.commands import app as watch_app
from services.intake.app import RECIPE as INTAKE
from services.notify.app import RECIPE as NOTIFY
from services.notify.handlers.change_key import LONGEST_OVERLAP, OVERLAP
from services.triage.app import RECIPE as TRIAGE
from services.triage.rules.rule_table import RuleTable
from shared.contracts.vocabulary import Role, ServiceName
from shared.crypto import generate_key
from shared.database import Database
from shared.events.tables import EVENTS_SCHEMA
from shared.identity.actor import Scope
from shared.identity.limits import DEFAULT_PER_DAY, DEFAULT_PER_MINUTE, LARGEST, Limits
from shared.migrations import upgrade
from shared.observability import configure_logging
from shared.places.tables import PLACES_SCHEMA
from shared.runner import open_database, run
from shared.service import Recipe
from shared.settings import PREFIX, SettingError, Settings, load_settings

RECIPES: dict[ServiceName, Recipe] = {recipe.name: recipe for recipe in (INTAKE, TRIAGE, NOTIFY)}

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Takes reports of harm to children, and pages until a human has acknowledged.",
    pretty_exceptions_enable=False,
)
topics_app = typer.Typer(no_args_is_help=True, help="Kafka's topics: create, check, lag.")
keys_app = typer.Typer(no_args_is_help=True, help="Keys of the installation, and API keys.")
people_app = typer.Typer(no_args_is_help=True, help="Accounts of people.")
duty_app = typer.Typer(no_args_is_help=True, help="Who is on duty when.")
places_app = typer.Typer(no_args_is_help=True, help="Administrative units: changes and history.")
hints_app = typer.Typer(no_args_is_help=True, help="What the words of a report hint at.")
rules_app = typer.Typer(no_args_is_help=True, help="Rule tables: export, check, import as a draft.")
app.add_typer(topics_app, name="topics")
app.add_typer(keys_app, name="keys")
app.add_typer(people_app, name="people")
app.add_typer(duty_app, name="duty")
app.add_typer(places_app, name="places")
app.add_typer(hints_app, name="hints")
app.add_typer(rules_app, name="rules")
app.add_typer(watch_app, name="watch")

console = Console()


class Which(StrEnum):
    """What to serve."""

    INTAKE = "intake"
    TRIAGE = "triage"
    NOTIFY = "notify"
    ALL = "all"


def main() -> None:
    """Run the command line; a wrong setting is one sentence and exit status 2.

    Logs go to standard error, so that a script reads from standard output what a command prints and nothing else.
    """
    configure_logging(level=logging.WARNING)
    try:
        app()
    except SettingError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


@app.command()
def serve(
    which: Annotated[Which, typer.Argument(help="One service, or all of them in one process.")] = Which.ALL,
) -> None:
    """Serve until SIGTERM. The embedded database is migrated first; another must be current."""
    recipes = list(RECIPES.values()) if which is Which.ALL else [RECIPES[ServiceName(which.value)]]
    raise typer.Exit(run(recipes, sample.extras))


@app.command()
def migrate() -> None:
    """Bring the schemas of every service and of the event queue to their newest version."""

    async def work(_settings: Settings, database: Database) -> None:
        schemas = [EVENTS_SCHEMA, PLACES_SCHEMA, *(recipe.schema for recipe in RECIPES.values())]
        await upgrade(database, *schemas)
        console.print("Schemas are current: " + ", ".join(schema.name for schema in schemas))

    _with_database(work)


@topics_app.command("apply")
def topics_apply(
    replication: Annotated[int, typer.Option(help="Copies of each partition; 3 on a cluster.")] = 1,
) -> None:
    """Create the topics that are missing and set how long they keep events."""
    for line in kafka_topics.apply(_kafka_servers(), replication=replication) or ["Nothing to do."]:
        console.print(line)


@topics_app.command("verify")
def topics_verify() -> None:
    """Check the topics; exit 1 and say what is wrong."""
    problems = kafka_topics.verify(_kafka_servers())
    for problem in problems:
        console.print(problem)
    if problems:
        raise typer.Exit(1)
    console.print("Every topic is as it should be.")


@topics_app.command("lag")
def topics_lag() -> None:
    """Show how far each service is behind."""
    table = Table("service", "topic", "partition", "read up to", "end", "lag")
    for row in kafka_topics.lag(_kafka_servers()):
        table.add_row(
            row.group, row.topic, *(str(value) for value in (row.partition, row.committed, row.end, row.behind))
        )
    console.print(table)


@keys_app.command("generate")
def keys_generate() -> None:
    """Print a new key for ENCRYPTION_KEYS, INDEX_KEY, SESSION_KEY or SERVICE_KEY."""
    print(generate_key())


@keys_app.command("create")
def keys_create(
    name: Annotated[str, typer.Argument(help="Who will use the key, for instance the partner's name.")],
    scope: Annotated[list[Scope], typer.Option(help="What the key may do; repeat for several.")],
    per_minute: Annotated[int, typer.Option(min=1, max=LARGEST, help="Requests a minute.")] = DEFAULT_PER_MINUTE,
    per_day: Annotated[int, typer.Option(min=1, max=LARGEST, help="Requests a day.")] = DEFAULT_PER_DAY,
) -> None:
    """Create an API key and print it once; only its hash is kept."""
    limits = Limits(per_minute, per_day)

    async def work(settings: Settings, database: Database) -> None:
        print(await people.create_api_key(settings, database, name=name, scopes=scope, limits=limits))

    _with_database(work)


@keys_app.command("list")
def keys_list() -> None:
    """List the API keys: id, name, scopes, limits; never a secret."""

    async def work(_settings: Settings, database: Database) -> None:
        table = Table("id", "name", "scopes", "a minute", "a day", "secrets", "disabled")
        for kept in await people.api_keys_of(database):
            limits = (kept.key.limits.per_minute, kept.key.limits.per_day)
            numbers = ["none" if limit is None else str(limit) for limit in limits]
            scopes = ", ".join(sorted(kept.key.scopes))
            disabled = "yes" if kept.disabled else ""
            table.add_row(str(kept.key.id), kept.key.name, scopes, *numbers, str(len(kept.secrets)), disabled)
        console.print(table)

    _with_database(work)


@keys_app.command("rotate")
def keys_rotate(
    key_id: Annotated[UUID, typer.Argument(help="The key's id, as `heedline keys list` shows it.")],
    overlap_days: Annotated[
        int, typer.Option(min=0, max=LONGEST_OVERLAP.days, help="Days for which the old secret stays valid.")
    ] = OVERLAP.days,
) -> None:
    """Give a key a second secret and print it once; the old one ends after the overlap."""

    async def work(settings: Settings, database: Database) -> None:
        print(await people.rotate_api_key(settings, database, key_id, overlap=timedelta(days=overlap_days)))

    _with_database(work)


@keys_app.command("revoke")
def keys_revoke(
    key_id: Annotated[UUID, typer.Argument(help="The key's id, as `heedline keys list` shows it.")],
) -> None:
    """Stop a key and all its secrets at once."""

    async def work(settings: Settings, database: Database) -> None:
        await people.revoke_api_key(settings, database, key_id)
        print("The key is revoked; a service that runs elsewhere follows within seconds.")

    _with_database(work)


@people_app.command("invite")
def people_invite(
    login: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[list[Role], typer.Option(help="What the person may do; repeat for several.")],
    name: Annotated[str, typer.Option(help="The person's name as colleagues see it.")],
    team: Annotated[list[str] | None, typer.Option(help="Codes of the person's teams, as social-9190.")] = None,
    phone: Annotated[str, typer.Option(help="Where the person is paged, once they have proved it at /me.")] = "",
) -> None:
    """Create an account and print the link with which its person chooses a password: once, within 72 hours."""

    async def work(settings: Settings, database: Database) -> None:
        invited = people.Invited(login, name, frozenset(role), tuple(team or ()), phone)
        print(await people.invite(settings, database, invited))

    _with_database(work)


@people_app.command("list")
def people_list() -> None:
    """List the accounts: who may sign in, as what, and whether they are reached."""

    async def work(_settings: Settings, database: Database) -> None:
        table = Table("login", "roles", "teams", "contacts", "disabled")
        for row in await people.accounts_of(database):
            lists = (row.roles, row.team_codes, row.contacts)
            table.add_row(row.login, *(", ".join(one) for one in lists), "yes" if row.disabled else "")
        console.print(table)

    _with_database(work)


@places_app.command("import")
def places_import(
    file: Annotated[Path, typer.Argument(help="CSV of units; docs/operations.md says how to write it.")],
    apply: Annotated[bool, typer.Option("--apply", help="Write the changes; without it they are only shown.")] = False,  # noqa: FBT002 - a flag
    by: Annotated[str, typer.Option(help="Who imports; by default the user of this machine.")] = "",
) -> None:
    """Show what a file of administrative units would change, and change it with --apply; exit 1 if a row is wrong."""

    async def work(settings: Settings, database: Database) -> None:
        outcome = await places.import_file(settings, database, file, by=by or getpass.getuser(), apply=apply)
        places.show_import(console, outcome)
        if outcome.plan.errors:
            raise typer.Exit(1)

    _with_database(work)


@places_app.command("show")
def places_show(
    wanted: Annotated[
        str, typer.Argument(metavar="CODE|NAME", help="A national code, or a name with or without marks.")
    ],
) -> None:
    """Show what a code or a name has meant, from when to when, and what it became."""

    async def work(_settings: Settings, database: Database) -> None:
        if not await places.show(console, database, wanted):
            console.print("No unit has this code or name.")
            raise typer.Exit(1)

    _with_database(work)


@duty_app.command("import")
def duty_import(
    file: Annotated[
        Path | None, typer.Argument(help="CSV (UTF-8, comma or semicolon), a turn a row; docs/operations.md.")
    ] = None,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Write the turns; without it they are only shown.")] = False,
    template: Annotated[Path | None, typer.Option(help="Write an empty CSV with every column.")] = None,
    language: Annotated[str, typer.Option(help="Of the messages about rows: vi or en.")] = "vi",
) -> None:
    """Show which turns of duty a file adds, and add them with --apply; exit 1 if a row is wrong, and none is added."""
    if template is not None:
        duty.write_template(template)
        return
    if file is None:
        raise SettingError("A file is missing: name a CSV of duty, or write an empty one with --template FILE.")

    async def work(settings: Settings, database: Database) -> None:
        outcome = await duty.import_file(settings, database, file, apply=apply)
        duty.show_import(console, outcome, language)
        if outcome.faults:
            raise typer.Exit(1)

    _with_database(work)


@rules_app.command("export")
def rules_export(
    version: Annotated[str | None, typer.Argument(help="A version; the one in force when left out.")] = None,
) -> None:
    """Print a version of the rule table as a file (TOML)."""

    async def work(_settings: Settings, database: Database) -> None:
        print(await rules.export(database, version), end="")

    _with_database(work)


@hints_app.command("measure")
def hints_measure() -> None:
    """Print precision and recall of the hints on the sample reports and on labelled ones, those held out apart."""
    for table in hints.tables(hints.measure()):
        console.print(table)


@rules_app.command("check")
def rules_check(file: Annotated[Path, typer.Argument(help="A rule table as `export` prints it.")]) -> None:
    """Check a rule table; exit 1 and name each wrong field. Needs no database."""
    console.print(f"{_rule_table(file).version} may be imported.")


@rules_app.command("import")
def rules_import(
    file: Annotated[Path, typer.Argument(help="A rule table as `export` prints it.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show the differences.")] = False,
) -> None:
    """Show what a file changes and keep it as a draft; two people then put it into force at /rules."""
    table = _rule_table(file)

    async def work(_settings: Settings, database: Database) -> None:
        shown = Table("field", "in force", table.version)
        changes = await rules.changes_of(database, table)
        for row in changes:
            shown.add_row(*row)
        console.print(shown if changes else "Nothing differs from the version in force.")
        if not dry_run:
            await rules.import_draft(database, table)
            console.print(f"{table.version} is a draft: replay and propose it at /rules/{table.version}.")

    try:
        _with_database(work)
    except rules.RulesRefusedError as error:
        _refuse(error)


def _rule_table(file: Path) -> RuleTable:
    try:
        return rules.table_of(file)
    except rules.RulesRefusedError as error:
        _refuse(error)


def _refuse(error: Exception) -> NoReturn:
    print(error, file=sys.stderr)
    raise typer.Exit(1)


class Tongue(StrEnum):
    """The language of messages about rows."""

    VI = "vi"
    EN = "en"


@app.command("import")
def import_file(
    file: Annotated[
        Path | None, typer.Argument(help="CSV (UTF-8, comma or semicolon) or XLSX, a report a row.")
    ] = None,
    *,
    url: Annotated[str, typer.Option(help="Where intake is; by default this machine.")] = "",
    key: Annotated[
        str, typer.Option(envvar=f"{PREFIX}IMPORT_KEY", help="A key with the scope reports:write.", show_default=False)
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row and send nothing.")] = False,
    template: Annotated[Path | None, typer.Option(help="Write an empty CSV or XLSX with every column.")] = None,
    language: Annotated[Tongue, typer.Option(help="Of the messages about rows.")] = Tongue.VI,
) -> None:
    """Send a file of reports to intake with a partner's key; sent again, it changes nothing.

    Exit 1: some rows are wrong and listed in FILE.errors.csv. Exit 3: the connection was lost; run it again.
    """
    if template is not None:
        import_reports.make_template(console, template)
        return
    if file is None:
        raise SettingError("A file is missing: name a CSV or XLSX of reports, or write one with --template FILE.")
    settings = load_settings()
    if dry_run:
        tally = import_reports.check_file(console, file, settings.clock, language.value)
    else:
        with Intake(url or f"http://127.0.0.1:{settings.port}", key, language.value) as intake:
            tally = import_reports.send_file(console, file, intake, language.value)
    import_reports.show_tally(console, file, tally)
    raise typer.Exit(tally.exit_code)


@app.command("deadletters")
def dead_letters(limit: Annotated[int, typer.Option(help="How many, newest first.")] = 50) -> None:
    """List what could not be handled, with the reason; never its content."""

    async def work(_settings: Settings, database: Database) -> None:
        table = Table("id", "queue", "topic or task", "reason", "tries", "set aside at (UTC)")
        for row in await deadletters.newest(database, limit):
            table.add_row(*row)
        console.print(table)

    _with_database(work)


@app.command()
def replay(
    ids: Annotated[list[int], typer.Argument(help="Ids of dead letters, as `heedline deadletters` lists them.")],
) -> None:
    """Put dead letters back into their queue, to be handled once more."""

    async def work(_settings: Settings, database: Database) -> None:
        back = await deadletters.replay(database, ids)
        console.print(f"{back} put back.")
        if back < len(set(ids)):
            console.print("The others are not dead letters (any more): list them with `heedline deadletters`.")
            raise typer.Exit(1)

    _with_database(work)


def _with_database(work: Callable[[Settings, Database], Awaitable[None]]) -> None:
    async def opened() -> None:
        settings = load_settings()
        async with open_database(settings) as database:
            await work(settings, database)

    asyncio.run(opened())


def _kafka_servers() -> str:
    servers = load_settings().kafka_bootstrap_servers
    if servers is None:
        raise SettingError(f"{PREFIX}KAFKA_BOOTSTRAP_SERVERS is missing: write the brokers as host:port,host:port.")
    return servers


@app.command()
def demo() -> None:
    """Show the product: everything on this machine, invented people, a page of phones. Ctrl-C stops it."""
    raise typer.Exit(run_demo())


@app.command()
def smoke() -> None:
    """Do the main job unattended on an empty database, over PostgreSQL and, where it can be started, Kafka."""
    passed = run_smoke(kafka=None, split=False, console=console)
    reason = why_not()
    if reason is not None:
        console.print(f"Not run over Kafka: {reason}")
        if os.environ.get("CI") == "true":
            passed = False
        raise typer.Exit(0 if passed else 1)
    with tempfile.TemporaryDirectory(prefix="hlkafka", ignore_cleanup_errors=True) as directory:
        broker = LocalKafka(Path(directory))
        broker.start()
        try:
            kafka_topics.apply(broker.servers)
            passed = run_smoke(kafka=broker.servers, split=True, console=console) and passed
        finally:
            broker.stop()
    raise typer.Exit(0 if passed else 1)


@app.command()
def bench() -> None:
    """Measure latency and throughput on this machine; one JSON object a line (BENCH=full: longer)."""
    raise typer.Exit(run_bench())
