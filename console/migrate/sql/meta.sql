-- How far the ledger's own tables are, and the flavour that was chosen for this database.
select version, flavour from emr_console.meta
