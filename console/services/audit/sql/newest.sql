-- The newest row, where one is dated ahead of the server's clock: whoever writes a row chooses its moment. The index of
-- what is ahead of us tells it: of a few partitions, and of DEFAULT. Rows from the end of year 9999 on, which no clock of
-- ours can say, are told apart: they would otherwise hide how far ahead all others are.
select (select max(a.created_at)
          from public.audit_logs a
         where a.created_at > %(now)s::timestamptz
           and a.created_at < '9999-12-30 00:00:00+00'::timestamptz) as newest,
       exists (select
                 from public.audit_logs a
                where a.created_at >= '9999-12-30 00:00:00+00'::timestamptz
                  and a.created_at > %(now)s::timestamptz) as beyond
