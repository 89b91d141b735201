from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.partners.site import Site, running_site
from tests.support.postgres import Postgres


@pytest.fixture
def site(postgres: Postgres) -> Iterator[Site]:
    with running_site(postgres) as running:
        yield running
