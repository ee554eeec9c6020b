-- What a TimescaleDB job table holds, and what lies outside Python's years.
select '-infinity'::timestamptz as never, 'infinity'::timestamp as forever, '-infinity'::date as no_day,
       '4714-11-24 00:00:00+00 BC'::timestamptz as long_ago, '2026-01-02 03:04:05+00'::timestamptz as once
