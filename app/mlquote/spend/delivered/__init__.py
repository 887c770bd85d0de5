"""Files as tools deliver them: one module a format, saying how it is known, what one call is and what it holds.

Every format gives the records of `records.py`; `sources.py` lists the formats and tells one from another, and `walk.py`
reads a whole file.
"""
