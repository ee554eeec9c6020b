-- Gives a chunk back its rows; one that is not compressed is left as it is.
select "{schema}".decompress_chunk(
    %(chunk)s::regclass, if_compressed => true)
