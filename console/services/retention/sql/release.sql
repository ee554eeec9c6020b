-- Releases a hold; somebody else may have done so a moment before.
update emr_console.hold
   set released_at = clock_timestamp(), released_by = %(released_by)s, released_as = session_user,
       release_reason = %(reason)s
 where id = %(id)s and released_at is null
