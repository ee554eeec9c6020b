"""Advice on one divided table: how its chunks are cut and compressed, with what another choice would come to."""
