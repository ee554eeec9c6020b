-- One more seal; two runners cannot both write the same number.
insert into emr_console.seal (
    table_name, number, day, rows, content, previous, seal, format, marks, sealed_at, sealed_by
) values (
    %(table_name)s, %(number)s, %(day)s, %(rows)s, %(content)s, %(previous)s, %(seal)s, %(format)s, %(marks)s,
    %(sealed_at)s, %(sealed_by)s
)
