"""A Hugging Face config.json read as sizes, family by family."""
