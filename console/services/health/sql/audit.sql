-- Whether the audit tables, with every partition of theirs, can only grow: triggers, rights, owners.
with recursive
/* include audit_inherited */,
relation as (
    select * from inherited
),
/* include audit */
