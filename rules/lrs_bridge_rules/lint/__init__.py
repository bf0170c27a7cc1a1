"""Lints: what a ruleset says that its author can hardly mean, each said with its place, its reason and a way out."""
