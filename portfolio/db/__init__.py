"""The database: portfolio, audit trail of imports, stored runs. SQLite by default, PostgreSQL by URL."""
