"""The sample organisation of demonstrations and checks, loaded at start when SAMPLE_DATA asks for it."""

from __future__ import annotations

from deploy.demo import accounts as demo_accounts
from deploy.demo.organisation import PEOPLE, TEAMS
from deploy.demo.proxy import phones_proxy
from deploy.demo.rotations import SECONDS, plan_rotations
from services.notify.handlers.load_organisation import load_organisation, load_people
from services.triage.handlers.set_coverage import set_coverage
from shared.contracts.vocabulary import ServiceName
from shared.runner import Extras
from shared.service import Parts
from shared.settings import Settings

ACCOUNTS_FILE = "demo-accounts.json"


def extras(settings: Settings) -> Extras:
    """Return what the sample data adds to a process; nothing without it."""
    if settings.sample_data is None:
        return Extras()
    return Extras(routers=[phones_proxy(settings.twilio_api_base)], prepare=prepare)


async def prepare(parts: Parts, names: frozenset[ServiceName]) -> None:
    """Load the sample organisation into the services of this process; changes nothing at a later start."""
    if ServiceName.TRIAGE in names:
        await set_coverage(parts.database, {team.unit_code for team in TEAMS if team.unit_code is not None})
    if ServiceName.NOTIFY in names:
        async with parts.database.transaction() as connection:
            now = parts.clock.now()
            await load_people(connection, SECONDS, now)
            await load_organisation(connection, TEAMS, PEOPLE, now)
            await plan_rotations(connection, now)
        await demo_accounts.load(parts, parts.settings.data_dir / ACCOUNTS_FILE)
