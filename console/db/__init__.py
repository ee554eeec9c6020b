"""The only package that speaks to the server: one session, three lanes, the server's facts, errors made ours."""
