"""Reactions of SQL LRS: what they wait for, as draft rules."""
