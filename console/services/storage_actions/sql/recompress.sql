-- Compresses a chunk anew, with the table's settings of today and the rows that came since.
select "{schema}".compress_chunk(
    %(chunk)s::regclass,
    if_not_compressed => true, recompress => true)
