"""mlquote_client: what does this model cost? An mlquote service asked from Python, its answers typed."""

from mlquote_client.async_client import AsyncClient
from mlquote_client.client import Client
from mlquote_client.problems import ClientError, Fault, NoAnswer, Problem, UnexpectedAnswer

__all__ = ["AsyncClient", "Client", "ClientError", "Fault", "NoAnswer", "Problem", "UnexpectedAnswer"]
