-- What handovers say about patients, by record number.
select i.id
  from public.handover_items i
 where i.patient_mrn = any (%(mrns)s::text[])
