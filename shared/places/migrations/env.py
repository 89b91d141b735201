from shared.migrations import run_migrations
from shared.places.tables import METADATA

run_migrations(METADATA)
