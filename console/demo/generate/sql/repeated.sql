-- Whether the rows of a seed are there already: its first department has a code that no other seed gives.
SELECT EXISTS (SELECT FROM departments WHERE code = %(code)s) AS repeated
