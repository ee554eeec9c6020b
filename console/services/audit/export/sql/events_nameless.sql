-- The same for a role that may not read users: nobody has a name.
select null::text as username,
       /* include columns */
  /* include window_nameless */
   /* include console.services.audit/conditions */
 order by a.created_at, a.id
