"""Charts as small SVG of our own: one spec a chart, drawn fluid for a page, or as a picture of a width and a theme."""
