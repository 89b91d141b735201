"""What sibling services may ask notify, for a person whose page needs it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request

from services.notify import store
from services.notify.foreseen import foreseen_chain
from services.notify.queue_view import load_paging
from services.notify.records import NoSuchAlertError
from shared.contracts.preview import Chain, ChainAsked, Names, NamesAsked, Paging
from shared.service import Parts
from shared.web.problems import Problem


def router(parts: Parts) -> APIRouter:
    """Return the routes; the policy lets in only a sibling that acts for an operator or a supervisor."""
    routes = APIRouter(prefix="/internal", include_in_schema=False)

    @routes.post("/oncall")
    async def oncall(asked: ChainAsked) -> Chain:
        async with parts.database.reading() as connection:
            return await foreseen_chain(connection, asked, parts.clock.now())

    @routes.post("/names")
    async def names(asked: NamesAsked) -> Names:
        async with parts.database.reading() as connection:
            return Names(names=await store.names_of(connection, asked.ids))

    @routes.get("/alerts/{report_id}")
    async def paging(request: Request, report_id: UUID) -> Paging:
        try:
            async with parts.database.reading() as connection:
                return await load_paging(connection, report_id, request.state.actor, request.state.view)
        except NoSuchAlertError:
            raise Problem(404, "Not found", "This report has no alert that the person may see.") from None

    return routes
