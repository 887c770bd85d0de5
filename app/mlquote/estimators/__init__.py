"""What will it cost? One subject a folder: the question, the facts it rests on, the run, and the answer."""
