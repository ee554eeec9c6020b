-- The texts that were applied, for the migrations that are to be rolled back or verified without their files.
select version, down_text, verify_text from emr_console.migration where version = any(%(versions)s)
