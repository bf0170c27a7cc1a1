"""Conditions: the fields and operators that rules may name, how they are read, and the index that finds them."""
