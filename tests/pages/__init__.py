"""The pages in Debian's Chromium, against a service of their own. `.ci/page` runs them; `make test` leaves them out."""
