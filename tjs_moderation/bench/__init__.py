"""The benchmark: what is promised, measured beside its floor in the same sitting."""
