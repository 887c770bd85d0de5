"""The storeroom: pricing_data/ files and the database. SQLAlchemy lives here and nowhere else."""
