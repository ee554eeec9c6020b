"""The actions of `emr-console migrate`, one a module."""
