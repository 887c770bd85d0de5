"""Pictures by URL: a question asked at its own address, its answer drawn, and PNGs made beside the service."""
