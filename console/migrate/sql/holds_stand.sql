-- Whether any legal hold stands here.
select exists (select from emr_console.hold where released_at is null) as yes
