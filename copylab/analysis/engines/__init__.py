"""Engines: where tables lie and are summed up, one file an engine.

DuckDB is built in and reads files; PostgreSQL and Spark are reached through Ibis. The
SQL is written once, in DuckDB's words; ``dialect`` says it in another engine's.
"""
