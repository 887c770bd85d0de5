"""An answer as a picture: which panels tell it, what it says in a sentence, and where its figures come from."""
