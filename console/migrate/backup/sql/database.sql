-- What is to be backed up, its size, and how a database for its restore has to be made. Before PostgreSQL 15.
select /* include made */ as options,
       /* include database */
