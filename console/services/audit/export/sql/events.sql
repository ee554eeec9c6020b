-- The events of one window of an export, in the order in which they happened.
select u.username::text as username,
       /* include columns */
  /* include window */
   /* include console.services.audit/conditions */
 order by a.created_at, a.id
