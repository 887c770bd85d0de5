"""One file per subject; a route is: question in, one call, answer out."""
