"""What of a pane is in a recording, and what is read of one that another version has made."""

import pytest

from console.errors import Unsupported
from console.panes.overview.service import Seen
from console.recorded import RECORDED
from console.services.history.models import Part
from tests.panes.overview.looks import pulses

OVERVIEW = next(pane for pane in RECORDED if pane.name == "overview")


def test_what_is_no_longer_shown_is_left_out_and_what_is_missing_is_not_made_up() -> None:
    seen = OVERVIEW.packed(Seen([], None, pulses()))
    known = b'"in_recovery":false'
    older = Part(seen.body.replace(known, known + b',"read_only_by_default":true'))
    assert older != seen
    assert OVERVIEW.packed(OVERVIEW.unpacked(older)) == seen
    with pytest.raises(Unsupported, match="Another version"):
        OVERVIEW.unpacked(Part(seen.body.replace(known + b",", b"")))
