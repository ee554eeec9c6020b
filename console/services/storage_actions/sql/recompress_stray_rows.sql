-- Before 2.14 only the rows that came since can be put into a compressed chunk.
call "{schema}".recompress_chunk(
    %(chunk)s::regclass, if_not_compressed => true)
