"""Facts in, derived rows out: everything that is kept, on SQLite and on PostgreSQL alike.

The way of one statement through here: `ingest` (a page becomes rows, learners become due) → `due` (learners are
claimed) → `load` (rows become facts) → the plan of the domain → `apply` (only differences become rows) → `outbox`.
What people decide comes in through small functions over one connection: `people`, `contracts`, `agendas`, ….
"""
