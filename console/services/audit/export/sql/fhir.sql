-- Events as FHIR R4 AuditEvents, one on each line. No property may be null or empty there. COPY doubles each backslash
-- and changes nothing else.
--
--   id, recorded     id and created_at, UTC to the microsecond
--   meta.security    MASKED (v3-ObservationValue), or R (v3-Confidentiality) where patients are named
--   type (DCM)       LOGIN, LOGOUT, LOGIN_FAILED 110114 User Authentication; SEARCH 110112 Query; EXPORT 110106 Export;
--                    BREAK_GLASS, ACCESS_DENIED, CONFIG_CHANGE 110113 Security Alert; else 110110 Patient Record where
--                    a patient is concerned, 110100 Application Activity where none is
--   subtype          Login 110122, Logout 110123, Emergency Override Started 110127, Security Configuration 110129;
--                    and always our own action, urn:emr-platform:audit-action
--   action           INSERT C; VIEW, REVEAL, EXPORT R; UPDATE U; DELETE D; everything else E
--   outcome          4 (minor failure) for LOGIN_FAILED, ACCESS_DENIED, EMR_VERIFY_FAILED and metadata.outcome FAILED;
--                    else 0 (success)
--   purposeOfEvent   BTG (v3-ActReason) for BREAK_GLASS
--   agent            the user (requestor, by users.id, with the address it came from), and the program where it is known
--   source           the database as observer; Application Server (security-source-type 4)
--   entity           the patient (Person, role Patient: Patient/<patients.id>, or the id in the EMR), after the thing it
--                    was about where that is another one (System Object, role Domain Resource); the details request,
--                    session, changes, metadata, emr_context and omitted_bytes belong to the first of them
select json_strip_nulls(json_build_object(
           'resourceType', 'AuditEvent',
           'id', f.id,
           'meta', case when %(masked)s
                   then '{"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
                                        "code": "MASKED", "display": "masked"}]}'::json
                   else '{"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
                                        "code": "R", "display": "restricted"}]}'::json end,
           'type', json_build_object('system', 'http://dicom.nema.org/resources/ontology/DCM', 'code', f.type,
               'display', case f.type when '110100' then 'Application Activity' when '110106' then 'Export'
                          when '110110' then 'Patient Record' when '110112' then 'Query'
                          when '110113' then 'Security Alert' else 'User Authentication' end),
           'subtype', case when f.subtype is null then json_build_array(f.own)
                      else json_build_array(f.subtype, f.own) end,
           'action', f.crude,
           'recorded', f.at,
           'outcome', case when f.action in ('LOGIN_FAILED', 'ACCESS_DENIED', 'EMR_VERIFY_FAILED')
                             or f.metadata ->> 'outcome' = 'FAILED' then '4' else '0' end,
           'purposeOfEvent', case f.action when 'BREAK_GLASS'
                   then '[{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
                                       "code": "BTG", "display": "break the glass"}]}]'::json end,
           'agent', case when f.program is null then json_build_array(f.person)
                    else json_build_array(f.person, json_build_object(
                        'type', '{"coding": [{"system": "http://dicom.nema.org/resources/ontology/DCM",
                                              "code": "110150", "display": "Application"}]}'::json,
                        'name', f.program, 'requestor', false)) end,
           'source', json_build_object(
               'observer', json_build_object('display', current_database()),
               'type', '[{"system": "http://terminology.hl7.org/CodeSystem/security-source-type", "code": "4",
                          "display": "Application Server"}]'::json),
           'entity', case
               when f.entity_type = 'PATIENT' then json_build_array(json_build_object(
                   'what', f.patient_what, 'type', f.a_person, 'role', f.a_patient, 'detail', f.detail))
               when f.patient_what is null then json_build_array(f.object)
               else json_build_array(f.object, json_build_object(
                   'what', f.patient_what, 'type', f.a_person, 'role', f.a_patient)) end
       ))
  from (
    select e.id, e.at, e.action, e.entity_type, e.metadata, nullif(btrim(e.user_agent), '') as program,
           case when e.action in ('LOGIN', 'LOGOUT', 'LOGIN_FAILED') then '110114'
                when e.action = 'SEARCH' then '110112'
                when e.action = 'EXPORT' then '110106'
                when e.action in ('BREAK_GLASS', 'ACCESS_DENIED', 'CONFIG_CHANGE') then '110113'
                when e.entity_type = 'PATIENT' or e.patient is not null then '110110'
                else '110100' end as type,
           case e.action
                when 'LOGIN' then '{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110122",
                                    "display": "Login"}'::json
                when 'LOGIN_FAILED' then '{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110122",
                                           "display": "Login"}'::json
                when 'LOGOUT' then '{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110123",
                                     "display": "Logout"}'::json
                when 'BREAK_GLASS' then '{"system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110127",
                                          "display": "Emergency Override Started"}'::json
                when 'CONFIG_CHANGE' then '{"system": "http://dicom.nema.org/resources/ontology/DCM",
                                            "code": "110129", "display": "Security Configuration"}'::json
           end as subtype,
           json_build_object('system', 'urn:emr-platform:audit-action', 'code', e.action) as own,
           case e.action when 'INSERT' then 'C' when 'UPDATE' then 'U' when 'DELETE' then 'D' when 'VIEW' then 'R'
                         when 'REVEAL' then 'R' when 'EXPORT' then 'R' else 'E' end as crude,
           json_build_object(
               'who', json_build_object(
                   'identifier', json_build_object('system', 'urn:emr-platform:user', 'value', e.user_id),
                   'display', nullif(btrim(e.username), '')),
               'name', nullif(btrim(e.username), ''),
               'requestor', true,
               'network', case when btrim(e.ip) <> '' then json_build_object(
                   'address', e.ip, 'type', case when e.ip ~ '^[0-9a-fA-F:./]+$' then '2' end) end
           ) as person,
           case when e.entity_type = 'PATIENT' and e.entity_id <> '00000000-0000-0000-0000-000000000000'
                  or btrim(e.patient) <> ''
                then json_build_object(
                    'reference', case when e.entity_type = 'PATIENT'
                                       and e.entity_id <> '00000000-0000-0000-0000-000000000000'
                                      then 'Patient/' || e.entity_id end,
                    'identifier', case when btrim(e.patient) <> '' then json_build_object(
                        'system', 'urn:emr-platform:emr' || coalesce(':' || e.system, ''), 'value', e.patient) end)
           end as patient_what,
           '{"system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "1",
             "display": "Person"}'::json as a_person,
           '{"system": "http://terminology.hl7.org/CodeSystem/object-role", "code": "1",
             "display": "Patient"}'::json as a_patient,
           json_build_object(
               'what', case when e.entity_id <> '00000000-0000-0000-0000-000000000000' then json_build_object(
                   'identifier', json_build_object('system', 'urn:emr-platform:entity', 'value', e.entity_id)) end,
               'type', '{"system": "http://terminology.hl7.org/CodeSystem/audit-entity-type", "code": "2",
                         "display": "System Object"}'::json,
               'role', '{"system": "http://terminology.hl7.org/CodeSystem/object-role", "code": "4",
                         "display": "Domain Resource"}'::json,
               'name', nullif(btrim(e.entity_type), ''),
               'detail', d.detail
           ) as object,
           d.detail
      from e
     cross join lateral (
        select ('[' || concat_ws(',',
                   json_build_object('type', 'request', 'valueString', e.request_id),
                   case when e.session_id is not null
                        then json_build_object('type', 'session', 'valueString', e.session_id) end,
                   case when e.changes is not null and e.changes::text <> '{}'
                        then json_build_object('type', 'changes', 'valueString', e.changes::text) end,
                   case when e.metadata is not null
                        then json_build_object('type', 'metadata', 'valueString', e.metadata::text) end,
                   case when e.context is not null
                        then json_build_object('type', 'emr_context', 'valueString', e.context::text) end,
                   case when e.omitted_bytes > 0
                        then json_build_object('type', 'omitted_bytes', 'valueString', e.omitted_bytes::text) end
               ) || ']')::json as detail
     ) as d
  ) as f
