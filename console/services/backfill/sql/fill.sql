-- One batch: the next tasks along the primary key, or those that others had locked when we came by. The walk is over all
-- tasks and not over the empty ones, so that a statement reads no more than its batch, however many are filled already or
-- locked. A row that somebody is writing is skipped and named. More than one patient is possible only where the unique
-- constraint is missing; then nobody is chosen.
with walked as materialized (
    (select t.id, t.patient_uuid is null as empty
       from tasks t
      where %(ids)s::uuid[] is null and t.id >= %(first)s
      order by t.id
      limit %(batch)s)
    union all
    select t.id, t.patient_uuid is null from tasks t where t.id = any(%(ids)s::uuid[])
), held as materialized (
    select t.id, t.emr_system, t.patient_id, t.vector_clock_timestamp
      from walked w
      join tasks t on t.id = w.id
     where w.empty and t.patient_uuid is null
       for no key update of t skip locked
), found as materialized (
    select h.id, h.vector_clock_timestamp, count(p.id) as patients, (array_agg(p.id))[1] as patient,
           bool_or(p.deleted_at is not null) as deleted
      from held h
      left join patients p on p.emr_system = h.emr_system and p.emr_patient_id = h.patient_id
     group by h.id, h.vector_clock_timestamp
), filled as (
    update tasks t
       set patient_uuid = f.patient
      from found f
     where t.id = f.id and f.patients = 1
    returning f.deleted, t.vector_clock_timestamp <> f.vector_clock_timestamp as moved
)
select (select count(*) from walked) as walked,
       (select w.id from walked w order by w.id desc limit 1) as last,
       count(*) as matched,
       count(*) filter (where deleted) as deleted,
       count(*) filter (where moved) as moved,
       array(select f.id from found f where f.patients = 0) as unmatched,
       array(select f.id from found f where f.patients > 1) as ambiguous,
       array(select w.id from walked w where w.empty except select h.id from held h) as locked
  from filled
