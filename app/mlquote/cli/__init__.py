"""The command line's door: parsing, printing, exit codes."""
