"""The actions of `emr-console audit`, one a module."""
