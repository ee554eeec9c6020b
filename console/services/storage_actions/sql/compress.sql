-- Compresses a chunk; one that is compressed already is left as it is.
select "{schema}".compress_chunk(
    %(chunk)s::regclass, if_not_compressed => true)
