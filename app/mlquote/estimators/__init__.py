"""What will it cost? One question per file: the question, the answer, and the function between."""
