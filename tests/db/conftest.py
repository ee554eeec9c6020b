"""The server of these tests; `on_both` adds 15 where the version plays a part."""

from tests.migrate.conftest import cluster as cluster
