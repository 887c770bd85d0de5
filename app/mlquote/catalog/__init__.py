"""What we know, since when, from whom: rows, releases, snapshots, and how two releases differ."""
