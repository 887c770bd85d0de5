"""Engines that run what `spend.columns` expresses: DuckDB in this process, PostgreSQL and Spark where one has them."""
