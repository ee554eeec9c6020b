"""The keys of the storage pane's lists; actions on chunks, aggregates and retention join them here."""

from console.ui.commands import Command, CommandTable

_GROUP = "Storage"

TABLES: CommandTable = (
    Command(id="storage.define", keys="D", title="definition", action="define", footer=True, group=_GROUP, asks=True,
            row=True, help="all that is known of the table, and the SQL that would make it again"),
    Command(id="storage.advise", keys="a", title="advice", action="advise", footer=True, group=_GROUP, asks=True,
            row=True,
            help="whether its chunks and its compression are well chosen, and what other choices would come to"),
    Command(id="storage.compress_after", keys="C", title="compress after", action="policy('compress')", group=_GROUP,
            row=True, dangerous=True, help="how old chunks of the table are when TimescaleDB compresses them"),
    Command(id="storage.drop_after", keys="X", title="drop after", action="policy('drop')", group=_GROUP, row=True,
            dangerous=True, help="how old chunks of the table are when TimescaleDB drops them"),
    Command(id="storage.ahead", keys="A", title="weeks ahead", action="ahead", group=_GROUP, dangerous=True,
            help="partitions of the audit tables for eight weeks, and rows out of DEFAULT"),
)  # fmt: skip
"""What works in the list of tables."""

CHUNKS: CommandTable = (
    Command(id="chunks.up", keys="escape", title="tables", action="up", footer=True, group=_GROUP,
            help="back to the list of tables"),
    Command(id="chunks.measure", keys="m", title="measure", action="measure", footer=True, group=_GROUP, asks=True,
            row=True, help="exact size and rows of the marked chunks, or of this one; 5 s at the most, esc stops it"),
    Command(id="chunks.compress", keys="C", title="compress", action="change('compress')", footer=True, group=_GROUP,
            row=True, dangerous=True, help="the marked chunks, or this one, one after the other"),
    Command(id="chunks.decompress", keys="O", title="decompress", action="change('decompress')", group=_GROUP, row=True,
            dangerous=True, help="give the marked chunks, or this one, back their rows"),
    Command(id="chunks.recompress", keys="R", title="recompress", action="change('recompress')", group=_GROUP, row=True,
            dangerous=True, help="compress anew, with the table's settings of today and the rows that came since"),
    Command(id="chunks.reindex", keys="I", title="reindex", action="change('reindex')", group=_GROUP, dangerous=True,
            row=True, help="build the indexes of the marked chunks, or of this one, anew, while others go on"),
    Command(id="chunks.drop", keys="X", title="drop to here", action="drop", footer=True, group=_GROUP, dangerous=True,
            row=True, help="this chunk and all that are older; not below the floor, and not under a hold"),
)  # fmt: skip
"""What works in the list of chunks."""

AGGREGATES: CommandTable = (
    Command(id="aggregates.refresh", keys="R", title="refresh now", action="refresh_it", footer=True, group=_GROUP,
            dangerous=True, row=True,
            help="a range of a continuous aggregate, as far as raw rows are there; or the view"),
    Command(id="aggregates.policy", keys="P", title="policy", action="policy", footer=True, group=_GROUP, row=True,
            dangerous=True, help="what TimescaleDB refreshes of a continuous aggregate by itself, and how often"),
)  # fmt: skip
"""What works in the list of aggregates."""

RETENTION: CommandTable = (
    Command(id="retention.hold", keys="H", title="hold", action="hold", footer=True, group=_GROUP, dangerous=True,
            row=True, help="a legal hold: no row of the table is dropped from here, and its retention policy pauses"),
    Command(id="retention.release", keys="L", title="release", action="release", footer=True, group=_GROUP, row=True,
            dangerous=True, help="end a hold; after the last one the retention policy goes on"),
    Command(id="retention.drop_after", keys="X", title="drop after", action="drop_after", footer=True, group=_GROUP,
            row=True, dangerous=True, help="how old chunks of the table are when TimescaleDB drops them"),
)  # fmt: skip
"""What works in the list of what is retained."""
