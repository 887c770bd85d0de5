"""The OpenAPI file: what FastAPI reads from the routes, made true and whole."""
