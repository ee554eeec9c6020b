"""Services are tried on databases that climb the migrations."""

from tests.schema.conftest import ladder as ladder
