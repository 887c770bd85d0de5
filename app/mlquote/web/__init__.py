"""The HTTP door. FastAPI lives here and nowhere else."""
