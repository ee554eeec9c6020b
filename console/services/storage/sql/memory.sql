-- The server's own cache: the indexes of the chunk that takes today's rows should have room in it.
select pg_size_bytes(current_setting('shared_buffers')) as shared_buffers
